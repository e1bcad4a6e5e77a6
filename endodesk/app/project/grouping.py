"""Grouping: which frames stand on one side of a split, and which come from one centre. Kept with the project, used by all its runs."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from endodesk.app.language import tr
from endodesk.app.project.project import Project
from endodesk.data.acts.centre_steps import NO_WORDS, CentreWords, centre_words_of
from endodesk.data.setting_store import CENTRES, text_of
from endodesk.dataset.cases import check_case
from endodesk.dataset.centres import check_centre
from endodesk.dataset.split import DEFAULT_NEAR
from endodesk.domain.case_rules import CASE_FOLDER
from endodesk.domain.centre_rules import NO_CENTRE
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import Sha256

_KEY = "grouping"
_MOST_NEAR = 64
LONGEST_CENTRE = 100


@dataclass(frozen=True, slots=True)
class Grouping:
    """Frames go together that differ in at most `near` of 64 bits, that are of one case, or that a reader merged."""

    near: int = DEFAULT_NEAR
    case: str = CASE_FOLDER
    """What tells a case: one of `endodesk.domain.case_rules`, or a pattern found in the path (see `endodesk.dataset.cases.with_cases`)."""
    centre: str = NO_CENTRE
    """What tells a centre: one of `endodesk.domain.centre_rules`, or a pattern; readers' words go before it (`centre_words`)."""


def grouping_of(project: Project) -> Grouping:
    """What was chosen for the project, else the defaults."""
    return project.database.settings.read(_KEY, _grouping, Grouping())


def _grouping(kept: Any) -> Grouping:
    near, case = kept["near"], text_of(kept["case"])
    centre = text_of(kept.get("centre", NO_CENTRE))  # older programs kept none
    check_case(case)
    check_centre(centre)
    if type(near) is not int or not 0 <= near <= _MOST_NEAR:
        raise ValueError(f"no number of bits: {near!r:.80}")
    return Grouping(near, case, centre)


def keep_grouping(project: Project, grouping: Grouping) -> None:
    """Keep it with the project, for the next check and the next run. EndoDeskError if it could not be written."""
    project.database.settings.set(_KEY, asdict(grouping))


def centre_words(project: Project) -> CentreWords:
    """Centres that readers named, by the content of frames: they hold wherever a frame lies."""
    return project.database.settings.read(CENTRES, centre_words_of, NO_WORDS)


# Why: docs/decisions/dataset.md 19
def name_centre(project: Project, images: Iterable[Sha256], name: str, *, reader: str) -> int:
    """Keep a reader's word, on record, that frames come from a centre; an empty name takes it back. The number of this step of theirs.

    BadRequest if the name is too long, EndoDeskError if it could not be written.
    """
    name = " ".join(name.split())
    if len(name) > LONGEST_CENTRE:
        raise BadRequest(tr("A centre's name has at most {n} letters.").format(n=LONGEST_CENTRE))
    return project.database.steps.name_centre(images, name, reader=reader, at=datetime.now(UTC))
