"""The trainings of a project: which parts they bind, what a model has learnt from, which one can be gone on with."""

import contextlib
import json
from pathlib import Path
from typing import Any

from endodesk.app.language import tr
from endodesk.app.project.kept_bundles import forget_copy
from endodesk.app.project.own_projects import is_kept_here
from endodesk.app.project.project import Project
from endodesk.data.setting_store import text_of
from endodesk.dataset.manifest import read_manifest
from endodesk.domain.bundles import ModelBundle
from endodesk.domain.errors import BadBundle, BadRequest
from endodesk.domain.images import Sha256
from endodesk.domain.reviews import BundleId
from endodesk.imaging.hashing import sha256_file
from endodesk.inference.bundle import described
from endodesk.system.atomic import remove_folder
from endodesk.system.own_record import note, noted
from training.plan.background import is_running, left
from training.plan.checkpoint import can_be_resumed
from training.plan.config import load_config
from training.plan.run_folder import BUNDLE, CONFIG, MANIFEST, OWN_REPORTS, REPORT

_LAST = "last_run"
CANDIDATE = "candidate "
"""What the folder of a run begins with whose model nobody has asked for; it goes if nobody takes it."""


# Why: docs/decisions/dataset.md 1
def earlier_parts(project: Project) -> dict[str, str]:
    """Part of every frame of the runs that made a model: a frame once in test stays in test, else models cannot be compared.

    BadRequest if the list of frames of such a run is damaged: its test frames must not slip into training unseen.
    """
    parts: dict[str, str] = {}
    made_models = {stored.bundle.run for stored in project.database.models.all()}  # also where a run's own copy was cleared away
    for run in sorted(project.runs_folder.glob("*/")):
        if run.name in made_models or (run / BUNDLE).is_dir():  # one that was cancelled has measured nothing, and binds nothing
            parts |= {row.sha256: row.part for row in read_manifest(run / MANIFEST) if row.part}
    return parts


def trained_here(project: Project, bundle: ModelBundle) -> bool:
    """Whether the run that made a model is one of the project's, so that its parts bind later runs."""
    is_name = bundle.run not in ("", ".", "..") and Path(bundle.run).name == bundle.run  # a model from elsewhere may name any place
    return is_name and (project.runs_folder / bundle.run / MANIFEST).is_file()


# Why: docs/decisions/training.md 26
def learnt_here(project: Project, bundle: ModelBundle) -> bool:
    """Whether all that a model has learnt from is in the project's runs: of a quick update, also what it goes on from.

    No, if the run's configuration cannot be read any more.
    """
    if not trained_here(project, bundle):
        return False
    try:
        if not load_config(project.runs_folder / bundle.run / CONFIG).quick:
            return True
    except BadRequest:
        return False
    parents = [stored.bundle for stored in project.database.models.all() if stored.bundle.id == bundle.parent]
    return bool(parents) and learnt_here(project, parents[0])


def frames_learnt_here(project: Project, bundle: ModelBundle) -> set[Sha256]:
    """Frames that a model is known to have learnt from, or was stopped and calibrated by; with `learnt_here` these are all.

    BadRequest if the list of frames of such a run is damaged.
    """
    known = {stored.bundle.id: stored.bundle for stored in project.database.models.all()}
    found: set[Sha256] = set()
    model: ModelBundle | None = bundle
    seen = set[str]()  # what a foreign model calls its parent may lead in a circle
    while model and trained_here(project, model) and model.id not in seen:
        seen.add(model.id)
        run = project.runs_folder / model.run
        found |= {row.sha256 for row in read_manifest(run / MANIFEST) if row.part != "test"}
        model = known.get(BundleId(model.parent)) if load_config(run / CONFIG).quick else None
    return found


def report_of(project: Project, bundle: ModelBundle) -> Path | None:
    """Where the report of a model's run is, if the run is one of the project's and has one."""
    report = project.runs_folder / bundle.run / REPORT
    return report if trained_here(project, bundle) and report.is_file() else None


# Why: docs/decisions/app.md 37
def is_known_report(report: Path) -> bool:
    """Whether a report was written by this program on this PC, or accepted by its user: a page may do more than show figures."""
    try:
        return is_kept_here(report) or bool(noted(OWN_REPORTS, sha256_file(report)))
    except OSError:  # it is gone
        return False


def accept_report(report: Path) -> None:
    """The user trusts a report as it is now: there is no second question."""
    with contextlib.suppress(OSError):  # it is gone: there is nothing to show either
        note(OWN_REPORTS, sha256_file(report), "accepted")


# Why: docs/decisions/training.md 8
def interrupted_run(project: Project) -> Path | None:
    """The project's last run, if it was killed or cancelled and can be gone on with; not while its process still runs.

    Only the last: a later run that made a model binds parts, and an older one may hold its test frames in training.
    """
    last = last_run(project)
    return last if last and can_be_resumed(last) and not (last / BUNDLE).is_dir() and not is_running(last) else None


def last_run(project: Project) -> Path | None:
    """The run folder of the training that was begun last; it may be gone."""
    return project.database.settings.read(_LAST, lambda name: _run_named(project, name), None) or _last_by_name(project)


# Why: docs/decisions/training.md 30
def left_run(project: Project) -> tuple[Path, int | None] | None:
    """The training that a window of this account left to itself and that nobody has dealt with since; and the last word that it has."""
    run = None if project.is_nothing else last_run(project)
    if run is None or not (noted_of := left(run)):
        return None
    try:
        newest = json.loads(noted_of)
    except ValueError:
        newest = None
    return run, newest if isinstance(newest, int) else None


def refuse_second(project: Project) -> None:
    """BadRequest if a training of the project is under way, whoever began it; a candidate's makes way."""
    if any(is_running(run) for run in project.runs_folder.glob("*/") if not run.name.startswith(CANDIDATE)):
        told = tr("A training of this project is under way. Open the project's window and wait for it, or stop it there.")
        raise BadRequest(told)


def remove_candidate(project: Project, run: Path) -> None:
    """Remove the run of a candidate that nobody took, and what was copied of its model. What cannot be removed is tried again next time."""
    taken = {stored.bundle.run for stored in project.database.models.all()}
    if run.parent == project.runs_folder and run.name.startswith(CANDIDATE) and run.name not in taken and run.is_dir():
        with contextlib.suppress(BadBundle):  # it never had one
            forget_copy(project, described(run / BUNDLE).id)
        with contextlib.suppress(OSError):
            remove_folder(run)


def note_run(project: Project, run: Path) -> None:
    """Note that a run was begun. EndoDeskError if that could not be written."""
    project.database.settings.set(_LAST, run.name)


def _run_named(project: Project, name: Any) -> Path:
    run = text_of(name)
    if run in ("", ".", "..") or Path(run).name != run:
        raise ValueError(f"not the name of a run: {run!r:.80}")
    return project.runs_folder / run


def _last_by_name(project: Project) -> Path | None:
    """Of a project of an older program, which noted none. Names tell the local time, which goes back an hour once a year."""
    runs = (run for run in project.runs_folder.glob("*/") if not run.name.startswith(CANDIDATE))
    return max(runs, default=None)
