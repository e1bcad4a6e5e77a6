"""The record without names: acts on frames that were passed, with pseudonyms for all that is named, and no free text."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from endodesk.dataset.deidentify.pseudonyms import Pseudonyms
from endodesk.domain.acts import OUTLINES, Act, OtherAct, PortableFrame, PortableRecord
from endodesk.domain.reviews import AnnotationKind

_FREE_TEXT = frozenset(map(str, (AnnotationKind.NOTE, OtherAct.CONCLUSION, OtherAct.PROMOTION)))
NAME = "frames"
"""Of the record: a folder may be called after a patient."""


@dataclass(frozen=True, slots=True)
class NamelessRecord:
    """A record without names, and how many acts of each kind it lacks for that."""

    record: PortableRecord
    dropped: Mapping[str, int]


def nameless(record: PortableRecord, frames: Mapping[str, PortableFrame], names: Pseudonyms) -> NamelessRecord:
    """`frames` are those to be passed on, by the content of what they were made of. Texts that readers typed are left out."""
    kept: list[Act] = []
    dropped: Counter[str] = Counter()
    for act in record.acts:
        if (told := _nameless(act, frames, names)) is None:
            dropped[act.kind] += 1
        else:
            kept.append(told)
    return NamelessRecord(PortableRecord(NAME, tuple(frames.values()), tuple(kept), record.classes), dropped)


def _nameless(act: Act, frames: Mapping[str, PortableFrame], names: Pseudonyms) -> Act | None:
    if act.kind in _FREE_TEXT:
        return None
    signed = replace(act, reader=names.reader(act.reader), revoked_by=names.reader(act.revoked_by))
    if act.kind in OUTLINES and not act.sha256:
        return signed
    frame = frames.get(act.sha256)
    if frame is None:
        return None
    value = act.value
    if act.kind in {OtherAct.TOGETHER, OtherAct.APART}:
        if act.value not in frames:
            return None
        value = frames[act.value].sha256
    return replace(signed, value=value, sha256=frame.sha256, file=frame.file, case=frame.case)
