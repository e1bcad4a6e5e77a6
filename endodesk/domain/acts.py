"""Acts: all that readers did in a project, one row an act, in the form in which it leaves and enters through the doors."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

from endodesk.domain.consensus import decide, newest
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import sha256_of
from endodesk.domain.label_set import LabelSet
from endodesk.domain.overrides import Outline, Part, outline_of
from endodesk.domain.reviews import CLASSED, AnnotationKind


class OtherAct(StrEnum):
    """What acts there are beside those of AnnotationKind and Part."""

    CONCLUSION = "conclusion"
    TOGETHER = "together"
    """Two frames belong together; the other one is the value."""
    APART = "apart"
    PROMOTION = "promotion"


ACT_KINDS = frozenset({*map(str, AnnotationKind), *map(str, Part), *map(str, OtherAct)})
OUTLINES = frozenset(map(str, Part))
_OF_PAIRS = frozenset(map(str, (OtherAct.TOGETHER, OtherAct.APART)))
_CLASSED = frozenset(map(str, CLASSED))
_WITH_RULES = _CLASSED | {str(OtherAct.CONCLUSION)} | _OF_PAIRS | OUTLINES
SAID_OF_FRAMES = frozenset(map(str, AnnotationKind))
LONGEST_VALUE = 100_000
"""Letters: an outline of 400 corners has 20,000."""
LONGEST_NAME = 1000
"""Letters, of a reader as of a model."""
_LARGEST_PX = 1_000_000
FIRST_TIME = datetime(2000, 1, 1, tzinfo=UTC)
"""Before this nobody can have done anything here."""
_LAST_YEAR = 2200
_UNKNOWN = datetime(1970, 1, 1, tzinfo=UTC)
"""Of an act whose time is damaged on record."""


ActAbout = tuple[object, ...]
ActKey = tuple[ActAbout, tuple[object, ...], str, datetime | None]
"""About what, what is said, by whom, when."""


@dataclass(frozen=True, slots=True)
class Act:
    """One act of a reader. Empty where a field does not apply, or is not known.

    BadRequest for what can be no act: these come from files that anybody may have written.
    """

    kind: str
    """One of ACT_KINDS."""
    value: str
    """A class, yes (empty: taken off), a note, a conclusion, why a model was promoted, the other frame; of outlines see `drawn`."""
    sha256: str = ""
    """The frame; empty for a conclusion, a promotion, and an outline for all frames of a size."""
    file: str = ""
    """Where the frame lies, relative to the folder, with /."""
    reader: str = ""
    at: datetime | None = None
    """Aware; None where a format knows no times."""
    blind: bool = False
    model: str = ""
    """The bundle that had answered by then."""
    answer: str = ""
    """What it had answered; of a conclusion its finding."""
    case: str = ""
    width: int = 0
    height: int = 0
    revoked_at: datetime | None = None
    revoked_by: str = ""

    def __post_init__(self) -> None:
        if self.kind not in ACT_KINDS:
            raise BadRequest(f"there is no act of the kind {self.kind!r:.80}")
        check_time(self.at)
        check_time(self.revoked_at)
        for text in (self.reader, self.revoked_by, self.model, self.answer):
            if len(text) > LONGEST_NAME:
                raise BadRequest("a name is too long to be one")
        if len(self.value) > LONGEST_VALUE:
            raise BadRequest("a text is too long to be what a reader said")
        if not (0 <= self.width <= _LARGEST_PX and 0 <= self.height <= _LARGEST_PX):
            raise BadRequest(f"{self.width} x {self.height} pixels are no size of a frame")
        _check_frame(self.sha256)
        if self.kind in _WITH_RULES:
            self._check_kind()

    def _check_kind(self) -> None:
        """What holds of some kinds alone."""
        if self.kind in _CLASSED and not self.value:
            raise BadRequest(f"a {self.kind} has no class")
        if self.kind in OUTLINES:
            _ = self.drawn
        if self.kind in _OF_PAIRS:
            _check_frame(self.value)
            if not self.value or not self.sha256 or self.value == self.sha256:
                raise BadRequest("two frames must be named to belong together, or not")
        if self.kind == OtherAct.CONCLUSION and not self.case:
            raise BadRequest("a conclusion names no case")

    @property
    def about(self) -> ActAbout:
        """What it is about: of acts about the same the newest that stands holds."""
        if self.kind in _OF_PAIRS:
            return "pair", *sorted((self.sha256, self.value))
        if self.kind == OtherAct.CONCLUSION:
            return self.kind, self.case
        if self.kind == OtherAct.PROMOTION:
            return (self.kind,)
        return self.kind, self.sha256 or (self.width, self.height)

    @property
    def said(self) -> tuple[object, ...]:
        """What is said of that, by whoever and whenever."""
        if self.kind in OUTLINES:
            return (self.drawn,)
        if self.kind in _OF_PAIRS:
            return (self.kind,)
        if self.kind == OtherAct.PROMOTION:
            return (self.model,)
        return (self.value, self.answer) if self.kind == OtherAct.CONCLUSION else (self.value,)

    @property
    def key(self) -> ActKey:
        """By which the same act is known again: what is said of what, by whom and when."""
        return self.about, self.said, self.reader, self.at

    def in_classes(self, label_set: LabelSet) -> "Act":
        """The same with the classes that it names as they are called today."""
        value = label_set.class_of(self.value) if self.kind in _CLASSED else self.value
        answer = label_set.class_of(self.answer)
        return self if (value, answer) == (self.value, self.answer) else replace(self, value=value, answer=answer)

    @property
    def stands(self) -> bool:
        """Whether it was not taken back."""
        return self.revoked_at is None

    @property
    def drawn(self) -> Outline | None:
        """Of an outline its corners; empty: there is none; None: back to what the program finds. BadRequest if it is written otherwise."""
        if not self.value:
            return None
        try:
            return outline_of(json.loads(self.value))
        except (ValueError, TypeError, RecursionError) as error:
            raise BadRequest("an outline is not written as a list of points") from error


def check_time(moment: datetime | None) -> None:
    """BadRequest for a time at which no reader can have done anything; None is not known."""
    if moment is not None and not (moment.tzinfo and (FIRST_TIME.year <= moment.year <= _LAST_YEAR or moment == _UNKNOWN)):
        raise BadRequest(f"{moment.isoformat()} is no time of a reader's act: it needs a zone, such as +00:00, and a year from 2000 on")


def _check_frame(name: str) -> None:
    try:
        if name:
            sha256_of(name)
    except ValueError as error:
        raise BadRequest(f"{error}: it needs 64 hexadecimal digits") from error


def outline_text(outline: Outline | None) -> str:
    """As `Act.value` has it; `Act.drawn` reads it back."""
    return "" if outline is None else json.dumps(outline, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class PortableFrame:
    """One frame of a project as it is passed on: where it lies, its content, and what it is a part of."""

    file: str
    """Relative to the folder, with /."""
    sha256: str
    place: str
    """The path of the file on this computer."""
    width: int = 0
    height: int = 0
    case: str = ""
    folder_label: str = ""
    """The class folder that it lies in, if that is a class of the project."""


@dataclass(frozen=True, slots=True, eq=False)
class PortableRecord:
    """A project to be passed on, frozen: its frames (each content once), acts in the order in which they were done, and classes."""

    name: str
    frames: tuple[PortableFrame, ...]
    acts: tuple[Act, ...]
    classes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    """Sentences on what is not in it, though it is in the project."""

    @property
    def by_content(self) -> dict[str, PortableFrame]:
        """Its frames by their names; made anew each time."""
        return {frame.sha256: frame for frame in self.frames}


Standing = dict[str, dict[str, Act]]
"""By frame and kind the act that holds."""


def words_of_readers(acts: Iterable[Act]) -> dict[str, dict[str, dict[str, Act]]]:
    """By frame, kind and reader the newest act that was not taken back. Newest means done last here: the order in which they come."""
    found: dict[str, dict[str, dict[str, Act]]] = {}
    for act in acts:
        if act.sha256 and act.stands:
            found.setdefault(act.sha256, {}).setdefault(act.kind, {})[act.reader] = act
    return found


def standing_acts(acts: Iterable[Act]) -> Standing:
    """Of each frame and kind the act that holds. Under LABEL that is the verdict if there is one, and nothing where readers disagree.

    `acts` name classes as they are called today.
    """
    return {frame: held for frame, kinds in words_of_readers(acts).items() if (held := _held(kinds))}


def _held(kinds: Mapping[str, Mapping[str, Act]]) -> dict[str, Act]:
    held = {kind: newest([*by_reader.values()], _itself) for kind, by_reader in kinds.items() if kind not in _CLASSED}
    labels, verdicts = ([*kinds.get(kind, {}).values()] for kind in (AnnotationKind.LABEL, AnnotationKind.VERDICT))
    decided = decide(labels, verdicts, said=_itself)
    if decided and decided.word:
        held[AnnotationKind.LABEL] = decided.word
    return held


def _itself(act: Act) -> Act:
    return act
