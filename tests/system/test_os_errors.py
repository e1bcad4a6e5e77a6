"""The one sentence for an OSError."""

from pathlib import Path

import pytest

from endodesk.system.os_errors import UNKNOWN, reason_of

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PermissionError(13, "Permission denied", "/a/B"), "permission denied"),
        (OSError("The cable is out"), "the cable is out"),
        (OSError(), UNKNOWN),
        (OSError(5, ""), "[errno 5] "),
        (ValueError("embedded null byte"), "embedded null byte"),
        (ValueError(), UNKNOWN),
    ],
)
def test_it_ends_a_sentence_and_is_never_empty(error, words):
    assert reason_of(error) == words


def test_nobody_else_reads_the_systems_words():
    sources = [path for room in ("endodesk", "training") for path in (ROOT / room).rglob("*.py")]
    found = {path.relative_to(ROOT).as_posix() for path in sources if "strerror" in path.read_text("utf-8")}
    assert found == {"endodesk/system/os_errors.py"}
