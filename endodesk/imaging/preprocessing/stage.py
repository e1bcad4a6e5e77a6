"""A frame between two steps."""

from dataclasses import dataclass

from endodesk.imaging.pixels import RGB, Bytes, Mask, as_mask
from endodesk.imaging.preprocessing.by_hand import Drawn
from endodesk.imaging.preprocessing.filling import filled
from endodesk.imaging.preprocessing.sketch import Sketch, scaled

Rectangle = tuple[int, int, int, int]
"""x, y, width, height in pixels."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A frame between two steps: its pixels, and what is known of it."""

    image: RGB
    """The pixels that the next step works on. Holes that `sketch` knows of are not filled in them: that is done once, at the end."""
    field: Mask | None = None
    """What is lit; same size as `image`."""
    rectangle: Rectangle | None = None
    """Where to crop; None to leave the frame whole."""
    found: Mask | Bytes | None = None
    """What the last step found, in the size of `image` or of the sketch."""
    crop: Rectangle | None = None
    """What the last step cut out of its input."""
    sketch: Sketch | None = None
    """What steps find is sought on a small copy of the frame, and kept there until the frame has the model's size."""
    drawn: Drawn | None = None
    """What holds by hand instead of being sought; in the size of `image`."""

    @property
    def picture(self) -> RGB:
        """As it would look if this were the last step: `image` with its holes filled."""
        return self.image if self.sketch is None else filled(self.image, self.sketch)

    @property
    def mask(self) -> Mask | None:
        """What the last step found, for the eye and for steps.json; same size as `image`."""
        if self.found is None or self.found.dtype == bool:
            return self.found  # type: ignore[return-value]  # the type checker does not know formats of numbers
        return as_mask(scaled(self.found, *self.image.shape[:2]))  # type: ignore[arg-type]
