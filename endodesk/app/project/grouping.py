"""Grouping: which frames stand on one side of a split, and which come from one centre. Kept with the project, used by all its runs."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

from endodesk.app.language import tr
from endodesk.app.project.project import Project
from endodesk.data.chain.writing import CENTRE
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
_NOBODYS: Mapping[Sha256, str] = MappingProxyType({})


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


def centre_words(project: Project) -> Mapping[Sha256, str]:
    """Centres that readers named, by the content of frames: they hold wherever a frame lies."""
    return project.database.settings.read(CENTRES, _words, _NOBODYS)


def _words(kept: Any) -> Mapping[Sha256, str]:
    return {Sha256(text_of(image)): text_of(name) for image, name in kept.items()}


# Why: docs/decisions/dataset.md 19
def name_centre(project: Project, images: Iterable[Sha256], name: str, *, reader: str) -> None:
    """Keep a reader's word, on record, that frames come from a centre; an empty name takes it back. BadRequest if it is too long.

    EndoDeskError if it could not be written.
    """
    name, images = " ".join(name.split()), list(images)
    if len(name) > LONGEST_CENTRE:
        raise BadRequest(tr("A centre's name has at most {n} letters.").format(n=LONGEST_CENTRE))
    there = frozenset(images)
    others = {image: said for image, said in centre_words(project).items() if image not in there}
    kept = others | (dict.fromkeys(images, name) if name else {})
    project.database.settings.set(CENTRES, kept, reader=reader, told={CENTRE: name, "frames": images})
