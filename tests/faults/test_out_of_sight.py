"""What `python -m tests.faults.out_of_sight` does, in short: the cheapest of the six."""

import pytest

from tests.faults.out_of_sight import CHANGES, shown_again


@pytest.mark.slow
@pytest.mark.parametrize("what", ["folder on another letter", "renamed class", "removed class"])
def test_every_label_is_shown_again(what: str) -> None:
    shown, given = shown_again(CHANGES[what], None)
    assert shown == given == 30
