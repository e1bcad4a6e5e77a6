"""What a value of a configuration may be; BadRequest that names its key if it is not."""

from endodesk.domain.errors import BadRequest


def one_of(key: str, value: str, allowed: tuple[str, ...]) -> None:
    """It must be one of these words."""
    if value not in allowed:
        raise BadRequest(f"{key} must be one of {', '.join(allowed)}, not {value!r}.")


def within(key: str, value: float, low: float, high: float) -> None:
    """It must lie between these two, or be one of them."""
    if not low <= value <= high:
        raise BadRequest(f"{key} must be between {low:g} and {high:g}, not {value:g}.")
