import pytest
from real_windows import open_window
from watching import settle

__all__ = ["open_window"]


@pytest.fixture
def window(images, open_window, qtbot):
    """The window on a test file's own `images`, once it has read them."""
    window = open_window(images)
    settle(qtbot, window)
    return window
