"""Signing what a training came to: the proof is written into its bundle and beside it, once it has ended."""

import platform
import sys
from dataclasses import asdict, replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from endodesk import __version__
from endodesk.app.language import reason_of, tr
from endodesk.app.project.project import Project
from endodesk.app.project.readers import reader_of
from endodesk.app.retraining.proof.model_proof import ANCHOR, ModelProof, digest_of_row
from endodesk.app.signers import signing_key
from endodesk.data.chain.anchor import Anchor
from endodesk.dataset.manifest import read_manifest
from endodesk.dataset.overrides_file import OVERRIDES
from endodesk.dataset.window_examples import WINDOWS
from endodesk.domain.errors import EndoDeskError
from endodesk.domain.shown_text import visible
from endodesk.imaging.hashing import sha256_file
from endodesk.inference.bundle import PROOF, described
from endodesk.system.atomic import write_file
from endodesk.system.cpu import processor_name
from training.plan.config import Config, load_config
from training.plan.run_folder import BUNDLE, COMPARISON, CONFIG, MANIFEST, METRICS

SIGNED_FILES = (CONFIG, MANIFEST, OVERRIDES, WINDOWS, METRICS, COMPARISON)
"""Of a run's folder; its pictures can be cleared, and its log and curves say nothing that the figures do not."""
_LIBRARIES = ("ai-edge-litert", "opencv-python-headless", "tensorflow", "tensorflow-cpu", "keras")
_PLACES = ("paths", "weights")
"""Settings that name files and folders of a PC: a proof goes with its model."""


def sign_run(project: Project, run: Path) -> str:
    """Sign what a training of a project came to; what hindered it as a sentence for the user, for the model is worth having without."""
    try:
        if not (run / ANCHOR).is_file():
            return tr("The model has no proof: its training was begun by an older EndoDesk.")
        key = signing_key()
        proof = _proof_of_run(project, run, key.public)
        signed = proof.written(key.sign(proof.signed_bytes))
        for folder in (run / BUNDLE, run):
            write_file(folder / PROOF, signed)
    except (EndoDeskError, OSError) as error:
        return tr("The model has no proof: {reason}").format(reason=error if isinstance(error, EndoDeskError) else reason_of(error))
    return ""


def _proof_of_run(project: Project, run: Path, key: str) -> ModelProof:
    bundle, config, anchor = described(run / BUNDLE), load_config(run / CONFIG), Anchor.read(run / ANCHOR)
    rows = read_manifest(run / MANIFEST)
    return ModelProof(
        name=visible(reader_of(project)).strip(),
        key=key,
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        model=bundle.id,
        run=run.name,
        base=bundle.parent if config.quick else "",
        anchor=asdict(anchor),
        files={name: sha256_file(run / name) for name in SIGNED_FILES if (run / name).is_file()},
        weights=dict(bundle.files),
        rows=sorted(digest_of_row(row.sha256, row.label, row.part) for row in rows),
        configuration=settings_of(config),
        figures=dict(bundle.metrics),
        made_with=made_with(),
    )


def settings_of(config: Config) -> dict[str, object]:
    """A configuration as a proof has it, without what names places of a PC."""
    told = asdict(replace(config, windows=replace(config.windows, masks="")))
    return {key: value for key, value in told.items() if key not in _PLACES}


def made_with() -> dict[str, str]:
    """Versions of the program and its libraries, system and processor: where these differ, last digits may."""
    told = {"EndoDesk": __version__, "Python": platform.python_version(), "numpy": np.__version__}
    for library in _LIBRARIES:
        try:
            told[library] = version(library)
        except PackageNotFoundError:
            continue
    return told | {"system": f"{sys.platform} {platform.machine()}", "processor": processor_name()}
