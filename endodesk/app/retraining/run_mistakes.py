"""What a model of the project had wrong on the test frames of its training, as the run has kept it."""

from endodesk.app.language import tr
from endodesk.app.project.project import Project
from endodesk.app.project.project_runs import trained_here
from endodesk.dataset.manifest import read_manifest
from endodesk.domain.bundles import ModelBundle
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import Sha256
from training.evaluation.mistake_list import Mistake, read_mistakes
from training.plan.run_folder import MANIFEST


def mistakes_of(project: Project, bundle: ModelBundle) -> list[tuple[Mistake, Sha256 | None]]:
    """The most confident ones first, each with its frame's content as far as the run tells it. BadRequest with why there is no list."""
    if not trained_here(project, bundle):
        raise BadRequest(tr("{model} was not trained in this project, so its mistakes are not known here.").format(model=bundle.name))
    run = project.runs_folder / bundle.run
    found = read_mistakes(run)
    if found is None:
        raise BadRequest(tr("The training {run} kept no list of its mistakes: it was made by an older EndoDesk.").format(run=run.name))
    images = {str(row.file): row.sha256 for row in read_manifest(run / MANIFEST) if row.part == "test"}
    return [(one, images.get(one.file)) for one in found]
