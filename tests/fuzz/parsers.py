"""The readers of files that may come from anybody: what each is given to begin with, and how the product reads it."""

import contextlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

CLASSES = ("esophagitis", "polyps", "ulcerative-colitis")
STARTER = Path(__file__).parents[2] / "resources" / "models" / "starter"  # tests put another in the program's place
_SHA = "0123456789abcdef" * 4
_FRAMES = ["polyps/a.png", "polyps/=b.png", "esophagitis/é.png"]


@dataclass(frozen=True, slots=True)
class Parser:
    """A kind of file. Reading it may raise an EndoDeskError, which is a sentence, and nothing else."""

    name: str
    whole: Callable[[], list[bytes]]
    """Files as the program writes them, or as users do: what is mutated."""
    read: Callable[[Path], object]
    """As the product reads it, and a little of what it does with it then."""
    file: str = "file"
    """What it is called."""


def _config_read(path: Path) -> object:
    from training.plan.config import load_config, parse_config

    config = load_config(path)
    return parse_config(config.to_toml())


def _configs() -> list[bytes]:
    from training.plan.config import PRESETS

    return [path.read_bytes() for path in sorted(PRESETS.glob("*.toml"))]


def _bundles() -> list[bytes]:
    told = json.loads((STARTER / "bundle.json").read_bytes())
    told["metrics"] = {}  # 25 kB of figures that nothing reads
    return [json.dumps(told, indent=1).encode()]


def _bundle_read(path: Path) -> object:
    from endodesk.inference.bundle import read_bundle

    for name in ("backbone.tflite", "head.npz", "MODEL_CARD.md"):
        if not (path.parent / name).exists():
            shutil.copyfile(STARTER / name, path.parent / name)
    bundle = read_bundle(path.parent)
    return bundle.id, bundle.to_json()


def _manifests() -> list[bytes]:
    lines = ["file,sha256,phash,label,case,group,part"]
    for n, name in enumerate(_FRAMES):
        lines.append(f"/frames/{name},{n}{_SHA[1:]},{'f' * 16},{name.partition('/')[0]},case-{n},{n},{('train', 'val', 'test')[n]}")
    return ["\r\n".join(lines).encode() + b"\r\n"]


def _manifest_read(path: Path) -> object:
    from endodesk.dataset.manifest import count, read_manifest

    return count(read_manifest(path))


def _labels() -> list[bytes]:
    rows = [("file", "label"), *((name, "polyps") for name in _FRAMES), ("./=b.png", "")]
    text = "\n".join(",".join(row) for row in rows)
    return [
        text.encode(),
        text.replace(",", ";").encode("cp1252"),
        text.replace(",", "\t").encode("utf-16"),
        text.replace("é", '"é"').encode(),
    ]


def _labels_read(path: Path) -> object:
    from endodesk.app.frames.frame_list import FrameList
    from endodesk.app.frames.label_table import read_labels
    from endodesk.domain.label_set import LabelSet

    return read_labels(path, FrameList(Path("/frames"), sorted([*_FRAMES, "=b.png"])), LabelSet.of(CLASSES))


def _acts() -> list[bytes]:
    """The same few acts in each format of one file."""
    from tempfile import TemporaryDirectory

    from endodesk.dataset.exchange.formats import FORMATS, write_export
    from endodesk.domain.acts import Act, PortableFrame, PortableRecord
    from endodesk.system.task import TaskContext

    frames = tuple(PortableFrame(name, f"{n}{_SHA[1:]}", "", 96, 77) for n, name in enumerate(_FRAMES))
    told: dict[str, Any] = {
        "sha256": frames[1].sha256,
        "file": frames[1].file,
        "width": 96,
        "height": 77,
        "reader": "Ana",
        "at": datetime(2026, 1, 1, tzinfo=UTC),
    }
    acts = (Act("label", "polyps", **told), Act("note", "=a 'note'", **told), Act("box", "[[0.1,0.1],[0.9,0.1],[0.9,0.8]]", **told))
    record = PortableRecord("frames", frames, acts, CLASSES)
    written: list[bytes] = []
    with TemporaryDirectory() as folder:
        for form in FORMATS.values():
            if form.ending:
                write_export(record, form, Path(folder) / form.key, TaskContext())
                written.append((Path(folder) / form.key).read_bytes())
    return written


def _acts_read(path: Path) -> object:
    from endodesk.dataset.exchange.formats import read_import
    from endodesk.system.task import TaskContext

    return [act.key for act in read_import(path, CLASSES, TaskContext()).acts]


def _pairs() -> list[bytes]:
    return [f"sha256_left,sha256_right,bits\n{_SHA},{_SHA[::-1]},0\n".encode()]


def _pairs_read(path: Path) -> object:
    from endodesk.dataset.leak_report import read_pairs

    return read_pairs(path)


def _drawn() -> list[bytes]:
    outline = [[0.1, 0.1], [0.9, 0.1], [0.9, 0.8]]
    return [json.dumps({"format": 1, "given": [{"box": outline, "field": None}], "frames": {_SHA: 0}}).encode()]


def _drawn_read(path: Path) -> object:
    from endodesk.dataset.overrides_file import read_overrides

    overrides = read_overrides(path)
    return [one.name_of(image) for image, one in overrides.frames.items()]


def _run_lines() -> list[bytes]:
    from endodesk.domain.runs import RunEvent, RunEventKind

    measured = {"accuracy": 0.5, "val_accuracy": 0.4, "loss": 1.0}
    events = [
        RunEvent(RunEventKind.PHASE, "head", total=3),
        RunEvent(RunEventKind.PROGRESS, done=1, total=3),
        RunEvent(RunEventKind.EPOCH, "head", 1, 3, measured, seconds=2.5),
        RunEvent(RunEventKind.WARNING, message="Few frames."),
        RunEvent(RunEventKind.FINISHED, metrics=measured, bundle="/run/bundle", message="Done."),
    ]
    return ["\n".join(event.to_line() for event in events).encode()]


def _run_lines_read(path: Path) -> object:
    from endodesk.cli.console import RunPrinter
    from endodesk.domain.runs import RunEvent
    from endodesk.system.task import TaskContext

    show = RunPrinter(TaskContext(lambda _: None, interval=0))
    for line in path.read_bytes().splitlines():  # as training.plan.launch reads them
        if event := RunEvent.from_line(line.decode("utf-8", "replace")):
            show(event)
    return None


def _comparisons() -> list[bytes]:
    from tempfile import TemporaryDirectory

    from endodesk.domain.classes import ClassSet
    from training.evaluation.compared_models import ACTIVE, ComparedModel, write_comparisons
    from training.evaluation.paired_comparison import compare
    from training.evaluation.predictions import LabelledFrame, Predictions

    classes, truth, rng = ClassSet(("polyps", "normal")), np.arange(24) % 2, np.random.default_rng(0)
    frames = tuple(LabelledFrame(Path(f"/frames/{n}.png"), classes.names[n % 2], str(n)) for n in range(24))
    new, old = (Predictions(frames, truth, rng.dirichlet((1, 1), 24), classes, ()) for _ in range(2))
    with TemporaryDirectory() as folder:
        write_comparisons(Path(folder), [ComparedModel(ACTIVE, "0" * 12, "old", compare(new, old, resamples=50))])
        return [(Path(folder) / "comparison.json").read_bytes()]


def _comparisons_read(path: Path) -> object:
    from endodesk.app.retraining.gate import Judgement, PromotionRule, objections
    from endodesk.app.retraining.verdict import details_told, objections_told, verdict_told
    from endodesk.domain.reviews import BundleId
    from endodesk.ui.training.retrain_result import rows_beside
    from training.evaluation.compared_models import read_comparisons

    found = read_comparisons(path.parent)
    for one in found:
        comparison, rule = one.comparison, PromotionRule()
        judgement = Judgement(BundleId("0" * 12), rule, one, objections(comparison, rule))
        json.dumps(judgement.told(), allow_nan=False)
        rows_beside(comparison)
        "".join((verdict_told(comparison), *details_told(comparison), *objections_told(judgement)))
    return found


def _proofs() -> list[bytes]:
    from endodesk.app.retraining.proof.model_proof import digest_of_row
    from tests.signed_proofs import a_proof, signed

    return [signed(a_proof([digest_of_row(_SHA, "polyps", "train")]))]


def _proof_read(path: Path) -> object:
    """As it is, and, for what it says is read only then, signed anew by whoever changed it."""
    from endodesk.app.retraining.proof.model_proof import BadProof, ModelProof, bundle_faults, read_proof, rows_changed, signer_told
    from endodesk.dataset.manifest import ManifestRow
    from endodesk.domain.images import Sha256
    from endodesk.inference.bundle import described
    from tests.signed_proofs import KEY, signed

    with contextlib.suppress(ValueError, TypeError, KeyError, RecursionError):  # else it is read as it is
        path.write_bytes(signed(ModelProof.of({**json.loads(path.read_bytes())["proof"], "key": KEY.public})))
    proof = read_proof(path.parent)
    if proof is None:
        raise BadProof("no file")
    row = ManifestRow(Path("a.png"), Sha256(_SHA), "", "normal", part="train")
    return signer_told(proof), bundle_faults(proof, described(STARTER)), rows_changed(proof, [row], CLASSES)


def _films_taken() -> list[bytes]:
    return [json.dumps({"format": 1, "name": "polyps/film.mp4", "digest": _SHA}).encode()]


def _films_taken_read(path: Path) -> object:
    from endodesk.app.frames.scan import list_images
    from endodesk.app.frames.taken_frames import TakenFolder, with_taken
    from endodesk.system.task import TaskContext

    frames = path.parents[2] / "frames"
    frames.mkdir(exist_ok=True)
    TakenFolder(path.parent, "film.mp4", Path()).path(7).touch()
    return with_taken(list_images(frames, TaskContext()), path.parents[1], TaskContext())


def _heads() -> list[bytes]:
    from endodesk.inference.head import Head

    head = Head.load(STARTER / "head.npz")
    rng = np.random.default_rng(0)
    small = (rng.normal(size=(8, 4)), rng.normal(size=4), rng.normal(size=(4, head.classes)), rng.normal(size=head.classes))
    names = ("dense_kernel", "dense_bias", "logits_kernel", "logits_bias")
    return [_npz({name: array.astype(np.float32) for name, array in zip(names, small, strict=True)})]


def _npz(arrays: dict[str, np.ndarray]) -> bytes:
    from io import BytesIO

    stream = BytesIO()
    np.savez(stream, **arrays)  # type: ignore[arg-type]
    return stream.getvalue()


def _head_read(path: Path) -> object:
    from endodesk.inference.head import Head

    return Head.load(path).arrays


def _checkpoints() -> list[bytes]:
    figures = ("loss", "accuracy", "val_loss", "val_accuracy", "shifted_loss", "shifted_accuracy", "waited", "seconds")
    row = {"phase": "head", "epoch": 1, **dict.fromkeys(figures, 0.5)}
    story = json.dumps({"made_of": _made_of(), "rows": [row]})
    return [_npz({"story": np.frombuffer(story.encode(), np.uint8), "v0000": np.ones((4, 4), np.float32)})]


def _made_of() -> str:
    import hashlib

    return hashlib.sha256(b"\0").hexdigest()


def _checkpoint_read(path: Path) -> object:
    from training.plan.checkpoint import Checkpoints

    run = path.parents[1]
    for name in ("config.toml", "manifest.csv"):
        (run / name).write_bytes(b"")
    return Checkpoints(run, resume=True).of("head")


def _projects() -> list[bytes]:
    return [path.read_bytes() for path in sorted((Path(__file__).parents[1] / "data" / "projects").glob("v*/project.sqlite"))]


def _project_read(path: Path) -> object:
    """Opened, brought up to date, and all of it read."""
    from endodesk.data.database import Database

    told: list[Any] = []
    with Database.open(path) as db:
        images = list(db.images.known())
        told += [
            db.images.hashes(),
            list(db.images.stamps()),
            db.images.stamps_of(images),
            db.corrections.current(),
            db.corrections.marks(),
        ]
        for image in db.corrections.current():
            told += [db.corrections.history(image), db.images.get(image), db.images.paths(image), db.overrides.history(image)]
        told += [db.models.all(), db.models.active(), db.models.promotions(), db.merges.standing(), db.overrides.by_frame()]
        for model in db.models.all():
            told += [db.predictions.of_bundle(model.bundle.id), list(db.predictions.pieces_of(model.bundle.id, 3))]
        for reader in ("Dr. First", "Dr. Second"):
            stacks = db.steps.stacks(reader)
            told += [db.steps.undo(step, reader=reader, at=datetime.now(UTC)) for step in list(stacks.undo)[-2:]]
            told += [db.steps.redo(step, reader=reader, at=datetime.now(UTC)) for step in list(stacks.redo)[-2:]]
        told += [db.conclusions.history("polyps/case-1"), db.conclusions.concluded(), db.settings.get("classes")]
    return [f"{one!r}" for one in told]


def _thumbnails() -> list[bytes]:
    import cv2

    picture = np.random.default_rng(0).integers(0, 255, (96, 128, 3), np.uint8)
    return [cv2.imencode(".jpg", picture)[1].tobytes() + bytes(4)]


def _thumbnail_read(path: Path) -> object:
    from endodesk.domain.images import Sha256
    from endodesk.imaging.thumbnail_store import ThumbnailStore
    from tests.frame_folders import png, put

    frame = put(path.parent / "frame.png", png(1))
    store = ThumbnailStore(path.parent / "cache")
    name, _ = store.get(frame)
    (kept,) = (path.parent / "cache").rglob("*.jpg")
    shutil.copyfile(path, kept)
    return store.get(frame, Sha256(name))


def _window_settings() -> list[bytes]:
    some = "\\0\\0\\0\\0\\0\\0\\x5O\\0\\0\\x3["
    lines = ["[General]", f"geometry=@ByteArray(\\x1\\xd9\\xd0\\xcb\\0\\x3\\0\\0{some}{some})", f"splitter=@ByteArray({some})"]
    lines += ["project=/nowhere", "theme=dark", "language=es", "text_percent=120", "reader=Dr. M\\xfcller", "go_on=true", "heat_opacity=55"]
    lines += ["", "[gallery]", "size=160", "list=true", "", "[tour]", "seen=1"]
    return ["\n".join(lines).encode()]


def _window_settings_read(path: Path) -> object:
    """The whole window on them, shown and closed."""
    from PySide6.QtCore import QEvent
    from PySide6.QtWidgets import QApplication

    from endodesk.app.user_places import settings_file
    from endodesk.ui.start import make_window

    settings_file().parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, settings_file())
    application, window = make_window(None)
    application.processEvents()
    window.close()
    window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return None


def _project_files() -> list[bytes]:
    return [b"EndoDesk project\nOpen this file with EndoDesk: the folder that it lies in is the project.\n"]


def _project_file_read(path: Path) -> object:
    from endodesk.app.project.project_file import place_to_open

    (path.parent / "project.sqlite").touch()
    return place_to_open(path)


PARSERS = {
    parser.name: parser
    for parser in (
        Parser("bundle", _bundles, _bundle_read, "bundle.json"),
        Parser("config", _configs, _config_read, "config.toml"),
        Parser("manifest", _manifests, _manifest_read, "manifest.csv"),
        Parser("labels", _labels, _labels_read, "labels.csv"),
        Parser("acts", _acts, _acts_read, "acts"),
        Parser("pairs", _pairs, _pairs_read, "leaks.csv"),
        Parser("drawn", _drawn, _drawn_read, "overrides.json"),
        Parser("run lines", _run_lines, _run_lines_read),
        Parser("comparison", _comparisons, _comparisons_read, "comparison.json"),
        Parser("model proof", _proofs, _proof_read, "proof.json"),
        Parser("films taken", _films_taken, _films_taken_read, "taken/film/source.json"),
        Parser("head", _heads, _head_read, "head.npz"),
        Parser("checkpoint", _checkpoints, _checkpoint_read, "checkpoints/last.npz"),
        Parser("project", _projects, _project_read, "project.sqlite"),
        Parser("thumbnail", _thumbnails, _thumbnail_read, "kept.jpg"),
        Parser("window settings", _window_settings, _window_settings_read, "window.ini"),
        Parser("project file", _project_files, _project_file_read, "project.endodesk"),
    )
}
