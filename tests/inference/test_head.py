"""The head in numpy against definitions written out, and against files that mean harm."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from bundle_files import head_arrays
from hypothesis import given, settings
from hypothesis import strategies as st

from endodesk.domain.errors import BadBundle
from endodesk.inference.head import Head


def a_head(seed: int = 0, **changes: object) -> Head:
    return Head(**{**head_arrays(seed=seed), **changes})  # type: ignore[arg-type]


def logits_of(head: Head, features: np.ndarray) -> np.ndarray:
    """In double precision, a unit at a time."""
    pooled = features.astype(float).mean(axis=(0, 1))
    hidden = [max(0.0, float(pooled @ head.dense_kernel[:, u] + head.dense_bias[u])) for u in range(head.dense_bias.size)]
    return np.array([np.dot(hidden, head.logits_kernel[:, c]) + head.logits_bias[c] for c in range(head.classes)])


@pytest.mark.parametrize("temperature", [1.0, 0.5, 3.0])
def test_probabilities_are_the_softmax_of_the_logits(temperature: float) -> None:
    rng = np.random.default_rng(1)
    head, features = a_head(temperature=temperature), rng.random((6, 7, 7, 12), np.float32)
    answers = head.probabilities(features.mean(axis=(1, 2)))
    for answer, frame in zip(answers, features, strict=True):
        powers = np.exp(logits_of(head, frame) / temperature)
        assert np.allclose(answer, powers / powers.sum(), atol=1e-6)
    assert answers.dtype == np.float32
    assert head.probabilities(np.empty((0, 12), np.float32)).shape == (0, 3)


def test_large_logits_do_not_overflow() -> None:
    head = a_head(logits_bias=np.array([1e4, -1e4, 1e4], np.float32))
    assert head.probabilities(np.zeros((1, 12), np.float32))[0] == pytest.approx([0.5, 0, 0.5], abs=0.5)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), class_index=st.integers(0, 2))
def test_the_heat_map_is_grad_cam_by_finite_differences(seed: int, class_index: int) -> None:
    """Selvaraju et al., 2017: features weighted by the mean gradient of the class' logit over the cells, then ReLU, then 0..1."""
    rng = np.random.default_rng(seed)
    head, features = a_head(seed), rng.normal(0, 1, (3, 4, 12)).astype(np.float32)
    step, gradient = 1e-5, np.zeros(features.shape)
    for place in np.ndindex(features.shape):
        up, down = features.astype(float), features.astype(float)
        up[place] += step
        down[place] -= step
        gradient[place] = (logits_of(head, up)[class_index] - logits_of(head, down)[class_index]) / (2 * step)
    heat = np.maximum((features * gradient.mean(axis=(0, 1))).sum(axis=2), 0)
    wanted = heat / heat.max() if heat.max() > 1e-6 else heat
    found = head.heat_map(features, class_index)
    assert found.shape == (3, 4)
    assert np.allclose(found, wanted, atol=1e-3)


def test_where_nothing_speaks_for_a_class_the_map_is_zero() -> None:
    head = a_head(dense_bias=np.full(5, -1e6, np.float32))  # no unit is active
    heat = head.heat_map(np.ones((7, 7, 12), np.float32), 0)
    assert not heat.any()
    assert np.isfinite(heat).all()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("dense_kernel", np.zeros((12, 4), "f")),
        ("dense_kernel", np.zeros(12, "f")),
        ("dense_bias", np.zeros((5, 1), "f")),
        ("logits_kernel", np.zeros((4, 3), "f")),
        ("logits_bias", np.zeros(2, "f")),
        ("logits_bias", np.float32(1).reshape(())),
        ("dense_kernel", np.full((12, 5), np.nan, "f")),
        ("logits_bias", np.array([0, np.inf, 0], "f")),
        ("dense_bias", np.full(5, 1e300)),  # infinite in float32
        ("dense_bias", np.full(5, 1j)),
        ("dense_bias", np.array(["a"] * 5)),
    ],
)
def test_weights_that_do_not_fit_are_refused(tmp_path: Path, name: str, value: np.ndarray) -> None:
    np.savez(tmp_path / "head.npz", **{**head_arrays(), name: value})
    with pytest.raises(BadBundle, match=r"\.$"):
        Head.load(tmp_path / "head.npz")


def test_a_saved_head_comes_back(tmp_path: Path) -> None:
    for save in (np.savez, np.savez_compressed):
        save(tmp_path / "head.npz", **head_arrays())
        head = Head.load(tmp_path / "head.npz", 2.0)
        assert all(np.array_equal(getattr(head, name), value) for name, value in head_arrays().items())
        assert (head.temperature, head.classes) == (2.0, 3)


def npz(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(f"{name}.npy", body)
    return stream.getvalue()


def npy(array: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array, allow_pickle=True)
    return stream.getvalue()


ARRAYS = {name: npy(value) for name, value in head_arrays().items()}
CLAIMS = b"\x93NUMPY\x01\x00\x76\x00" + b"{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000, 4), }".ljust(117) + b"\n"
HARMFUL = {
    "nothing": b"",
    "no zip": b"PK\x03\x04 but not really",
    "an array alone": npy(np.zeros(3)),
    "a missing array": npz(dense_kernel=ARRAYS["dense_kernel"]),
    "a bomb": npz(**ARRAYS, bomb=bytes(65 * 1024 * 1024)),
    "a pickle": npz(**{**ARRAYS, "dense_bias": npy(np.array([{"a": 1}, None], dtype=object))}),
    "a pickle without a header": npz(**{**ARRAYS, "dense_bias": b"cos\nsystem\n(S'true'\ntR."}),
    "a shape of 16 TB": npz(**{**ARRAYS, "dense_bias": CLAIMS}),
    "a header that is code": npz(**{**ARRAYS, "dense_bias": b"\x93NUMPY\x01\x00\x20\x00" + b"__import__('os').abort()".ljust(32)}),
    "a cut archive": npz(**ARRAYS)[:-30],
    "a changed byte": (lambda d: d[:120] + bytes([d[120] ^ 255]) + d[121:])(npz(**ARRAYS)),
}


@pytest.mark.parametrize("harm", HARMFUL)
def test_files_that_mean_harm_are_refused(tmp_path: Path, harm: str) -> None:
    (tmp_path / "head.npz").write_bytes(HARMFUL[harm])
    with pytest.raises(BadBundle, match=r"^head\.npz .*\.$"):
        Head.load(tmp_path / "head.npz")


def test_a_missing_head_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadBundle, match=r"^head\.npz is not the head of a model\.$"):
        Head.load(tmp_path / "head.npz")


@settings(max_examples=150, deadline=None)
@given(place=st.integers(0, 3000), put=st.binary(max_size=5), keep=st.floats(0, 1) | st.just(1.0))
def test_damaged_heads_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, place: int, put: bytes, keep: float) -> None:
    data = bytearray(npz(**ARRAYS))
    data[place % len(data) : place % len(data) + len(put)] = put
    path = tmp_path_factory.getbasetemp() / "damaged.npz"
    path.write_bytes(data[: int(keep * len(data))])
    try:
        assert Head.load(path).classes >= 0
    except BadBundle as error:
        assert str(error).endswith(".")  # noqa: PT017
