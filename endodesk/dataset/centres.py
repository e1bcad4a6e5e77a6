"""Centres: which hospital, or which device, each frame comes from, told by folders, by a pattern in paths, or by what DICOM files say."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from endodesk.dataset.cases import finder_in_paths, pattern_for_paths
from endodesk.dataset.manifest import ManifestRow
from endodesk.domain.centre_rules import CENTRE_FOLDERS, CENTRE_RULES, DEVICE, NO_CENTRE
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import printable
from endodesk.imaging.reading.dicom.dicom_device import device_of
from endodesk.system.threads import in_threads

_ELSE = "Centres are told by above, below, device, none, or a regular expression"


# Why: docs/decisions/dataset.md 19
def with_centres(rows: Iterable[ManifestRow], centre: str) -> list[ManifestRow]:
    """The rows with the centre that `centre` says: one of `endodesk.domain.centre_rules`, or a regular expression, as for cases.

    What is known of a row stays: a level of folders tells it as they are listed, and a reader's word goes before any rule. Files are
    opened where DICOM is asked. BadRequest if the expression is none, or fits no path.
    """
    rows = list(rows)
    if centre == NO_CENTRE or centre in CENTRE_FOLDERS:
        return rows
    unknown = [row for row in rows if not row.centre]
    if centre == DEVICE:
        found = list(in_threads(lambda row: device_of(row.file), unknown))
    else:
        find = centre_finder(centre)
        found = [find(row.file.as_posix()) for row in unknown]
        if unknown and not any(found):
            raise BadRequest(
                f"The pattern {centre!r} for centres fits no file, such as {unknown[0].file}; mend it, or use above, below, device or none."
            )
    told = iter(found)
    return [row if row.centre else replace(row, centre=next(told)) for row in rows]


def centre_finder(centre: str) -> Callable[[str], str]:
    """What tells the centre from a path with /, by a regular expression. BadRequest if it is none."""
    return finder_in_paths(pattern_for_paths(centre, _ELSE))


def check_centre(centre: str) -> None:
    """BadRequest with a sentence if `centre` is not what `with_centres` takes."""
    if centre not in CENTRE_RULES:
        centre_finder(centre)


@dataclass(frozen=True, slots=True)
class OneSided:
    """A class and centres that come together only, so that a model may learn the one for the other."""

    label: str
    centres: tuple[str, ...]
    """Those that have this class alone; or the only one that has it. Empty is the name of the centre without a name."""
    only_there: bool
    """Whether the class comes from no other centre."""


def one_sided(seen: Iterable[tuple[str, str]]) -> list[OneSided]:
    """Of pairs of label and centre; nothing where there are fewer than two centres, or two classes, to be told apart.

    A class and a centre that have nothing but each other are told once, as the class.
    """
    centres_of, labels_of = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for label, centre in seen:
        centres_of[label].add(centre)
        labels_of[centre].add(label)
    if len(labels_of) < 2 or len(centres_of) < 2:
        return []
    found = [OneSided(label, tuple(there), only_there=True) for label, there in sorted(centres_of.items()) if len(there) == 1]
    alone = {label: tuple(centre for centre, labels in sorted(labels_of.items()) if labels == {label}) for label in sorted(centres_of)}
    told = {(one.label, one.centres) for one in found}
    return found + [OneSided(*pair, only_there=False) for pair in alone.items() if pair[1] and pair not in told]


def told_one_sided(rows: Iterable[ManifestRow]) -> list[str]:
    """A sentence on each class that comes from one centre alone, and on the centres that have one class."""
    return [_told(one) for one in one_sided({(row.label, row.centre) for row in rows})]


def _told(one: OneSided) -> str:
    named = [printable(centre) or "the centre without a name" for centre in one.centres]
    centres = " and ".join(filter(None, (", ".join(named[:-1]), named[-1])))
    if one.only_there:
        return f"Every frame of {one.label} comes from {centres}: what the model learns of it may be that hospital."
    device = "this device means" if len(named) == 1 else "these devices mean"
    return f"From {centres} there are frames of {one.label} only: the model may learn that {device} {one.label}."
