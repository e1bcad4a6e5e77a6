"""Grey and palette values of a DICOM file as what one sees: by its tables, its window, or from its darkest to its brightest."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from endodesk.imaging.pixels import RGB
from endodesk.imaging.reading.colours import bands
from endodesk.imaging.reading.dicom.dicom_colours import BAND_PX
from endodesk.imaging.reading.dicom.dicom_tables import LookupTable, palette, table_of
from endodesk.imaging.reading.dicom.dicom_tags import PixelTags, Unsuitable, first_number
from endodesk.imaging.reading.header import stretched

_EXACT = "LINEAR_EXACT"
_SHARED, _PER_FRAME = "SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence"
_NUMBERS = {
    "RescaleSlope": "PixelValueTransformationSequence",
    "RescaleIntercept": "PixelValueTransformationSequence",
    "WindowCenter": "FrameVOILUTSequence",
    "WindowWidth": "FrameVOILUTSequence",
    "VOILUTFunction": "FrameVOILUTSequence",
}
"""Tags that may stand in a group of their own, for all pictures of a film or for each."""


@dataclass(frozen=True, slots=True)
class GreyRules:
    """How the values of one picture become grey: what the file asks for, in the order in which it is applied."""

    modality: LookupTable | None = None
    slope: float = 1
    intercept: float = 0
    table: LookupTable | None = None
    window: tuple[float, float] | None = None
    """Its lowest and its highest value."""
    curve: tuple[float, float] | None = None
    """Centre and width of a window with soft ends (SIGMOID)."""
    colours: LookupTable | None = None
    """Of values that are shown in colour among the grey ones (supplemental palette)."""
    white_is_low: bool = False


def grey_rules(dataset: Any, tags: PixelTags, index: int, *, little: bool) -> GreyRules:
    """For the picture of this number."""
    said = _numbers(dataset, index)
    slope, intercept = first_number(said["RescaleSlope"]), first_number(said["RescaleIntercept"])
    both = slope is not None and intercept is not None
    window, curve = _window(said)
    return GreyRules(
        modality=table_of(dataset, "ModalityLUTSequence", signed=tags.signed, little=little),
        slope=slope if both and slope is not None else 1,
        intercept=intercept if both and intercept is not None else 0,
        table=table_of(dataset, "VOILUTSequence", signed=tags.signed or (intercept or 0) < 0, little=little),
        window=window,
        curve=curve,
        colours=palette(dataset, signed=tags.signed, little=little)
        if str(dataset.get("PixelPresentation")) in ("COLOR", "MIXED")
        else None,
        white_is_low=tags.colours == "MONOCHROME1",
    )


def has_groups(dataset: Any) -> bool:
    """Whether something that grey is shown by may stand in groups, where programs before did not look."""
    return _SHARED in dataset or _PER_FRAME in dataset


def shown_grey(stored: NDArray[Any], rules: GreyRules, bits: int) -> RGB:
    """H x W values of so many bits as RGB. Unsuitable if there is no grey for them."""
    values = _measured(stored, rules)
    grey = _toned(stored, values, rules, bits)
    picture = 255 - grey if rules.white_is_low else grey
    if rules.colours is not None:
        coloured = stored >= rules.colours.first
        picture[coloured] = rules.colours.of(stored[coloured])
    return picture


def _toned(stored: NDArray[Any], values: NDArray[Any], rules: GreyRules, bits: int) -> RGB:
    if rules.table is not None:
        return as_grey(between(rules.table.of(values), 0, 2.0**rules.table.bits - 1))
    if rules.curve is not None:
        centre, width = rules.curve
        return as_grey(between(1 / (1 + np.exp(np.clip(-4 * (values - centre) / width, -50, 50))), 0, 1))
    if rules.window is not None:
        return as_grey(between(values, *rules.window))
    if stored.dtype == np.uint8 and np.array_equal(values, stored):  # also where the file says: times 1, plus 0
        return as_grey(stored if bits == 8 else between(stored, 0, 2.0**bits - 1))
    picture = stretched(values.astype(np.float32))
    if picture is None:
        raise Unsuitable("some of its values are no numbers")
    return picture


def _measured(stored: NDArray[Any], rules: GreyRules) -> NDArray[Any]:
    if rules.modality is not None:
        return rules.modality.of(stored)
    if (rules.slope, rules.intercept) == (1, 0):
        return stored
    return np.asarray(stored.astype(np.float64) * rules.slope + rules.intercept)


def _numbers(dataset: Any, index: int) -> dict[str, Any]:
    """From the picture's own group, else from that of all pictures, else from the file."""
    groups = [_item(dataset, _PER_FRAME, index), _item(dataset, _SHARED, 0)]
    found: dict[str, Any] = {}
    for keyword, sequence in _NUMBERS.items():
        inside = [_item(group, sequence, 0) for group in groups if group is not None]
        places = [place for place in (*inside, dataset) if place is not None and place.get(keyword) is not None]
        found[keyword] = places[0].get(keyword) if places else None
    return found


def _item(dataset: Any, sequence: str, index: int) -> Any:
    items = dataset.get(sequence)
    return items[index] if items and index < len(items) else None


def _window(said: dict[str, Any]) -> tuple[tuple[float, float] | None, tuple[float, float] | None]:
    """The first window, with hard or with soft ends; none if it makes no sense."""
    centre, width = first_number(said["WindowCenter"]), first_number(said["WindowWidth"])
    shape = str(said["VOILUTFunction"] or "LINEAR").strip()
    if centre is None or width is None or not np.isfinite((centre, width)).all() or width <= (0 if shape == _EXACT else 1):
        return None, None
    if shape == "SIGMOID":
        return None, (centre, width)
    if shape != _EXACT:  # DICOM PS3.3 C.11.2.1.2.1
        centre, width = centre - 0.5, width - 1
    return (centre - width / 2, centre + width / 2), None


def between(values: NDArray[Any], low: float, high: float) -> NDArray[np.uint8]:
    """The range as 0 to 255, what lies beyond cut off."""
    shown = np.empty(values.shape, np.uint8)
    for rows in bands(values, BAND_PX):
        shown[rows] = np.clip((values[rows].astype(np.float32) - low) * (255 / (high - low)) + 0.5, 0, 255)
    return shown


def as_grey(values: NDArray[np.uint8]) -> RGB:
    """H x W as RGB."""
    return np.asarray(cv2.cvtColor(values, cv2.COLOR_GRAY2RGB), np.uint8)
