"""The whole way from files to answers with a real network in LiteRT."""

import json
import os
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from bundle_files import write_bundle

from endodesk.domain.errors import BadBundle, Cancelled, UnreadableImage
from endodesk.domain.images import Unreadable
from endodesk.domain.overrides import Overrides
from endodesk.domain.reviews import Prediction
from endodesk.imaging.hashing import sha256_file
from endodesk.imaging.preprocessing.pipeline import preprocess
from endodesk.imaging.reading.read import read_image
from endodesk.imaging.synthetic.frames import FINDINGS, render_frame
from endodesk.inference.backbone import Backbone
from endodesk.inference.bundle import read_bundle
from endodesk.inference.network import Network
from endodesk.inference.predictor import Predictor
from endodesk.system.task import Progress, TaskContext

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def predictor(tiny_bundle: Path) -> Predictor:
    return Predictor(tiny_bundle)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Twelve frames, of which the third and the ninth cannot be read."""
    folder = tmp_path_factory.mktemp("frames")
    paths = [folder / f"frame {number:02d}.png" for number in range(12)]
    for number, path in enumerate(paths):
        image = render_frame(FINDINGS[number % 4], case_seed=number, frame_seed=1, width=200).image
        path.write_bytes(cv2.imencode(".png", image)[1].tobytes())
    paths[2].write_bytes(b"")
    paths[8].write_bytes(paths[8].read_bytes()[:500])
    return paths


@pytest.fixture(scope="module")
def finals(predictor: Predictor, files: list[Path]) -> np.ndarray:
    return np.stack([preprocess(read_image(path), predictor.bundle.recipe) for path in files[3:8]])


def remade(tiny_bundle: Path, folder: Path, arrays: dict[str, np.ndarray]) -> Path:
    """The tiny bundle with other weights in its head, consistent with itself."""
    shutil.copytree(tiny_bundle, folder)
    np.savez(folder / "head.npz", **arrays)
    bundle = read_bundle(tiny_bundle)
    bundle = replace(bundle, files={**bundle.files, "head.npz": sha256_file(folder / "head.npz")})
    (folder / "bundle.json").write_text(json.dumps(bundle.to_json()))
    return folder


def arrays_of(bundle: Path) -> dict[str, np.ndarray]:
    with np.load(bundle / "head.npz") as arrays:
        return dict(arrays)


def test_one_frame_a_stack_and_a_file_give_the_same_answer(predictor: Predictor, files: list[Path], finals: np.ndarray) -> None:
    stack = predictor.predict_final(finals)
    assert stack.shape == (5, 3)
    assert len({tuple(row) for row in stack.tolist()}) == 5  # it tells frames apart
    for final, row, path in zip(finals, stack, files[3:8], strict=True):
        answer = predictor.answer(final)
        assert answer.probabilities == pytest.approx(row, abs=1e-6)
        assert answer.features.shape == (7, 7, 1280)
        said = predictor.predict_file(path)
        assert said.probabilities == answer.probabilities
        assert (said.image, said.bundle) == (sha256_file(path), predictor.bundle.id)
    assert predictor.predict_final(finals[:0]).shape == (0, 3)


def test_heat_maps_are_7_by_7_and_differ_by_class(predictor: Predictor, finals: np.ndarray) -> None:
    answer = predictor.answer(finals[0])
    maps = [predictor.heat_map(answer, index) for index in range(3)]
    assert all(heat.shape == (7, 7) and heat.min() >= 0 and heat.max() <= 1 for heat in maps)
    assert any(heat.max() == 1 for heat in maps)
    assert not np.array_equal(maps[0], maps[1])


def test_many_threads_get_what_one_gets(tiny_bundle: Path, finals: np.ndarray) -> None:
    predictor = Predictor(tiny_bundle)
    alone = [predictor.answer(final) for final in finals]
    start = threading.Barrier(4)

    def ask(turn: int) -> list[tuple[float, ...]]:
        start.wait()
        return [predictor.answer(finals[(i + turn) % 5]).probabilities for i in range(5)]

    with ThreadPoolExecutor(4) as pool:
        for turn, answers in enumerate(pool.map(ask, range(4))):
            assert answers == [alone[(i + turn) % 5].probabilities for i in range(5)]


def test_threads_that_load_at_once_leave_stderr_where_it_was(tiny_bundle: Path) -> None:
    before = os.fstat(2)
    start = threading.Barrier(6)

    def load(_: int) -> int:
        start.wait()
        return Backbone(tiny_bundle / "backbone.tflite").channels

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(load, range(6))) == [1280] * 6
    after = os.fstat(2)
    assert (after.st_dev, after.st_ino) == (before.st_dev, before.st_ino)


@pytest.mark.parametrize("workers", [1, 3])
def test_files_are_answered_in_their_order_and_the_unreadable_with_a_reason(predictor: Predictor, files: list[Path], workers: int) -> None:
    told: list[Progress] = []
    answers = list(predictor.predict_files(files, workers=workers, task=TaskContext(told.append, interval=0)))
    assert [path for path, _ in answers] == files
    for number, (path, said) in enumerate(answers):
        if number in (2, 8):
            assert isinstance(said, Unreadable)
            assert said.path == path
            assert said.reason.startswith(f"{path.name} cannot be read: ")
        else:
            assert said == predictor.predict_file(path)
    assert [(p.done, p.total) for p in told] == [(done, 12) for done in range(13)]


def test_no_files_are_no_answers(predictor: Predictor) -> None:
    assert list(predictor.predict_files([], workers=2)) == []


def test_a_cancelled_ticket_stops_it_soon(predictor: Predictor, files: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Path] = []
    whole = Predictor.predict_file

    def counted(self: Predictor, path: Path, overrides: Overrides) -> Prediction:
        read.append(path)
        return whole(self, path, overrides)

    monkeypatch.setattr(Predictor, "predict_file", counted)
    task = TaskContext()
    answers = predictor.predict_files(files[3:8] * 40, workers=2, task=task)
    next(answers)
    task.cancel()
    with pytest.raises(Cancelled):
        next(answers)
    assert len(read) <= 6  # of the eight that were queued, those in hand are finished, the others never begun
    read.clear()
    answers = predictor.predict_files(files[3:8] * 40, workers=2)
    next(answers)
    answers.close()  # who stops listening
    assert len(read) <= 6


def test_an_unreadable_file_alone_is_an_error(predictor: Predictor, files: list[Path]) -> None:
    with pytest.raises(UnreadableImage, match=r"^frame 02\.png cannot be read: the file is empty\.$"):
        predictor.predict_file(files[2])


def test_a_head_that_does_not_fit_its_backbone_or_classes_is_refused(tiny_bundle: Path, tmp_path: Path) -> None:
    arrays = arrays_of(tiny_bundle)
    narrow = {**arrays, "dense_kernel": arrays["dense_kernel"][:640]}
    four = {**arrays, "logits_kernel": np.zeros((8, 4), "f"), "logits_bias": np.zeros(4, "f")}
    for number, wrong in enumerate((narrow, four)):
        with pytest.raises(BadBundle, match="does not fit its own class list or backbone"):
            Predictor(remade(tiny_bundle, tmp_path / str(number), wrong))


def test_weights_that_overflow_are_told_not_shown(tiny_bundle: Path, tmp_path: Path, finals: np.ndarray) -> None:
    arrays = arrays_of(tiny_bundle)
    huge = {**arrays, "dense_kernel": np.full((1280, 8), 3e38, "f"), "logits_kernel": np.full((8, 3), 3e38, "f")}
    folder = remade(tiny_bundle, tmp_path / "huge", huge)
    network = Network(folder, read_bundle(folder).networks[0], classes=3, threads=1)
    with np.errstate(all="ignore"), pytest.raises(BadBundle, match="gives no numbers"):
        network.view(finals[0])
    with pytest.raises(BadBundle, match="gives no numbers"):  # and it does not get so far
        Predictor(folder)


def test_a_backbone_that_is_no_network_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadBundle, match=r"^backbone\.tflite is not a network"):
        Predictor(write_bundle(tmp_path / "model"))
    with pytest.raises(BadBundle, match=r"^gone\.tflite is not a network"):
        Backbone(tmp_path / "gone.tflite")


@pytest.mark.parametrize("share", [0.0, 0.001, 0.5, 0.999])
def test_a_cut_backbone_is_refused(tiny_bundle: Path, tmp_path: Path, share: float) -> None:
    whole = (tiny_bundle / "backbone.tflite").read_bytes()
    (tmp_path / "cut.tflite").write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(BadBundle, match=r"^cut\.tflite "):
        Backbone(tmp_path / "cut.tflite")
