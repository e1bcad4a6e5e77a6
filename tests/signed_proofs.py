"""A proof of a model that nobody trained, signed with a key of the tests."""

from endodesk.app.retraining.proof.model_proof import ModelProof
from endodesk.system.signing import SigningKey

KEY = SigningKey(bytes(range(32)))
DIGEST = "0123456789abcdef" * 4


def a_proof(rows: list[str], files: dict[str, str] | None = None) -> ModelProof:
    """With the digests of these frames."""
    return ModelProof(
        name="Ana",
        key=KEY.public,
        made="2026-11-30T20:17:37+00:00",
        model="0" * 12,
        run="2026-11-30 20.17.23",
        base="",
        anchor={"count": 2, "digest": DIGEST, "date": "2026-11-30T20:17:23+00:00"},
        files={"config.toml": DIGEST},
        weights=files or {"head.npz": DIGEST},
        rows=rows,
        configuration={"frozen": {"epochs": 40}, "left_out": []},
        figures={"n": 6, "accuracy": 0.5, "macro": {"f1": None}, "confusion": [[1, 2], [0, 3]]},
        made_with={"numpy": "2.4"},
    )


def signed(proof: ModelProof) -> bytes:
    """The file, by KEY."""
    return proof.written(KEY.sign(proof.signed_bytes))
