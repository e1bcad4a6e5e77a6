"""ActiveModel: the model whose answers a project shows, loaded and exchanged."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from endodesk.app.jobs import Jobs, Urgency
from endodesk.app.language import tr
from endodesk.app.project.kept_bundles import active_bundle, check_same
from endodesk.app.project.project import Project
from endodesk.app.project.starter import has_starter, take_starter
from endodesk.data.chain.writing import NOTHING_MORE, ActNote
from endodesk.data.model_store import StoredModel
from endodesk.domain.errors import EndoDeskError
from endodesk.inference.bundle import read_bundle
from endodesk.inference.predictor import Predictor
from endodesk.inference.proof import prove
from endodesk.system.task import TaskContext


class ActiveModel:
    """At most one predictor. What was asked for last wins, however long the one before takes to load."""

    def __init__(self, jobs: Jobs, project: Project, *, changed: Callable[[Predictor | None], None], failed: Callable[[str], None]) -> None:
        self._jobs, self._project, self._changed, self._failed = jobs, project, changed, failed
        self._loading: TaskContext | None = None

    @property
    def loading(self) -> bool:
        """Whether answers are still to come."""
        return self._loading is not None

    def load(self) -> None:
        """Load the project's active model in the background, the starter model into a new one; `changed` follows, also if there is none."""
        project = self._project
        try:
            nothing_to_load = not project.database.models.any_promoted() and not has_starter(project)
        except EndoDeskError as error:
            self._give_up(str(error))
            return
        if nothing_to_load:
            self._use(None)
            return
        self._loading = task = self._jobs.submit(
            lambda task: _load(active_bundle(project) or take_starter(project), task),
            done=lambda predictor: self._use(predictor) if task is self._loading else None,
            failed=lambda reason: self._give_up(reason) if task is self._loading else None,
            urgency=Urgency.NOW,
        )

    def try_out(self, folder: Path, *, done: Callable[[], None], failed: Callable[[str], None]) -> None:
        """Let a model of the project be proven in the background, if it was not yet: `promote` then holds up nothing."""
        self._jobs.submit(lambda task: prove(folder, read_bundle(folder), task), done=lambda _: done(), failed=failed, urgency=Urgency.NOW)

    def take_out(self, reason: str) -> None:
        """No answers any more until another model is chosen, or the project is opened again: this one fails, and a sentence says why."""
        self._give_up(reason)

    def promote(self, folder: Path, *, reader: str, why: str, note: ActNote = NOTHING_MORE) -> None:
        """Make a bundle in the project the active model, after the gate (`app.retraining.gate`) let it. BadBundle if it is not whole."""
        predictor = Predictor(folder, threads=2)  # one frame at a time: two threads take 5 ms, one takes 9
        bundle, models = predictor.bundle, self._project.database.models
        models.promote(bundle.id, reader=reader, why=why, at=datetime.now(UTC), note=note, adds=(bundle, folder))
        self._use(predictor)

    def _use(self, predictor: Predictor | None) -> None:
        self._loading = None
        self._changed(predictor)

    def _give_up(self, reason: str) -> None:
        self._use(None)
        self._failed(tr("The active model cannot be used. {reason} Choose another under Model > Models.").format(reason=reason))


def _load(stored: StoredModel, task: TaskContext) -> Predictor:
    predictor = Predictor(stored.folder, threads=2, task=task)
    check_same(stored, predictor.bundle)
    return predictor
