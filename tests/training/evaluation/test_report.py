import base64
import hashlib
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from evaluation_examples import a_bundle, some_answers
from frame_folders import everything_in, png, put
from PIL import Image

from endodesk.domain.classes import PAPER_CLASSES, ClassSet
from endodesk.domain.errors import BadRequest
from endodesk.imaging.preprocessing.pipeline import PAPER
from endodesk.system.atomic import write_files
from endodesk.system.task import TaskContext
from training.evaluation.evaluate import PICTURES, figures_of, write_report
from training.evaluation.mistake_list import mistakes_among, named_from, read_mistakes
from training.evaluation.mistakes import MOST, mistakes, mistakes_png
from training.evaluation.plots import confusion_png, draw_coverage, draw_reliability, draw_roc
from training.evaluation.plots import png as drawn
from training.evaluation.predictions import Predictions
from training.evaluation.report import report_html
from training.evaluation.shortcut_probe import PROBES

PROBED = {
    "n": 30,
    "chance": 1 / 3,
    **{name: {"balanced_accuracy": 0.5, "interval": None} for name in ("whole", *PROBES)},
}


class Tags(HTMLParser):
    """What a browser would make of it."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.text, self.open = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in ("meta", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)

    def of(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture
def answers(tmp_path):
    files = [put(tmp_path / "frames" / f"{n:02}.png", png(n)) for n in range(30)]
    return some_answers(files)


COMPARED = {
    "who": "active",
    "model": "0123",
    "name": "<b>old</b>",
    "n": 30,
    "groups": 30,
    "left_out": {"normal": 4},
    "mended": 9,
    "broken": 2,
    "p": 0.0654,
    "accuracy": {"value": 0.035, "interval": [0.015, 0.056]},
    "macro_f1": {"value": 0.03, "interval": None},
}


def reported(answers, **more):
    return {**figures_of(a_bundle(), answers), "model": "0123", "model_name": "by hand", "recipe": "paper", **more}


# --- the page ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_report_is_one_page_that_fetches_and_runs_nothing(answers):
    metrics = reported(answers, part="test", probe=PROBED, split_fingerprint="fedcba", grouping="A group.", compared=[COMPARED])
    html = report_html("by hand: test frames", metrics, {"confusion.png": confusion_png(metrics), "mistakes.png": b"\x89PNG"})
    page = Tags(html)
    assert page.open == []
    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "link", "iframe", "object", "embed", "form", "base", "a"})
    assert not re.search(r"https?://|@import|url\(|\son\w+=|\sstyle=", html)
    assert all(image["src"].startswith("data:image/png;base64,") and image["alt"] for image in page.of("img"))
    policy = next(meta["content"] for meta in page.of("meta") if meta.get("http-equiv") == "Content-Security-Policy")
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL).group(1)
    assert f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'" in policy
    assert policy.startswith("default-src 'none'; img-src data:;")
    words = " ".join(page.text)
    for told in (
        "Research use only. Not for diagnosis.",
        "30 in 30 groups, the test part",
        "fedcba",
        "by hand (0123)",
        "Shortcut probe",
        "2000 resamples",
    ):
        assert told in words
    low, high = metrics["intervals"]["accuracy"]
    assert f"{100 * metrics['accuracy']:.1f} %" in words
    assert f"{100 * low:.1f} to {100 * high:.1f} %" in words
    assert "Beside the model that was active (<b>old</b>), on the 30 frames whose class both know: 9 mended, 2 broken" in words
    assert "p = 0.065). Difference: accuracy +3.5 points (+1.5 to +5.6 points), macro F1 +3.0 points. 4 frames" in words


HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>&amp;\n\udcff\u202e"


def test_names_are_text_whatever_is_in_them(answers):
    metrics = reported(answers, folder=HOSTILE, left_out={HOSTILE: 3}, unreadable=2, split_fingerprint=HOSTILE, grouping=HOSTILE)
    metrics |= {"model_name": HOSTILE, "recipe": HOSTILE}
    html = report_html(HOSTILE, metrics, {})
    html.encode("utf-8")
    page = Tags(html)
    assert page.open == []
    assert page.of("script") == page.of("img") == []
    assert sum("<script>alert(1)</script>" in text for text in page.text) >= 6
    assert "\u202e" not in html


def test_figures_that_are_not_there_are_dashes(tmp_path):
    one = some_answers([put(tmp_path / "a.png", png(1))])
    html = report_html("one", reported(one, probe={}), {})
    assert "None" not in html
    assert "nan" not in html
    assert "<td>-</td>" in html
    assert "it takes frames of two classes" in html


# --- the plots --------------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("count", [0, 1, 30])
def test_every_plot_can_be_drawn_of_any_number_of_frames(count):
    answers = some_answers([Path(f"{n}.png") for n in range(count)], classes=ClassSet(("Kolitis ö", "內視鏡", "x" * 64)))
    metrics = figures_of(a_bundle(answers.classes, temperature=1.5, not_sure_below=0.6), answers)
    pictures = [
        confusion_png(metrics, title="$x^{2 on 內視鏡"),
        drawn(lambda figure: draw_roc(figure, answers.truth, answers.probabilities, metrics), width=4, height=4),
        drawn(lambda figure: draw_reliability(figure, metrics), width=4, height=4),
        drawn(lambda figure: draw_coverage(figure, metrics), width=4, height=3),
    ]
    for picture in pictures:
        assert Image.open(io.BytesIO(picture)).size[0] >= 500


# --- the mistakes -----------------------------------------------------------------------------------------------------------------


def test_the_surest_mistakes_come_first_and_none_twice():
    rng = np.random.default_rng(5)
    probabilities = rng.dirichlet([0.6] * 3, 100)
    truth = rng.integers(0, 3, 100)
    answers = some_answers([Path(f"{n}.png") for n in range(100)])
    answers = Predictions(answers.frames, truth, probabilities, PAPER_CLASSES, ())
    confident, worst = mistakes(answers)
    wrong = set(np.flatnonzero(probabilities.argmax(axis=1) != truth).tolist())
    assert len(confident) == len(worst) == MOST
    assert set(confident) | set(worst) <= wrong
    assert not set(confident) & set(worst)
    sure = probabilities.max(axis=1)
    assert min(sure[confident]) >= max(sure[list(wrong - set(confident))])
    of_truth = probabilities[np.arange(100), truth]
    assert max(of_truth[worst]) <= min(of_truth[list(wrong - set(confident) - set(worst))])


def test_the_sheet_shows_frames_and_lives_without_them(answers):
    answers.frames[mistakes(answers)[0][0]].path.unlink()
    sheet = Image.open(io.BytesIO(mistakes_png(answers, PAPER, TaskContext())))
    assert sheet.size[0] > 3 * 224
    right = Predictions(answers.frames, answers.truth, np.eye(3)[answers.truth], PAPER_CLASSES, ())
    assert mistakes_png(right, PAPER, TaskContext()) is None


# --- the folder -------------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_report_replaces_an_earlier_one_and_nothing_else(answers, tmp_path):
    out = tmp_path / "new" / "out"
    put(out / "notes.txt", b"mine")
    put(out / "probe.png", b"of an earlier report")
    write_report(out, a_bundle(), answers, {**figures_of(a_bundle(), answers), "probe": {}}, title="by hand")
    names = {path.name for path in out.iterdir()}
    assert names == {"notes.txt", "metrics.json", "mistakes.json", "report.html", *PICTURES} - {"probe.png"}
    metrics = json.loads((out / "metrics.json").read_text())
    assert (metrics["model"], metrics["recipe"], metrics["n"]) == (a_bundle().id, "paper", 30)
    for name in names & set(PICTURES):
        data = (out / name).read_bytes()
        assert data.startswith(b"\x89PNG")
        assert base64.b64encode(data).decode() in (out / "report.html").read_text()


def test_files_are_written_all_or_none(tmp_path):
    put(tmp_path / "a.txt", b"old")
    (tmp_path / "b.txt").mkdir()
    before = everything_in(tmp_path)
    with pytest.raises(OSError, match=r"b\.txt"):
        write_files(tmp_path, {"a.txt": b"new", "b.txt": b"new"})
    assert everything_in(tmp_path) == before
    with pytest.raises(TypeError):
        write_files(tmp_path, {"a.txt": b"new", "c.txt": None})  # type: ignore[dict-item]
    assert {name for name, _ in everything_in(tmp_path).items()} == {"a.txt", "b.txt"}
    assert (tmp_path / "a.txt").read_bytes() == b"old"
    with pytest.raises(OSError, match=r"a\.txt"):
        write_files(tmp_path / "a.txt", {"d.txt": b""})


def test_the_report_names_the_frames_of_mistakes_as_the_window_does_and_says_where_they_open(answers, tmp_path):
    out = tmp_path / "run"
    write_report(out, a_bundle(), answers, {**figures_of(a_bundle(), answers), "part": "test", "probe": {}}, title="by hand")
    found = read_mistakes(out)
    said = answers.probabilities.argmax(axis=1)
    assert {one.file for one in found} == {str(answers.frames[at].path) for at in np.flatnonzero(said != answers.truth)}
    assert [one.confidence for one in found] == sorted((one.confidence for one in found), reverse=True)
    assert all(one.label != one.answer and one.of_label <= one.confidence for one in found)
    text = "\n".join(Tags((out / "report.html").read_text("utf-8")).text)
    assert all(Path(one.file).name in text for one in found)
    assert str(tmp_path) not in text  # relative: it says nothing of this PC
    assert "Model > Models" in text


def test_names_are_relative_to_the_folder_that_all_frames_lie_in(tmp_path):
    files = [tmp_path / "frames" / name / case / "0.png" for name in ("a", "b") for case in ("1", "2")]
    answers = some_answers(files)
    wrong = Predictions(answers.frames, (answers.probabilities.argmax(axis=1) + 1) % 3, answers.probabilities, answers.classes, ())
    names = named_from(mistakes_among(wrong), wrong)
    assert sorted(names) == ["a/1/0.png", "a/2/0.png", "b/1/0.png", "b/2/0.png"]


@pytest.mark.parametrize(
    "damaged", ["", "[", "{}", "[1]", '[{"file": "a", "label": "b", "answer": "c", "confidence": NaN, "of_label": 0}]']
)
def test_a_damaged_list_of_mistakes_is_told(tmp_path, damaged):
    assert read_mistakes(tmp_path) is None
    (tmp_path / "mistakes.json").write_text(damaged, "utf-8")
    with pytest.raises(BadRequest, match=r"mistakes\.json cannot be read"):
        read_mistakes(tmp_path)
