"""Centres: which hospital, or which device, each frame comes from, told by folders, by a pattern in paths, or by what DICOM files say."""

from collections.abc import Iterable
from dataclasses import replace

from endodesk.dataset.cases import finder_in_paths, pattern_for_paths
from endodesk.dataset.manifest import ManifestRow
from endodesk.domain.centre_rules import CENTRE_FOLDERS, CENTRE_RULES, DEVICE, NO_CENTRE
from endodesk.domain.errors import BadRequest
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
        find = finder_in_paths(pattern_for_paths(centre, _ELSE))
        found = [find(row.file.as_posix()) for row in unknown]
        if unknown and not any(found):
            raise BadRequest(
                f"The pattern {centre!r} for centres fits no file, such as {unknown[0].file}; mend it, or use above, below, device or none."
            )
    told = iter(found)
    return [row if row.centre else replace(row, centre=next(told)) for row in rows]


def check_centre(centre: str) -> None:
    """BadRequest with a sentence if `centre` is not what `with_centres` takes."""
    if centre not in CENTRE_RULES:
        pattern_for_paths(centre, _ELSE)
