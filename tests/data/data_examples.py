"""What the data tests are made of: small, valid and told apart by a number."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from endodesk.data.image_store import FileStamp
from endodesk.domain.bundles import ModelBundle
from endodesk.domain.classes import PAPER_CLASSES
from endodesk.domain.images import ImageRecord, Sha256
from endodesk.domain.recipes import Recipe, RecipeStep
from endodesk.domain.reviews import BundleId, Correction

NOON = datetime(2025, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)


def sha(number: int) -> Sha256:
    return Sha256(f"{number:064x}")


def a_frame(number: int, *, path: Path | None = None, phash: str = "") -> ImageRecord:
    return ImageRecord(sha(number), path or Path(f"/frames/{number}.jpg"), 720, 576, phash)


def a_file(number: int, *, path: Path | None = None) -> tuple[ImageRecord, FileStamp]:
    then = 1_700_000_000_000_000_000 + number
    return a_frame(number, path=path), FileStamp(1000 + number, then, number, then, 1)


def a_correction(number: int, label: str = "polyps", *, bundle: BundleId | None = None, minutes: int = 0) -> Correction:
    answer = None if bundle is None else "esophagitis"
    return Correction(sha(number), label, "Dr. Müller", NOON + timedelta(minutes=minutes), bundle, answer)


def a_bundle(name: str = "starter") -> ModelBundle:
    digest = f"{sum(name.encode()):064x}"
    recipe = Recipe("published", (RecipeStep("scopeguide", 1, (("close_px", 15),)),))
    files = {"backbone.tflite": digest, "head.npz": digest}
    return ModelBundle(name, PAPER_CLASSES, recipe, NOON, files, metrics={"recall": 0.9, "n": 30})
