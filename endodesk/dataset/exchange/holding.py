"""What a format can hold of a project's record, and sentences on what it cannot."""

from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace

from endodesk.domain.acts import ACT_KINDS, Act, PortableRecord, standing_acts, words_of_readers
from endodesk.domain.reviews import YES, AnnotationKind

LABEL, VERDICT = str(AnnotationKind.LABEL), str(AnnotationKind.VERDICT)
UNFIT = frozenset(map(str, (AnnotationKind.EXCLUDED, AnnotationKind.POOR_QUALITY)))


@dataclass(frozen=True, slots=True)
class Holds:
    """What a format has room for."""

    kinds: frozenset[str] = ACT_KINDS
    everything: bool = False
    """Also what was replaced or taken back since, and acts that are of no frame."""
    each_reader: bool = False
    """The standing word of each reader on a frame, not only the one that holds; else a verdict is written as the label that it makes."""
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
    chosen = _newest_of_each(acts) if holds.each_reader else [_as_held(act) for of in standing_acts(acts).values() for act in of.values()]
    said_of = {act.sha256 for act in acts if act.kind in (LABEL, VERDICT) and act.stands}  # also where readers disagree: no folder decides
    unfit = set() if holds.unfit else {act.sha256 for act in chosen if act.kind in UNFIT and act.value == YES}
    by_folder = [
        Act(LABEL, frame.folder_label, sha256=frame.sha256, file=frame.file, width=frame.width, height=frame.height)
        for frame in record.frames
        if frame.folder_label and frame.sha256 not in said_of
    ]
    return [act for act in (*chosen, *by_folder) if act.kind in holds.kinds and act.sha256 not in unfit]


def _newest_of_each(acts: Sequence[Act]) -> list[Act]:
    return [act for kinds in words_of_readers(acts).values() for by_reader in kinds.values() for act in by_reader.values()]


def _as_held(act: Act) -> Act:
    return replace(act, kind=LABEL) if act.kind == VERDICT else act


def left_out(record: PortableRecord, holds: Holds, held: Sequence[Act]) -> list[str]:
    """A sentence on each kind of thing that is in the record and not in a file of this format."""
    told = list(record.notes)
    there = {id(act) for act in held}
    frames, standing = record.by_content, standing_acts(record.acts)
    holding = {id(act) for of in standing.values() for act in of.values()}
    decided = {frame for frame, of in standing.items() if LABEL in of}
    newest = {id(act) for act in _newest_of_each(record.acts)}
    labelled = set() if holds.each_reader else {act.sha256 for act in held if act.kind == LABEL}
    reasons: Counter[str] = Counter()
    for act in record.acts:
        if id(act) in there or (act.kind == VERDICT and id(act) in holding and act.sha256 in labelled):
            continue
        of_others = act.kind == LABEL and id(act) in newest and id(act) not in holding
        why = _why(act, frames, holding, holds)
        if of_others and act.sha256 in frames and LABEL in holds.kinds:
            why = "Labels of further readers on the same frame" if act.sha256 in decided else "Labels on which readers disagree"
        reasons[why] += 1
    told += [f"{why}: {n:,}." for why, n in sorted(reasons.items())]
    signed = 0 if holds.who else sum(bool(act.reader) for act in held)
    if signed:
        told.append(f"Reader, time, whether blind, and the model's answer of each label: {signed:,}.")
    return told


def _why(act: Act, frames: Container[str], holding: set[int], holds: Holds) -> str:
    if not act.sha256:
        return f"Acts that are of no single frame ({act.kind})"
    if act.kind not in holds.kinds:
        return f"Acts of the kind {act.kind}"
    if act.sha256 not in frames:
        return "Acts on frames whose files are not in the folder"
    if not act.stands:
        return "Acts that were taken back"
    if id(act) not in holding:
        return "Acts that another one has replaced"
    return "Labels of frames that were set aside (excluded, or of poor quality)" if not holds.unfit else "Acts"
