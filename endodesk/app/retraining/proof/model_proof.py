"""ModelProof: one signed file that binds a model to the labels, the split, the configuration, the weights and the figures it has."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any, Self

from endodesk.app.language import reason_of, tr
from endodesk.app.signers import Trust, trust_of
from endodesk.data.chain.rows import line_of
from endodesk.dataset.manifest import PARTS, ManifestRow
from endodesk.domain.bundles import ModelBundle
from endodesk.domain.errors import BadRequest, EndoDeskError
from endodesk.domain.shown_text import visible
from endodesk.inference.bundle import MOST_PROOF_BYTES, PROOF, described
from endodesk.system.plain_files import open_plain
from endodesk.system.signing import fingerprint, is_signed

ANCHOR = "anchor.json"
"""In a run's folder: how far the chain of labels went when they were taken."""
NAMED = 10
"""Of what is not as it was so many are named; the others are counted."""
_FORMAT, _VERSION = "EndoDesk model proof", 1
_ROW_DIGITS = 16
_ROW = re.compile(rf"[0-9a-f]{{{_ROW_DIGITS}}}")
_LONGEST_NAME = 1000
_LARGEST = 2**63  # SQLite knows no larger numbers


class BadProof(EndoDeskError):
    """A file that is no proof, or not as it was signed."""


# Why: docs/decisions/app.md 52
@dataclass(frozen=True, slots=True)
class ModelProof:
    """What is signed."""

    name: str
    """Who signed, as they call themselves."""
    key: str
    """Public, hexadecimal."""
    made: str
    """ISO 8601, UTC."""
    model: str
    """Id of the bundle, which says all that its answers depend on."""
    run: str
    base: str
    """Id of the bundle whose head learnt on; empty where none did."""
    anchor: dict[str, Any]
    """Of the labels: count, digest and date (`endodesk.data.chain.anchor`)."""
    files: dict[str, str]
    """Files of the run's folder by name, with their SHA-256: configuration, split, what was drawn by hand, figures."""
    weights: dict[str, str]
    """The same of the bundle's folder."""
    rows: list[str]
    """`digest_of_row` of each frame, sorted: of a list of frames that was changed they name the row."""
    configuration: dict[str, Any]
    """`training.plan.config.Config`, without what names places of a PC."""
    figures: dict[str, Any]
    """The bundle's metrics."""
    made_with: dict[str, str]
    """Versions of the program and its libraries, system and processor."""
    format: str = _FORMAT
    version: int = _VERSION

    @classmethod
    def of(cls, told: Any) -> Self:
        """TypeError, ValueError or KeyError if it is none."""
        kinds = {"str": str, "int": int, "dict": dict, "list": list}
        proof = cls(**told)
        for field in fields(cls):
            kind = field.type if isinstance(field.type, str) else getattr(field.type, "__name__", "")
            if type(getattr(proof, field.name)) is not kinds[kind.partition("[")[0]]:
                raise TypeError(f"{field.name} is of another kind")
        texts = (*proof.files.values(), *proof.weights.values(), *proof.made_with.values(), proof.anchor["digest"], proof.anchor["date"])
        count = proof.anchor["count"]
        if (
            proof.format != _FORMAT
            or not all(isinstance(text, str) for text in texts)
            or type(count) is not int
            or not 0 <= count < _LARGEST
        ):
            raise ValueError("no proof of a model")
        if not all(isinstance(row, str) and _ROW.fullmatch(row) for row in proof.rows):
            raise ValueError("no digests of frames")
        if not proof.name or proof.name != visible(proof.name).strip() or len(proof.name.encode()) > _LONGEST_NAME:
            raise ValueError("nobody is named")  # none may look like another
        return proof

    @property
    def signed_bytes(self) -> bytes:
        """What the signature is of."""
        return line_of(asdict(self)).encode()

    def written(self, signature: str) -> bytes:
        """The file; `read_proof` gives the same back."""
        return (line_of({"proof": asdict(self), "signature": signature}) + "\n").encode()


def read_proof(folder: Path) -> ModelProof | None:
    """The proof of a bundle's or a run's folder, its signature proven; None if there is none. BadProof with a sentence otherwise."""
    file = folder / PROOF
    try:
        if not file.is_file() or file.is_symlink():  # a link leads out of the folder
            return None
        with open_plain(file) as stream:
            line = stream.read(MOST_PROOF_BYTES + 1)
    except OSError as error:
        raise BadProof(tr("The proof {file} cannot be read: {reason}.").format(file=PROOF, reason=reason_of(error))) from error
    if len(line) > MOST_PROOF_BYTES:
        raise BadProof(tr("{file} is too large to be a proof.").format(file=PROOF))
    try:
        told = json.loads(line)
        version = told["proof"]["version"]
        if isinstance(version, int) and version > _VERSION:
            raise BadProof(tr("The proof was made by a newer EndoDesk; check it with that."))
        proof, signature = ModelProof.of(told["proof"]), told["signature"]
        is_whole = proof.written(signature) == line and is_signed(proof.signed_bytes, signature, proof.key)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise BadProof(tr("{file} was changed: it is no proof of a model.").format(file=PROOF)) from error
    if not is_whole:
        raise BadProof(tr("{file} was changed: it is not as it was signed.").format(file=PROOF))
    return proof


@dataclass(frozen=True, slots=True)
class CheckedProof:
    """What a bundle's proof says, and whether the bundle is as it was signed."""

    proof: ModelProof | None
    """None if the file itself is not as it was signed."""
    signer: str
    """Who signed, when, with which key and what is known of that, as a sentence; empty without a proof."""
    faults: tuple[str, ...] = ()
    """What is not as it was signed, a sentence each."""

    @property
    def holds(self) -> bool:
        """Whether weights and figures are those that were signed; of the training nothing is said."""
        return not self.faults


def proof_of(folder: Path) -> CheckedProof | None:
    """Of a bundle whose files are those it lists (`read_bundle`); None if it came without a proof. BadBundle.

    7 ms; of a model of 100,000 frames 0.2 s.
    """
    return check_proof(folder, described(folder))


def check_proof(folder: Path, bundle: ModelBundle) -> CheckedProof | None:
    """The same of a bundle whose proof lies in another folder, such as its run's."""
    try:
        proof = read_proof(folder)
    except BadProof as error:
        return CheckedProof(None, "", (str(error),))
    if proof is None:
        return None
    other = tr("It is signed with another key than {name} had here before: compare fingerprints.").format(name=proof.name)
    signer = [other] if _trust_in(proof) is Trust.OTHER else []
    return CheckedProof(proof, signer_told(proof), (*signer, *bundle_faults(proof, bundle)))


def bundle_faults(proof: ModelProof, bundle: ModelBundle) -> list[str]:
    """What of a bundle is not as it was signed, a sentence each."""
    changed = sorted(name for name in {*proof.weights, *bundle.files} if proof.weights.get(name) != bundle.files.get(name))
    faults = [tr("{file} of the model is not the file that was signed.").format(file=name) for name in changed]
    if bundle.id != proof.model and not changed:
        faults.append(tr("The model's classes, preprocessing or temperature are not those that were signed."))
    if bundle.run != proof.run:
        faults.append(tr("The model names another training than was signed."))
    return faults + told_changed(tr("{key} is {now} among the model's figures; {signed} was signed."), proof.figures, bundle.metrics)


def signer_told(proof: ModelProof) -> str:
    """Who signed, when, with which key, and what is known of that key."""
    told = {
        Trust.OWN: tr("the key of this account"),
        Trust.KNOWN: tr("the key that this name has always had here"),
        Trust.FIRST: tr("a key that is not known here: compare its fingerprint with its owner's"),
        Trust.OTHER: tr("another key than this name had here before"),
    }[_trust_in(proof)]
    words = tr("Signed by {name} on {made}, with {trust} ({fingerprint}).")
    return words.format(name=proof.name, made=when_told(proof.made), trust=told, fingerprint=fingerprint(proof.key))


def _trust_in(proof: ModelProof) -> Trust:
    try:
        return trust_of(proof.name, proof.key)
    except BadRequest:  # what is known of keys cannot be read: then nothing is
        return Trust.FIRST


def when_told(moment: str) -> str:
    """A time of a proof on this PC's clock; as it stands there if it is none."""
    try:
        return f"{datetime.fromisoformat(moment).astimezone():%Y-%m-%d %H:%M}"
    except (ValueError, OverflowError, OSError):
        return visible(moment)


# --- what is held against what ----------------------------------------------------------------------------------------


def digest_of_row(image: str, label: str, part: str) -> str:
    """Of one frame in the list of a training: content, label and part."""
    return sha256(f"{image} {part} {label}".encode("utf-8", "surrogatepass")).hexdigest()[:_ROW_DIGITS]


def rows_changed(proof: ModelProof, rows: Iterable[ManifestRow], labels: Iterable[str]) -> tuple[list[tuple[ManifestRow, str, str]], int]:
    """Rows that are not those that were signed, each with the label and part that were (empty where that cannot be told), and how
    many that were signed are there no more.
    """
    signed, labels = set(proof.rows), tuple(labels)
    changed, there = [], set[str]()
    for row in rows:
        digest = digest_of_row(row.sha256, row.label, row.part)
        if digest in signed:
            there.add(digest)
            continue
        tried = {digest_of_row(row.sha256, label, part): (label, part) for label in (row.label, *labels) for part in PARTS}
        found = next((digest for digest in tried if digest in signed), "")
        there.add(found)
        changed.append((row, *tried.get(found, ("", ""))))
    return changed, len(signed - there)


def flat(values: Any) -> dict[str, Any]:
    """Nested mappings and lists as one, by path such as `per_class.polyps.recall` or `confusion[0][1]`, no two of which are the same.

    Without recursion, for they may come from anybody.
    """
    found: dict[str, Any] = {}
    waiting: list[tuple[str, Any]] = [("", values)]
    while waiting:
        path, value = waiting.pop()
        if value and isinstance(value, Mapping):
            waiting += ((f"{path}.{_step(key)}".lstrip("."), one) for key, one in value.items())
        elif value and isinstance(value, list | tuple):
            waiting += ((f"{path}[{number}]", one) for number, one in enumerate(value))
        elif path:
            found[path] = value
    return found


def _step(key: object) -> str:
    text = str(key)
    return text if text and not set(text) & set('.[]"') else json.dumps(text)


def told_changed(words: str, signed: Any, now: Any) -> list[str]:
    """Each value that is not as it was signed, as `words` with key, now and signed say it; up to NAMED, and how many more there are."""
    before, after = ({key: json.dumps(value) for key, value in flat(values).items()} for values in (signed, now))
    keys = (key for key in sorted({*before, *after}) if before.get(key) != after.get(key))
    return named(words.format(key=visible(key), now=_shown(after.get(key)), signed=_shown(before.get(key))) for key in keys)


def named(sentences: Iterable[str]) -> list[str]:
    """The first NAMED, and how many more there are."""
    found = iter(sentences)
    first = list(islice(found, NAMED))
    more = sum(1 for _ in found)
    return [*first, tr("And {n:,} more.").format(n=more)] if more else first


def _shown(value: str | None) -> str:
    return tr("not there") if value is None else visible(value)[:_LONGEST_NAME]
