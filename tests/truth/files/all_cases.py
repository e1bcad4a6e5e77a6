"""All cases of the truth test, and the sample of them that the suite judges."""

from collections.abc import Sequence
from functools import cache
from itertools import chain

from . import (
    bitmap_cases,
    dicom_cases,
    dicom_pieces,
    dicom_streams,
    film_cases,
    jpeg_cases,
    misnamed_cases,
    png_cases,
    tiff_cases,
    tiff_codecs,
)
from .case import Case, ended

_KINDS = (
    jpeg_cases,
    png_cases,
    tiff_cases,
    tiff_codecs,
    bitmap_cases,
    misnamed_cases,
    dicom_cases,
    dicom_streams,
    dicom_pieces,
    film_cases,
)


@cache
def all_cases() -> tuple[Case, ...]:
    """In the order of their kinds."""
    return ended(chain.from_iterable(module.cases() for module in _KINDS))


def sample(cases: Sequence[Case], size: int) -> list[Case]:
    """So many, spread evenly over each kind; the same each time."""
    kinds = dict.fromkeys(case.kind for case in cases)
    each = max(2, size // len(kinds))
    chosen = []
    for kind in kinds:
        those = [case for case in cases if case.kind == kind]
        chosen += [those[index * len(those) // min(each, len(those))] for index in range(min(each, len(those)))]
    return chosen
