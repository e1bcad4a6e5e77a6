"""What tests of films ask of a refusal."""

import re
from pathlib import Path

import pytest

from endodesk.domain.errors import UnreadableImage
from endodesk.imaging.reading.films import open_film


def refusal(path: Path) -> str:
    """Why a film is not opened: one sentence that begins with its name."""
    with pytest.raises(UnreadableImage) as caught:
        open_film(path)
    assert re.fullmatch(r"[^\n\r]+\w\.", str(caught.value))
    assert str(caught.value).startswith(path.name)
    return str(caught.value)
