"""Database: the project's memory, one SQLite file, opened and ready."""

from pathlib import Path
from types import TracebackType
from typing import Self

from endodesk.data.conclusion_store import ConclusionStore
from endodesk.data.connections import BUSY_MS, Connections
from endodesk.data.correction_store import CorrectionStore
from endodesk.data.image_store import ImageStore
from endodesk.data.merge_store import MergeStore
from endodesk.data.migration import MIGRATIONS, bring_to_head
from endodesk.data.model_store import ModelStore
from endodesk.data.override_store import OverrideStore
from endodesk.data.prediction_store import PredictionStore
from endodesk.data.setting_store import SettingStore
from endodesk.data.step_store import StepStore
from endodesk.domain.errors import BadProject, EndoDeskError


class Database:
    """The stores of one project. Any thread may use them; whoever opened it closes it."""

    def __init__(self, path: Path, connections: Connections) -> None:
        self.path = path
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
    def open(cls, path: Path, *, busy_ms: int = BUSY_MS, migrations: Path = MIGRATIONS) -> Self:
        """Open the file, created if it is not there and migrated (after a copy was put beside it) if it is older.

        Raises BadProject with what to do if it is damaged, no project, newer than the program, locked by
        another program for longer than `busy_ms`, or in a folder that is missing or cannot be written to.
        """
        path = path.absolute()
        if not path.parent.is_dir():
            raise BadProject(f"There is no folder {path.parent}. Create it, or choose another one.")
        bring_to_head(path, busy_ms=busy_ms, migrations=migrations)
        connections = Connections(path, busy_ms=busy_ms)
        try:
            # Learn now, not at the first correction, that it cannot be written to.
            with connections.write(f"The project {path} cannot be opened") as connection:
                connection.exec_driver_sql("DELETE FROM setting WHERE 0")
        except EndoDeskError as error:
            connections.close()
            raise BadProject(str(error)) from error
        return cls(path, connections)

    def close(self) -> None:
        """Waits for the write in progress; the file then stands alone, without -wal and -shm beside it."""
        self._connections.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
