import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from data_examples import a_bundle, a_correction, a_file, sha

from endodesk.data.connections import connect
from endodesk.data.database import Database
from endodesk.domain.errors import BadProject, EndoDeskError
from endodesk.domain.reviews import Prediction


def test_what_was_written_is_there_on_reopening(project: Path) -> None:
    with Database.open(project) as db:
        db.images.add([a_file(1)])
        row = db.corrections.add(a_correction(1))
    with Database.open(project) as db:
        assert db.corrections.current()[sha(1)].id == row


@pytest.mark.slow
def test_a_current_project_is_opened_without_the_mapper_and_without_alembic(project: Path) -> None:
    """Both take a tenth of a second of each start."""
    Database.open(project).close()
    code = "import sys; from pathlib import Path; from endodesk.data.database import Database; Database.open(Path(sys.argv[1])).close()"
    code += "; print(*({'alembic', 'sqlalchemy.orm'} & set(sys.modules)))"
    child = subprocess.run([sys.executable, "-c", code, str(project)], capture_output=True, check=True, timeout=60, text=True)
    assert not child.stdout.strip()


def test_closing_leaves_one_file(project: Path) -> None:
    with Database.open(project) as db:
        db.images.add([a_file(1)])
    assert [file.name for file in project.parent.iterdir()] == ["project.sqlite"]


def test_each_connection_is_safe(project: Path) -> None:
    with contextlib.closing(connect(project, busy_ms=5000)) as connection:
        pragmas = {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in WANTED}
    assert pragmas == WANTED


WANTED = {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2, "busy_timeout": 5000}


def test_stores_use_safe_connections(db: Database) -> None:
    with db._connections.write() as writing, db._connections.read() as reading:
        for connection in (writing, reading):
            assert {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in WANTED} == WANTED


def test_a_closed_project_says_so(project: Path) -> None:
    db = Database.open(project)
    db.close()
    with pytest.raises(EndoDeskError, match="closed"):
        db.images.known()
    with pytest.raises(EndoDeskError, match="closed"):
        db.settings.set("reader", "me")


def test_closing_during_a_read_lets_it_finish(project: Path) -> None:
    db = Database.open(project)
    with db._connections.read() as connection:
        db.close()
        assert connection.exec_driver_sql("SELECT 1").scalar() == 1
    assert [file.name for file in project.parent.iterdir()] == ["project.sqlite"]


@pytest.mark.parametrize("content", [b"This is not a database. " * 200, b"SQLite format 3\0" + b"\xff" * 5000])
def test_something_else_is_refused_and_left_alone(project: Path, content: bytes) -> None:
    project.write_bytes(content)
    with pytest.raises(BadProject, match="is damaged or is not an EndoDesk project"):
        Database.open(project)
    assert project.read_bytes() == content


def _fill(project: Path) -> None:
    with Database.open(project) as db:
        db.images.add(a_file(number) for number in range(500))


def test_a_file_with_torn_pages_is_refused(project: Path) -> None:
    _fill(project)
    content = bytearray(project.read_bytes())
    content[-4096 * 3 :] = b"\xa5" * 4096 * 3
    project.write_bytes(content)
    with pytest.raises(BadProject, match="damaged"):
        Database.open(project)


def test_a_truncated_file_is_refused(project: Path) -> None:
    _fill(project)
    project.write_bytes(project.read_bytes()[:-8192])
    with pytest.raises(BadProject, match="damaged"):
        Database.open(project)


def test_another_programs_database_is_refused_and_left_alone(project: Path) -> None:
    with contextlib.closing(sqlite3.connect(project)) as stranger:
        stranger.execute("CREATE TABLE bookmarks (url TEXT)")
    before = project.read_bytes()
    with pytest.raises(BadProject, match="another program"):
        Database.open(project)
    assert project.read_bytes() == before


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadProject, match=r"no folder .*absent"):
        Database.open(tmp_path / "absent" / "project.sqlite")


def test_a_folder_in_place_of_the_file_is_refused(project: Path) -> None:
    project.mkdir()
    with pytest.raises(BadProject, match="cannot be opened"):
        Database.open(project)


@pytest.mark.parametrize("existing", [True, False])
def test_a_project_locked_by_another_program_is_refused(project: Path, existing: bool) -> None:
    if existing:
        Database.open(project).close()
    with contextlib.closing(sqlite3.connect(project, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(BadProject, match="another program is using the file"):
            Database.open(project, busy_ms=10)
    Database.open(project).close()


@pytest.fixture
def without_root() -> Iterator[Path]:
    """A folder of its own, seen with the rights of an ordinary user: root may write anywhere."""
    if not hasattr(os, "geteuid"):
        pytest.skip("needs POSIX permissions")
    folder = Path(tempfile.mkdtemp(prefix="endodesk-"))
    root = os.geteuid() == 0
    if root:
        os.chown(folder, 65534, 65534)
        os.seteuid(65534)
    try:
        yield folder
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o700)
        shutil.rmtree(folder)


def test_a_read_only_folder_is_refused(without_root: Path) -> None:
    without_root.chmod(0o500)
    with pytest.raises(BadProject, match="cannot be written to"):
        Database.open(without_root / "project.sqlite")


def test_a_read_only_folder_with_a_project_is_refused(without_root: Path) -> None:
    Database.open(without_root / "project.sqlite").close()
    without_root.chmod(0o500)
    with pytest.raises(BadProject, match="cannot be written to"):
        Database.open(without_root / "project.sqlite")


def test_a_read_only_file_is_refused(without_root: Path) -> None:
    Database.open(without_root / "project.sqlite").close()
    (without_root / "project.sqlite").chmod(0o400)
    with pytest.raises(BadProject, match=r"^The project .* cannot be opened: the file or its folder cannot be written to"):
        Database.open(without_root / "project.sqlite")


@pytest.mark.slow
def test_threads_write_at_once(db: Database) -> None:
    """A reader corrects while jobs store frames and predictions; nobody is refused and nothing is lost."""
    bundle = a_bundle()
    db.models.add(bundle, Path("/models/starter"))
    db.images.add(a_file(number) for number in range(40))

    def correct() -> None:
        for number in range(40):
            db.corrections.add(a_correction(number, bundle=bundle.id))

    def predict() -> None:
        for number in range(40):
            db.predictions.add([Prediction(sha(number), bundle.id, (0.2, 0.3, 0.5))])
            db.predictions.of_bundle(bundle.id)

    def scan(first: int) -> None:
        for number in range(first, first + 40):
            db.images.add([a_file(number)])
            db.images.known()

    assert _errors_of([correct, predict, lambda: scan(100), lambda: scan(200)]) == []
    assert len(db.corrections.current()) == len(db.predictions.of_bundle(bundle.id)) == 40
    assert len(db.images.known()) == 120


def _errors_of(works: list[Callable[[], None]]) -> list[BaseException]:
    """Run all at the same time, each in its thread."""
    start = threading.Barrier(len(works))
    errors: list[BaseException] = []

    def run(work: Callable[[], None]) -> None:
        try:
            start.wait()
            work()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def test_two_programs_write_in_turn(db: Database, project: Path) -> None:
    """Each looks something up before it writes; neither is refused because the other wrote in between."""
    db.images.add(a_file(number) for number in range(60))
    with Database.open(project) as other:

        def correct(database: Database, minutes: int) -> None:
            for number in range(60):
                database.corrections.add(a_correction(number, minutes=minutes))

        assert _errors_of([lambda: correct(db, 0), lambda: correct(other, 1)]) == []
    assert [len(db.corrections.history(sha(number))) for number in range(60)] == [2] * 60
