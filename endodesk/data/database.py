"""Database: the project's memory, one SQLite file, opened and ready."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from endodesk.data.chain.writing import TAKEN_IN, ActNote, chain_of
from endodesk.data.conclusion_store import ConclusionStore
from endodesk.data.connections import BUSY_MS, Connections, raw_of
from endodesk.data.correction_store import CorrectionStore
from endodesk.data.failures import is_damage, told_as
from endodesk.data.image_store import ImageStore
from endodesk.data.merge_store import MergeStore
from endodesk.data.migration import MIGRATIONS, bring_to_head, page_fault
from endodesk.data.model_store import ModelStore
from endodesk.data.override_store import OverrideStore
from endodesk.data.prediction_store import PredictionStore
from endodesk.data.safety.backups import Backup, back_up
from endodesk.data.safety.journal import kept_journals, reach_of, rows_of
from endodesk.data.setting_store import SettingStore
from endodesk.data.step_store import StepStore
from endodesk.domain.errors import BadProject, EndoDeskError, RecordLost

if TYPE_CHECKING:
    from endodesk.data.acts.act_store import ActStore
    from endodesk.data.chain.chain_store import ChainStore

MADE_AGAIN = frozenset({"prediction", "image_path"})
"""Tables whose rows are found anew: answers by asking models, places by reading the folder."""


class Database:
    """The stores of one project. Any thread may use them; whoever opened it closes it."""

    def __init__(self, path: Path, connections: Connections, journal: Path | None = None, *, looked_through: bool = True) -> None:
        self.path, self._journal, self._looked_through = path, journal, looked_through
        self._connections = connections
        self.damage = connections.damage
        """Which rows could not be read."""
        self.images = ImageStore(connections)
        self.predictions = PredictionStore(connections)
        self.corrections = CorrectionStore(connections)
        self.steps = StepStore(connections)
        self.overrides = OverrideStore(connections)
        self.models = ModelStore(connections, path.parent)
        self.merges = MergeStore(connections)
        self.conclusions = ConclusionStore(connections)
        self.settings = SettingStore(connections)

    @classmethod
    def open(
        cls, path: Path, *, busy_ms: int = BUSY_MS, migrations: Path = MIGRATIONS, journal: Path | None = None, proven: bool = False
    ) -> Self:
        """Open the file, created if it is not there and migrated (after a copy was put beside it) if it is older.

        What readers do is kept in the `journal` too; one that holds more than the file is set aside first: see `kept_journals`.
        One that is `proven` to be as it was closed is not looked through now: `look_through` does it.

        Raises BadProject with what to do if it is damaged, no project, newer than the program, locked by
        another program for longer than `busy_ms`, or in a folder that is missing or cannot be written to.
        """
        path = path.absolute()
        if not path.parent.is_dir():
            raise BadProject(f"There is no folder {path.parent}. Create it, or choose another one.")
        bring_to_head(path, busy_ms=busy_ms, migrations=migrations, proven=proven)
        connections = Connections(path, busy_ms=busy_ms)
        try:
            # Learn now, not at the first correction, that it cannot be written to.
            with connections.write(f"The project {path} cannot be opened") as connection:
                connection.exec_driver_sql("DELETE FROM setting WHERE 0")
            with told_as(EndoDeskError, f"The project {path} cannot be opened"):
                connections.keep(journal)
        except EndoDeskError as error:
            connections.close()
            raise BadProject(str(error)) from error
        return cls(path, connections, journal, looked_through=not proven)

    # What follows is asked for after the start, and loads its modules then.

    @cached_property
    def acts(self) -> "ActStore":
        """What readers said, as acts that can be passed on."""
        from endodesk.data.acts.act_store import ActStore

        return ActStore(self._connections)

    @cached_property
    def chain(self) -> "ChainStore":
        """What happened, as a chain that can be verified."""
        from endodesk.data.chain.chain_store import ChainStore

        return ChainStore(self._connections, self._journal)

    def limit_main_thread_wait(self, busy_ms: int) -> None:
        """From now on no write of the main thread waits longer for another program: it fails, with a sentence. Other threads wait."""
        self._connections.main_thread_busy_ms = busy_ms

    def look_through(self) -> None:
        """Whether the file holds together, if that was not asked at its opening: else nothing is stored in it any more. For a job."""
        if not self._looked_through:
            try:
                with self._connections.read() as connection:
                    fault = page_fault(raw_of(connection))
            except EndoDeskError as error:
                if not is_damage(error.__cause__):
                    raise
                fault = str(error.__cause__)
            self._looked_through = True
            if fault:
                self._connections.distrust(fault)

    @property
    def lost(self) -> RecordLost | None:
        """Why nothing can be stored any more: the file was found exchanged, changed or gone, just now or before; None if it is ours."""
        self._connections.look()
        return self._connections.lost

    def back_up(self, pause: Callable[[], None]) -> Backup | None:
        """A backup of what is stored now, as `endodesk.data.safety.backups.back_up`; none of a file that is not ours any more."""
        return None if self.lost else back_up(self.path, datetime.now(UTC), pause)

    # --- rows that lead nowhere -------------------------------------------------------------------------------------

    @property
    def broken_references(self) -> dict[str, int]:
        """How many rows of each table name a row of another that is not there; none in a file that only EndoDesk wrote to."""
        with self._connections.read() as connection:
            # a row may name two that are not there
            return Counter(str(table) for table, _ in {row[:2] for row in raw_of(connection).execute("PRAGMA foreign_key_check")})

    def drop_broken_references(self) -> None:
        """Drop those of them that can be made again (MADE_AGAIN); what readers did is never dropped."""
        with self._connections.write() as connection:
            raw = raw_of(connection)
            for table, number, *_ in raw.execute("PRAGMA foreign_key_check").fetchall():
                if table in MADE_AGAIN and number is not None:
                    raw.execute(f'DELETE FROM "{table}" WHERE rowid = ?', (number,))  # noqa: S608  (names of ours)

    # --- the journal ------------------------------------------------------------------------------------------------

    @property
    def has_acts(self) -> bool:
        """Whether any reader has done anything in this project."""
        with self._connections.read() as connection:
            return not reach_of(raw_of(connection)).is_nothing

    @property
    def kept_journals(self) -> list[Path]:
        """Journals that hold what this database lacks, or lacked: it is an older copy, or another one."""
        return kept_journals(self._journal) if self._journal else []

    def lacking(self, journal: Path) -> int:
        """How many acts of readers a kept journal holds that are not here. EndoDeskError if it cannot be read."""
        from endodesk.data.safety.taking_in import TakingIn

        with told_as(EndoDeskError, f"{journal.name} cannot be read"), self._connections.read() as connection:
            return TakingIn(raw_of(connection), rows_of(journal)).lacking()

    def take_in(self, journal: Path, *, settings: bool = False) -> int:
        """Add what a kept journal holds and this lacks, all of it or nothing, and delete that journal; how many acts that were.

        EndoDeskError if it could not be written; the journal is there then.
        """
        from endodesk.data.safety.taking_in import TakingIn

        with told_as(EndoDeskError, f"{journal.name} cannot be read"):
            rows = rows_of(journal)
        with self._connections.write(note=ActNote(TAKEN_IN, told={"journal": journal.name})) as connection:
            acts = TakingIn(raw_of(connection), rows).take_in(settings=settings)
            if chain := chain_of(connection):
                chain.pass_over()
                if settings:
                    chain.follow_classes()
        journal.unlink(missing_ok=True)  # all that it held is in the database now, and in the journal that goes with it
        return acts

    def close(self) -> None:
        """Waits for the write in progress; the file then stands alone, without -wal and -shm beside it."""
        self._connections.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
