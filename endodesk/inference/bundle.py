"""Reading a model bundle's description and proving its files: sizes, names, hashes. No pickle, ever."""

import json
import stat
from pathlib import Path

from endodesk.domain.bundles import ModelBundle
from endodesk.domain.errors import BadBundle, BadRequest
from endodesk.imaging.hashing import sha256_file
from endodesk.imaging.preprocessing.pipeline import check_recipe
from endodesk.system.os_errors import reason_of
from endodesk.system.plain_files import plain_bytes

DESCRIPTION = "bundle.json"
PROOF = "proof.json"
"""What binds a model to its labels, split, configuration and figures, where it has one (`endodesk.app.retraining.proof.model_proof`)."""
MOST_PROOF_BYTES = 64 * 1024 * 1024
"""20 bytes a frame, and the figures."""
_MAX_DESCRIPTION_BYTES = 4 * 1024 * 1024
_MAX_FILE_BYTES = 1024 * 1024 * 1024
_MAX_BYTES = 4 * _MAX_FILE_BYTES  # of all files together, which are read whole each time


def read_bundle(folder: Path) -> ModelBundle:
    """The bundle's description, after every file it lists was found whole.

    Raises BadBundle with the reason: missing, damaged, exchanged, of a newer format, or with steps that we do not have.
    """
    bundle = described(folder)
    room = _MAX_BYTES
    for name, digest in bundle.files.items():
        try:
            room -= _prove(folder, name, digest, room)
        except OSError as error:
            raise BadBundle(f"{name} in {folder.name} cannot be read: {reason_of(error)}.") from error
    try:
        for member in bundle.networks:
            check_recipe(member.recipe)
    except BadRequest as error:
        raise BadBundle(f"The model in {folder.name} cannot be used: {error}") from error
    return bundle


def described(folder: Path) -> ModelBundle:
    """What bundle.json says, without a look at the files beside it. Raises BadBundle."""
    return ModelBundle.from_json(_description(folder))


def has_proof(folder: Path) -> bool:
    """Whether a plain file lies where a bundle's proof would, no larger than one can be; what it says is not looked at."""
    file = folder / PROOF
    return file.is_file() and not file.is_symlink() and file.stat().st_size <= MOST_PROOF_BYTES


def names_of_files(folder: Path, bundle: ModelBundle) -> list[str]:
    """All files that go with a bundle: those it lists, its description, and its proof if it has one."""
    return [*bundle.files, DESCRIPTION, *([PROOF] if has_proof(folder) else [])]


# Why: docs/decisions/inference.md 3
def _prove(folder: Path, name: str, digest: str, room: int) -> int:
    """How many bytes it has; `room` is how many are left to a bundle."""
    path = folder / name
    if path.is_symlink() or not path.is_file():  # a link leads out of the folder, which is all of the model
        raise BadBundle(f"The model in {folder.name} lacks {name}; copy the whole folder again.")
    size = path.stat().st_size
    if size > min(_MAX_FILE_BYTES, room):
        raise BadBundle(f"{name} in {folder.name} is too large to be part of a model.")
    if sha256_file(path) != digest:
        raise BadBundle(f"{name} in {folder.name} is not the file that the model was written with; it is damaged or was exchanged.")
    return size


def _description(folder: Path) -> dict[str, object]:
    path = folder / DESCRIPTION
    try:
        if not stat.S_ISREG(path.lstat().st_mode):  # a pipe would never end, a link leads out of the folder
            raise BadBundle(f"{folder} is not a model: its {DESCRIPTION} is not a file.")
        if path.stat().st_size > _MAX_DESCRIPTION_BYTES:
            raise BadBundle(f"{DESCRIPTION} in {folder.name} is too large.")
        value = json.loads(plain_bytes(path).decode("utf-8-sig"))  # Notepad puts a mark before it
    except OSError as error:
        raise BadBundle(f"{folder} is not a model: it has no readable {DESCRIPTION}.") from error
    except (ValueError, RecursionError) as error:  # anybody's file: brackets nested by the thousand end json.loads so
        raise BadBundle(f"{DESCRIPTION} in {folder.name} is damaged.") from error
    if not isinstance(value, dict):
        raise BadBundle(f"{DESCRIPTION} in {folder.name} is not a model description.")
    return value
