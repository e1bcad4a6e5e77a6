"""KnownAnswers: what the active model has said of frames so far, as the gallery needs it: class and probability."""

from collections.abc import Callable

from endodesk.app.jobs import Jobs, Urgency
from endodesk.data.database import Database
from endodesk.domain.bundles import ModelBundle
from endodesk.domain.images import Sha256
from endodesk.domain.ticket import Ticket


class KnownAnswers:
    """Of one model at a time; another model's are forgotten at once, and stored ones follow from the background."""

    def __init__(self, jobs: Jobs, database: Database, *, loaded: Callable[[], None], failed: Callable[[str], None]) -> None:
        self._jobs, self._database, self._loaded, self._failed = jobs, database, loaded, failed
        self._answers: dict[Sha256, tuple[str, float]] = {}
        self._loading: Ticket | None = None

    def of(self, image: Sha256 | None) -> tuple[str, float] | None:
        """The answer and its probability; None if it is not known."""
        return self._answers.get(image) if image else None

    def use(self, bundle: ModelBundle | None) -> None:
        """The model whose answers count from now on; None if there is none."""
        self._answers = {}
        if self._loading:
            self._loading.cancel()
        self._loading = None
        if bundle is not None:
            self._loading = ticket = self._jobs.submit(
                lambda _: self._read(bundle),
                done=lambda answers: self._take(answers) if ticket is self._loading else None,
                failed=self._failed,
                urgency=Urgency.LATER,
            )

    def add(self, image: Sha256, names: tuple[str, ...], probabilities: tuple[float, ...]) -> None:
        """A new answer of the model in use."""
        self._answers[image] = _largest(names, probabilities)

    def _read(self, bundle: ModelBundle) -> dict[Sha256, tuple[str, float]]:
        stored = self._database.predictions.of_bundle(bundle.id)
        return {image: _largest(bundle.classes.names, prediction.probabilities) for image, prediction in stored.items()}

    def _take(self, answers: dict[Sha256, tuple[str, float]]) -> None:
        self._answers = answers | self._answers
        self._loaded()


def _largest(names: tuple[str, ...], probabilities: tuple[float, ...]) -> tuple[str, float]:
    best = max(range(len(probabilities)), key=probabilities.__getitem__)
    return names[best], probabilities[best]
