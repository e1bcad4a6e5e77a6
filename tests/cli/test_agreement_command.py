"""`endodesk agreement`: two readers of one project, as the command tells and writes it."""

import json

import pytest

from endodesk.cli.main import run


def say(images, reader, words):
    """Label frames by a table, as `endodesk label` takes it."""
    files = sorted(images.rglob("*.png"))
    table = images.parent / f"{reader}.csv"
    table.write_text("file,label\n" + "".join(f"{file},{word}\n" for file, word in zip(files, words, strict=False) if word), "utf-8")
    assert run(["label", str(images), str(table), "--reader", reader, "--confirm"]) == 0


@pytest.fixture
def read_twice(images, capsys):
    """Six frames: five labelled by both, on four of which they agree."""
    say(images, "Ana", ["polyps", "polyps", "esophagitis", "esophagitis", "polyps"])
    say(images, "Béla", ["polyps", "polyps", "esophagitis", "esophagitis", "esophagitis", "polyps"])
    capsys.readouterr()
    return images


def test_each_readers_own_word_counts_whoever_spoke_last(read_twice, capsys, tmp_path):
    assert run(["agreement", str(read_twice), "--by", "class", "--out", str(tmp_path / "out")]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "Ana 5, Béla 6. By two or more: 5" in told
    assert "Ana / Béla 5 0.80" in told
    assert "Research use only" in told
    written = json.loads((tmp_path / "out" / "agreement.json").read_text("utf-8"))
    (pair,) = written["pairs"]
    assert pair["readers"] == ["Ana", "Béla"]
    assert pair["cohens_kappa"]["value"] == pytest.approx((0.8 - 0.48) / 0.52)
    assert pair["confusion"] == [[2, 0], [1, 2]]
    assert written["by_class"].keys() == {"esophagitis", "polyps"}
    assert (tmp_path / "out" / "readers-1.png").read_bytes().startswith(b"\x89PNG")


def test_it_says_what_is_missing(images, tmp_path, capsys):
    say(images, "Ana", ["polyps"])
    assert run(["agreement", str(images)]) == 2
    assert "Fewer than two readers" in capsys.readouterr().err
    say(images, "Béla", ["", "polyps"])
    assert run(["agreement", str(images)]) == 2
    assert "No frame was labelled by two of the readers (Ana, Béla)" in capsys.readouterr().err


def test_nothing_is_written_over(read_twice, tmp_path, capsys):
    (tmp_path / "out").mkdir()
    assert run(["agreement", str(read_twice), "--out", str(tmp_path / "out")]) == 2
    assert "is there already" in capsys.readouterr().err
