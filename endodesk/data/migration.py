"""Bringing a database file to the schema of this program, or saying why that cannot be."""

import io
import itertools
import re
import sqlite3
from contextlib import closing
from pathlib import Path, PurePath

from sqlalchemy import Connection

from endodesk.data.chain.writing import begin_chain, has_chain
from endodesk.data.connections import BUSY_MS, Connections, guarded, raw_of
from endodesk.data.failures import told_as
from endodesk.data.foreign_schema import foreign_object
from endodesk.domain.errors import BadProject, DamagedProject, EndoDeskError
from endodesk.system.atomic import whole_file

MIGRATIONS = Path(__file__).with_name("migrations")
_OWN_LABELS = "0008"
"""From here on each reader has labels of their own."""


def known_revisions(migrations: Path = MIGRATIONS) -> list[str]:
    """The numbers of the migration files, oldest first; the last one is what the program needs."""
    return sorted(file.name.partition("_")[0] for file in migrations.glob("versions/[0-9]*.py"))


def bring_to_head(path: Path, *, busy_ms: int = BUSY_MS, migrations: Path = MIGRATIONS, proven: bool = False) -> None:
    """Create the schema in a new file, or migrate an older one after copying it; a current one is only checked, unless it is `proven`.

    Raises BadProject, and leaves the file as it was, if it is damaged, newer, locked or something else.
    """
    revisions = known_revisions(migrations)
    if not revisions:
        raise BadProject("This copy of EndoDesk is not complete: its database migrations are missing. Install it again.")
    with told_as(BadProject, f"The project {path} cannot be opened"), closing(_looked_at(path, busy_ms)) as file:
        revision = _revision_of(file, path, proven=proven)
        if revision is not None and revision not in revisions:
            raise BadProject(f"The project {path} was made by a newer EndoDesk. Open it with that version.")
        if proven and revision != revisions[-1] and (fault := page_fault(file)):  # all of it is written anew
            raise _damaged(path, fault)
        copy = back_up(file, path, revision) if revision not in (None, revisions[-1]) else None  # a new file has nothing to lose
    if revision != revisions[-1]:
        _migrate(path, copy, busy_ms=busy_ms, migrations=migrations)


def _looked_at(path: Path, busy_ms: int) -> sqlite3.Connection:
    """Read-only where a program that died left a -wal file: closing would work it into the database, which may be a newer program's."""
    wal = path.with_name(f"{path.name}-wal")
    read_only = path.is_file() and wal.is_file() and wal.stat().st_size
    place = f"{uri_of(path.absolute())}?mode=ro" if read_only else path
    return guarded(sqlite3.connect(place, uri=bool(read_only), timeout=busy_ms / 1000))


def uri_of(path: PurePath) -> str:
    """As SQLite takes it, which knows no server in a URI: that of a Windows share goes into the path."""
    uri = path.as_uri()
    return uri if uri.startswith("file:///") else uri.replace("file://", "file:////", 1)


def _revision_of(file: sqlite3.Connection, path: Path, *, proven: bool) -> str | None:
    """None for an empty file. Changes nothing, so that a stranger's database stays as it is."""
    tables = {name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables:
        return None
    if "alembic_version" not in tables:
        raise BadProject(f"{path} is a database of another program. Choose an EndoDesk project.")
    if foreign := foreign_object(file):
        raise BadProject(
            f"The project {path} holds {foreign}, which is not as EndoDesk makes it and could change labels without a word. "
            "Put a backup copy in its place, or ask whoever gave it to you for theirs."
        )
    if not proven and (fault := page_fault(file)):
        raise _damaged(path, fault)
    row = file.execute("SELECT version_num FROM alembic_version").fetchone()
    revision = row[0] if row else ""  # no number at all: not one of ours, and refused
    if not isinstance(revision, str):
        raise _damaged(path, "its version cannot be read")
    return revision


def page_fault(file: sqlite3.Connection) -> str:
    """What does not hold together in a database, in SQLite's words; empty if all does. Most of a second for a million acts."""
    verdicts = (str(verdict) for (verdict,) in file.execute("PRAGMA quick_check"))
    return next((verdict.splitlines()[-1] for verdict in verdicts if verdict != "ok" and not _OF_A_ROW.match(verdict)), "")


def _damaged(path: Path, why: str) -> DamagedProject:
    return DamagedProject(f"The project {path} is damaged ({why}). Close EndoDesk, then put a backup copy in its place.")


_OF_A_ROW = re.compile(r"(NULL|NUMERIC|TEXT) value in ")
"""What the check says of one value: its row costs itself (`endodesk.data.proven_rows`), not the project."""


def back_up(file: sqlite3.Connection, path: Path, revision: str | None) -> Path:
    """Copy the open database beside itself under a name that is free, such as `project.0001.backup.sqlite`; whole, or not at all."""
    names = (f"{path.stem}.{revision}.backup{f'-{n}' if n > 1 else ''}{path.suffix}" for n in itertools.count(1))
    copy = next(path.with_name(name) for name in names if not path.with_name(name).exists())
    with whole_file(copy) as beside, closing(sqlite3.connect(beside)) as target:
        target.execute("PRAGMA journal_mode=OFF")  # nothing to go back to, and no second file to leave behind
        file.backup(target)
    return copy


def _migrate(path: Path, copy: Path | None, *, busy_ms: int, migrations: Path) -> None:
    """In one transaction. Foreign keys are off meanwhile, since SQLite changes a table by making it anew; they are checked at the end."""
    failure = f"The project {path} could not be brought up to date"
    connections = Connections(path, busy_ms=busy_ms, foreign_keys=False)
    try:
        with connections.write(failure) as connection:
            raw = raw_of(connection)
            earlier = copy and raw.execute("SELECT version_num < ? FROM alembic_version", (_OWN_LABELS,)).fetchone()[0]
            _upgrade(connection, migrations)
            if earlier:
                from endodesk.data.acts.last_words import keep_last_words  # most starts migrate nothing

                keep_last_words(raw)
            if has_chain(raw):
                begin_chain(raw)
            if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise EndoDeskError(f"{failure}: its rows do not fit together.")
    except EndoDeskError as error:
        kept = f" It was left as it was; a copy is in {copy.name}." if copy else ""
        raise BadProject(f"{error}{kept}") from error
    finally:
        connections.close()


def _upgrade(connection: Connection, migrations: Path) -> None:
    from alembic import command  # most starts find nothing to migrate and need no Alembic
    from alembic.config import Config

    config = Config(stdout=io.StringIO())  # a windowed program may have no stdout
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))  # % has a meaning in Alembic's options
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
