from collections.abc import Iterator
from pathlib import Path

import pytest

from endodesk.data.database import Database


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Where a project's database is to be; not there yet. Not ASCII, on purpose."""
    folder = tmp_path / "Fälle 内視鏡"
    folder.mkdir()
    return folder / "project.sqlite"


@pytest.fixture
def db(project: Path) -> Iterator[Database]:
    with Database.open(project) as database:
        yield database
