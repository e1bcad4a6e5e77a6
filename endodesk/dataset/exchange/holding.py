"""What a format can hold of a project's record, and sentences on what it cannot."""

from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass

from endodesk.domain.acts import ACT_KINDS, Act, PortableRecord, standing_acts
from endodesk.domain.reviews import YES, AnnotationKind

LABEL = str(AnnotationKind.LABEL)
UNFIT = frozenset(map(str, (AnnotationKind.EXCLUDED, AnnotationKind.POOR_QUALITY)))


@dataclass(frozen=True, slots=True)
class Holds:
    """What a format has room for."""

    kinds: frozenset[str] = ACT_KINDS
    everything: bool = False
    """Also what was replaced or taken back since, and acts that are of no frame."""
    each_reader: bool = False
    """The standing word of each reader on a frame, not only the one that holds."""
    who: bool = True
    """Reader, time, whether blind, and the model's answer then."""
    unfit: bool = True
    """Frames that readers set aside, too."""


def held_acts(record: PortableRecord, holds: Holds) -> list[Act]:
    """The acts of a record that a format holds; of frames without a reader's label that of their class folder, as an act of nobody."""
    if holds.everything:
        return list(record.acts)
    frames = record.by_content
    acts = [act for act in record.acts if act.sha256 in frames]
    chosen = _of_each_reader(acts) if holds.each_reader else [act for of in standing_acts(acts).values() for act in of.values()]
    labelled = {act.sha256 for act in chosen if act.kind == LABEL}
    unfit = set() if holds.unfit else {act.sha256 for act in chosen if act.kind in UNFIT and act.value == YES}
    by_folder = [
        Act(LABEL, frame.folder_label, sha256=frame.sha256, file=frame.file, width=frame.width, height=frame.height)
        for frame in record.frames
        if frame.folder_label and frame.sha256 not in labelled
    ]
    return [act for act in (*chosen, *by_folder) if act.kind in holds.kinds and act.sha256 not in unfit]


def _of_each_reader(acts: Sequence[Act]) -> list[Act]:
    newest: dict[tuple[str, str, str], Act] = {}
    for act in acts:
        if act.stands:
            newest.pop((act.sha256, act.kind, act.reader), None)  # to its later place
            newest[act.sha256, act.kind, act.reader] = act
    return list(newest.values())


def left_out(record: PortableRecord, holds: Holds, held: Sequence[Act]) -> list[str]:
    """A sentence on each kind of thing that is in the record and not in a file of this format."""
    told = list(record.notes)
    there = {id(act) for act in held}
    frames = record.by_content
    standing = {id(act) for of in standing_acts(record.acts).values() for act in of.values()}
    reasons: Counter[str] = Counter()
    for act in record.acts:
        if id(act) not in there:
            reasons[_why(act, frames, standing, holds)] += 1
    told += [f"{why}: {n:,}." for why, n in sorted(reasons.items())]
    signed = 0 if holds.who else sum(bool(act.reader) for act in held)
    if signed:
        told.append(f"Reader, time, whether blind, and the model's answer of each label: {signed:,}.")
    return told


def _why(act: Act, frames: Container[str], standing: set[int], holds: Holds) -> str:
    if not act.sha256:
        return f"Acts that are of no single frame ({act.kind})"
    if act.kind not in holds.kinds:
        return f"Acts of the kind {act.kind}"
    if act.sha256 not in frames:
        return "Acts on frames whose files are not in the folder"
    if not act.stands:
        return "Acts that were taken back"
    if id(act) not in standing:
        return "Acts that another one has replaced"
    return "Labels of frames that were set aside (excluded, or of poor quality)" if not holds.unfit else "Acts"
