"""Names made after others fit on the disk, letter by letter."""

import os

import pytest

from endodesk.system.file_names import fitted


@pytest.mark.parametrize(
    "stem", ["short", "a" * 300, "é" * 200, "内" * 100, "😀" * 70, "" if os.name == "nt" else os.fsdecode(b"\xff" * 260)]
)
def test_a_name_is_cut_where_it_must_be_and_nowhere_else(tmp_path, stem):
    name = fitted(stem, "-2.png", tmp_path / "not there yet")
    assert name.endswith("-2.png")
    assert stem.startswith(name.removesuffix("-2.png"))
    assert len(os.fsencode(name)) <= 255
    assert len(os.fsencode(name)) > 250 or name == f"{stem}-2.png"
    (tmp_path / name).write_bytes(b"")
    assert os.listdir(tmp_path) == [name]  # noqa: PTH208
