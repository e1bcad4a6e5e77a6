"""Which model is meant by a word, what its figures say of using it, and using it: for commands."""

from dataclasses import dataclass, replace
from pathlib import Path

from endodesk.app.language import tr
from endodesk.app.project.kept_bundles import active_bundle, check_place, check_same, keep_bundle, kept_models, name_of, words_of
from endodesk.app.project.project import Project
from endodesk.app.project.starter import starter_folder
from endodesk.app.retraining.gate import Judgement, Objection, judge, lost_classes, objections, promote, reason_and_note
from endodesk.app.retraining.model_comparison import compare_models, frames_held_out
from endodesk.app.retraining.verdict import objections_told
from endodesk.data.model_store import StoredModel
from endodesk.domain.bundles import ModelBundle
from endodesk.domain.errors import BadBundle, BadRequest
from endodesk.domain.shown_text import visible_lines
from endodesk.inference.bundle import DESCRIPTION, read_bundle
from endodesk.inference.predictor import Predictor
from endodesk.system.task import TaskContext
from training.evaluation.compared_models import ACTIVE, STARTER, ComparedModel


@dataclass(frozen=True, slots=True)
class NamedModel:
    """A model and where its files are."""

    bundle: ModelBundle
    folder: Path

    @property
    def told(self) -> str:
        """Its name and id."""
        return f"{visible_lines(self.bundle.name)} ({self.bundle.id})"


def find_model(project: Project, word: str) -> NamedModel:
    """The model that a user names: `active`, `starter`, an id or its beginning, a name, or the folder of a bundle, in this order.

    BadRequest with a sentence on what there is, BadBundle if it cannot be used.
    """
    if word == ACTIVE:
        if (active := active_bundle(project)) is None:
            raise BadRequest(tr("This project has no active model. {known}").format(known=_known_told(project)))
        return _stored(project, active)
    if word == STARTER:
        if (starter := starter_folder()) is None:
            raise BadRequest(tr("This EndoDesk came without a starter model."))
        return NamedModel(read_bundle(starter), starter)
    models, words = kept_models(project), words_of(project)
    by_name = [stored for stored in models if word in (stored.bundle.id, stored.bundle.name, name_of(stored.bundle, words))]
    found = by_name or [stored for stored in models if word and stored.bundle.id.startswith(word)]
    if len(found) == 1:
        return _stored(project, found[0])
    if not found and (Path(word) / DESCRIPTION).is_file():
        return NamedModel(read_bundle(Path(word)), Path(word).absolute())
    told = tr("{word} means several models. {known}") if found else tr("There is no model {word} here. {known}")
    raise BadRequest(told.format(word=word, known=_known_told(project)))


def judge_or_compare(
    project: Project, model: NamedModel, task: TaskContext, *, trained_now: bool = False
) -> tuple[Judgement, tuple[str, ...]]:
    """What the gate says of a model; one that its own run did not hold against the active model is compared now, where that can be.

    With what there is to know of it, a sentence each. For a job. BadBundle if the model itself cannot be used; Cancelled.
    """
    judgement = judge(project, model.bundle, trained_now=trained_now)
    if all(what is not Objection.NOT_COMPARED for what, _ in judgement.objections):
        return judgement, ()
    new = Predictor(model.folder, task=task)
    try:
        active = find_model(project, ACTIVE)
        asked = frames_held_out(project, new.bundle, active.bundle)
        found = compare_models(project, new, Predictor(active.folder, task=task), asked, task)
    except (BadRequest, BadBundle) as error:
        return judgement, (str(error),)
    lost = lost_classes(project.label_set, new.bundle, active.bundle)
    compared = ComparedModel(ACTIVE, found.old.id, found.old.name, found.comparison)
    judgement = replace(judgement, compared=compared, objections=objections(found.comparison, judgement.rule, lost))
    return judgement, (found.frames, *found.notes)


def use_model(project: Project, model: NamedModel, judgement: Judgement, *, reader: str, why: str, task: TaskContext) -> None:
    """Make a model the active one through the gate; one from elsewhere is proven and copied into the project first.

    BadRequest with what speaks against it, and nothing is recorded, if that is something and nobody says why it is used all the same.
    """
    if not judgement.passes and not why.strip():
        told = tr("{objections} To use it all the same, say why: endodesk use PLACE {model} --why TEXT")
        raise BadRequest(told.format(objections=" ".join(objections_told(judgement)), model=model.bundle.id))
    reason_and_note(judgement, why)  # before anything is copied
    keep_bundle(project, model.folder, task)
    promote(project, judgement, reader=reader, why=why)


def _stored(project: Project, stored: StoredModel) -> NamedModel:
    check_place(project, stored)
    bundle = read_bundle(stored.folder)
    check_same(stored, bundle)
    return NamedModel(bundle, stored.folder)


def _known_told(project: Project) -> str:
    models = ", ".join(_stored_told(stored) for stored in kept_models(project))
    told = tr("Name one of these by its id, the beginning of that, or its name: {models}; or active, starter, or a bundle's folder.")
    return told.format(models=models or tr("none"))


def _stored_told(stored: StoredModel) -> str:
    return NamedModel(stored.bundle, stored.folder).told
