import json

import pytest

from endodesk.domain.errors import BadBundle, BadRequest, Cancelled
from endodesk.system.task import TaskContext
from training.evaluation.evaluate import PICTURES, evaluate_folder, grouping_words


@pytest.fixture
def folder(frames_folder, tmp_path):
    """Six frames of two classes in two cases each, as many of a class that the model does not know, and one that cannot be read."""
    folder = tmp_path / "frames"
    for label in ("esophagitis", "polyps", "normal"):
        source = sorted((frames_folder / label if label != "normal" else frames_folder / "polyps").rglob("*.png"))[:6]
        for number, path in enumerate(source):
            place = folder / label / f"{label}-case-{number // 3}" / f"{number}.png"
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(path.read_bytes())
    (folder / "polyps" / "broken.jpg").write_bytes(b"no")
    return folder


@pytest.mark.slow
def test_a_folder_is_measured_and_what_is_left_out_is_told(tiny_bundle, folder, tmp_path):
    evaluation = evaluate_folder(folder, tiny_bundle, tmp_path / "out")
    assert evaluation.left_out == {"normal": 6}
    assert [bad.path.name for bad in evaluation.unreadable] == ["broken.jpg"]
    metrics = evaluation.metrics
    assert (metrics["n"], metrics["groups"], metrics["unreadable"]) == (12, 4, 1)
    assert metrics["per_class"]["polyps"]["groups"] == 2
    assert metrics["per_class"]["ulcerative-colitis"]["recall"] is None
    assert set(metrics["probe"]) == {"n", "chance", "whole", "outline", "box", "rim", "blurred"}
    assert metrics["probe"]["whole"]["balanced_accuracy"] == metrics["balanced_accuracy"]
    written = json.loads((tmp_path / "out" / "metrics.json").read_text())
    assert written["confusion"] == metrics["confusion"]
    assert "one case folder" in written["grouping"]
    assert {path.name for path in (tmp_path / "out").iterdir()} >= {"report.html", "metrics.json", *PICTURES} - {"mistakes.png"}
    page = (tmp_path / "out" / "report.html").read_text()
    assert "6 of normal: not among the model" in page
    assert "generated frames" in page


@pytest.mark.slow
def test_folders_with_other_names_are_measured_as_the_class_they_are(tiny_bundle, folder, tmp_path):
    classes = ["esophagitis", "polyps=polyps", "polyps=normal"]
    evaluation = evaluate_folder(folder, tiny_bundle, tmp_path / "out", classes=classes)
    assert evaluation.left_out == {}
    assert {name: scores["n"] for name, scores in evaluation.metrics["per_class"].items() if scores["n"]} == {
        "esophagitis": 6,
        "polyps": 12,
    }


@pytest.mark.slow
def test_what_cannot_be_measured_is_a_sentence_and_leaves_nothing(tiny_bundle, folder, tmp_path):
    (tmp_path / "other" / "normal").mkdir(parents=True)
    (tmp_path / "other" / "normal" / "a.png").write_bytes(next(folder.glob("polyps/*/0.png")).read_bytes())
    with pytest.raises(BadRequest, match="no frames of these"):
        evaluate_folder(tmp_path / "other", tiny_bundle, tmp_path / "out")
    with pytest.raises(BadBundle):
        evaluate_folder(folder, tmp_path, tmp_path / "out")
    with pytest.raises(BadRequest, match="fits no file"):
        evaluate_folder(folder, tiny_bundle, tmp_path / "out", case=r"patient-(\d+)")
    (tmp_path / "bad" / "polyps").mkdir(parents=True)
    (tmp_path / "bad" / "polyps" / "a.png").write_bytes(b"")
    with pytest.raises(BadRequest, match=r"can be read; the first: a\.png"):
        evaluate_folder(tmp_path / "bad", tiny_bundle, tmp_path / "out")
    task = TaskContext(lambda progress: task.cancel() if progress.text == "shortcut probe" else None)
    with pytest.raises(Cancelled):
        evaluate_folder(folder, tiny_bundle, tmp_path / "out", task)
    assert not (tmp_path / "out").exists()


def test_groups_are_told_in_words():
    assert grouping_words(0, "none") == "A group: frames with an equal perceptual hash, to the bit."
    assert "at most 2 of 64 bits, and frames of one case folder." in grouping_words(2, "folder")
    assert "that the pattern p-(1) makes one case." in grouping_words(2, "p-(1)")
