"""Label packs by the command line: two readers on two PCs, and what becomes of a pack that somebody changed."""

import csv
import json
import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from frame_folders import put_classes, sha256_of

from endodesk.app.project.project import Project
from endodesk.app.project.readers import set_reader
from endodesk.cli.main import run
from endodesk.domain.reviews import Correction
from endodesk.system import private
from endodesk.system.own_record import settings_folder
from tests.faults.pack_tampering import tampered

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
SCRIPT = Path(__file__).parents[2] / "docs" / "verify_export.py"


class Clinic:
    """A folder of frames on a PC of its own: another account, another key."""

    def __init__(self, folder: Path, reader: str, monkeypatch: pytest.MonkeyPatch, *, make: bool = True) -> None:
        self.folder, self.reader, self._monkeypatch = folder / reader, reader, monkeypatch
        self._account = folder / f"account of {reader}"
        if make:
            put_classes(self.folder)
        assert self.run("export", "--format", "csv", "--out", str(folder / f"{reader}.csv")) == 0  # the frames are known then
        self.do(lambda project: set_reader(project, reader))

    def sit_down(self) -> None:
        for name in ("CONFIG", "DATA"):
            self._monkeypatch.setenv(f"XDG_{name}_HOME", str(self._account / name))

    def run(self, command: str, *more: str) -> int:
        self.sit_down()
        return run([command, str(self.folder), *more])

    def do(self, what):
        self.sit_down()
        project = Project.of_images(self.folder)
        try:
            return what(project)
        finally:
            project.close()

    def label(self, frame: str, value: str, minutes: int = 0, **more) -> None:
        said = Correction(sha256_of(self.folder / frame), value, self.reader, START + timedelta(minutes=minutes), **more)
        self.do(lambda project: project.database.corrections.add(said))

    def recorded(self):
        return self.do(lambda project: project.database.acts.recorded())

    def pack(self, out: Path, *more: str) -> Path:
        assert self.run("export", "--format", "pack", "--out", str(out), *more) == 0
        return out


@pytest.fixture
def clinics(tmp_path, monkeypatch):
    return Clinic(tmp_path, "Ana", monkeypatch), Clinic(tmp_path, "Ben", monkeypatch)


@pytest.mark.slow
def test_two_readers_exchange_packs_and_have_one_state(clinics, tmp_path, capsys):
    ana, ben = clinics
    ana.label("polyps/frame-0.png", "polyps", blind=True)
    ana.label("polyps/frame-1.png", "polyps", 1)
    ben.label("polyps/frame-0.png", "esophagitis", 2, answer="polyps")
    of_ana, of_ben = ana.pack(tmp_path / "ana.pack"), ben.pack(tmp_path / "ben.pack")
    capsys.readouterr()
    assert ana.run("import", str(of_ben), "--preview") == 0
    told = capsys.readouterr().out
    for words in ("0 new", "1 in conflict", "Signed by Ben", "not seen before", "Acts by reader: Ben 1", "Nothing was written"):
        assert words in told
    assert len(ana.recorded()) == 2, "a preview writes nothing"
    assert ana.run("import", str(of_ben)) == 0
    assert ben.run("import", str(of_ana)) == 0
    assert set(ana.recorded()) == set(ben.recorded())
    assert {(act.reader, act.value, act.blind, act.answer) for act in ana.recorded()} == {
        ("Ana", "polyps", True, ""),
        ("Ana", "polyps", False, ""),
        ("Ben", "esophagitis", False, "polyps"),
    }
    assert len(ana.recorded()) == 3
    capsys.readouterr()
    assert ben.run("import", str(ana.pack(tmp_path / "again.pack"))) == 0
    told = capsys.readouterr().out
    assert "0 new" in told
    assert "as before" in told, "the key is known now"
    assert (ana.run("verify"), ben.run("verify")) == (0, 0)
    ben.do(lambda project: set_reader(project, "Ana"))
    assert ben.run("import", str(of_ana), "--preview") == 0
    assert "Ana is your name here, too" in capsys.readouterr().out
    done = subprocess.run([sys.executable, "-I", str(SCRIPT), str(tmp_path / "again.pack")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_a_known_name_with_another_key_is_asked_about(clinics, tmp_path, capsys):
    ana, ben = clinics
    ben.label("polyps/frame-0.png", "polyps")
    assert ana.run("import", str(ben.pack(tmp_path / "1.pack"))) == 0
    ben.sit_down()
    (settings_folder() / "signing.key").unlink()
    ben.label("polyps/frame-1.png", "polyps", 1)
    pack = ben.pack(tmp_path / "2.pack")
    capsys.readouterr()
    assert ana.run("import", str(pack)) == 2
    told = capsys.readouterr()
    assert "another key than before" in told.err
    assert "--accept-key" in told.err
    assert len(ana.recorded()) == 1
    assert ana.run("import", str(pack), "--accept-key") == 0
    assert len(ana.recorded()) == 2
    assert ana.run("import", str(pack)) == 0, "remembered"


@pytest.mark.slow
def test_words_on_frames_that_are_not_here_go_on_and_come_in_when_the_frame_comes(clinics, tmp_path, capsys, monkeypatch):
    """Ben lacks a frame; what Ana says of it reaches Cleo by way of him, and himself once he has the frame."""
    ana, _ = clinics
    cleo = Clinic(tmp_path, "Cleo", monkeypatch)
    put_classes(tmp_path / "Dan")
    away = tmp_path / "Dan" / "polyps/frame-0.png"
    content = away.read_bytes()
    away.unlink()
    dan = Clinic(tmp_path, "Dan", monkeypatch, make=False)
    ana.label("polyps/frame-0.png", "polyps")
    ana.label("polyps/frame-1.png", "polyps", 1)
    of_ana = ana.pack(tmp_path / "ana.pack")
    capsys.readouterr()
    assert dan.run("import", str(of_ana)) == 0
    told = capsys.readouterr().out
    assert "1 new" in told
    assert "1 on frames that are not in this project" in told
    assert len(dan.recorded()) == 1
    assert cleo.run("import", str(dan.pack(tmp_path / "dan.pack"))) == 0
    assert {act.key for act in cleo.recorded()} == {act.key for act in ana.recorded()}
    away.write_bytes(content)
    assert dan.run("export", "--format", "csv", "--out", str(tmp_path / "again.csv")) == 0  # the frame is known now
    assert dan.run("import", str(of_ana)) == 0
    assert {act.key for act in dan.recorded()} == {act.key for act in ana.recorded()}


@pytest.mark.slow
def test_a_pack_cut_at_a_time_is_the_chain_up_to_then_and_of_one_reader_there_is_none(clinics, tmp_path, capsys):
    ana, ben = clinics
    ana.label("polyps/frame-0.png", "polyps")
    then = datetime.now(UTC).isoformat()
    ana.label("polyps/frame-1.png", "polyps", 1)
    assert ben.run("import", str(ana.pack(tmp_path / "then.pack", "--as-of", then))) == 0
    assert len(ben.recorded()) == 1
    assert ben.run("import", str(ana.pack(tmp_path / "now.pack"))) == 0
    assert len(ben.recorded()) == 2
    capsys.readouterr()
    assert ana.run("export", "--format", "pack", "--out", str(tmp_path / "hers.pack"), "--reader", "Ana") == 2
    assert "whole chain" in capsys.readouterr().err
    assert ana.run("export", "--format", "pack", "--out", str(tmp_path / "early.pack"), "--as-of", "2001-01-01") == 2
    assert "nothing to pack" in capsys.readouterr().err
    assert ana.run("export", "--format", "pack", "--out", str(tmp_path / "n"), "--deidentify") == 2
    assert "without names" in capsys.readouterr().err
    assert not [path.name for path in tmp_path.iterdir() if path.name.startswith(("hers", "early", "n-sheet"))]


@pytest.mark.slow
def test_what_blind_first_hides_stays_hidden_in_what_the_taker_exports(clinics, tmp_path):
    ana, ben = clinics
    ana.label("polyps/frame-0.png", "polyps", answer="esophagitis")
    ben.do(lambda project: project.database.settings.set("blind_first", True))
    assert ben.run("import", str(ana.pack(tmp_path / "ana.pack"))) == 0
    assert [act.answer for act in ben.recorded()] == ["esophagitis"], "it travels as it is"
    assert ben.run("export", "--format", "csv", "--out", str(tmp_path / "out.csv")) == 0
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as stream:
        assert [row["answer"] for row in csv.DictReader(stream)] == [""]


def made_pack(clinic: Clinic, out: Path) -> Path:
    for n in range(3):
        clinic.label("polyps/frame-0.png", ("polyps", "esophagitis", "normal")[n], n)
    return clinic.pack(out)


@pytest.mark.slow
def test_a_pack_that_was_tampered_with_is_refused_by_its_line_and_nothing_is_taken(clinics, tmp_path, capsys):
    ana, ben = clinics
    pack = made_pack(ana, tmp_path / "ana.pack")
    chance = random.Random(7)
    for _ in range(12):
        data, lines = tampered(pack.read_bytes(), chance)
        (tmp_path / "changed.pack").write_bytes(data)
        capsys.readouterr()
        assert ben.run("import", str(tmp_path / "changed.pack")) == 2
        told = capsys.readouterr().err
        named = {f"Line {line}{end}" for line in lines for end in (" ", ":", ",")}
        assert any(words in " ".join(told.split()) for words in named) or not data.startswith(b'{"heading":'), (lines, told)
    assert ben.recorded() == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "data",
    [
        b'{"heading":' + b"[" * 100_000,
        b'{"heading":5,"signature":"x"}\n',
        b'{"heading":{},"signature":"x"}\n',
        b'{"heading":{"version":9},"signature":"x"}\n',
        b'{"heading":{"name":"\\u202eAna","key":"00","made":"","events":1e400,"digest":"","format":"","version":1},"signature":""}\n',
        b'{"heading":' + b"9" * 5000 + b"}\n",
        b'{"heading":"' + b"x" * 1_000_000,
    ],
    ids=["deep", "number", "empty", "newer", "names", "digits", "long"],
)
def test_what_is_no_pack_is_refused_by_a_sentence(clinics, tmp_path, capsys, data):
    (tmp_path / "x.pack").write_bytes(data)
    assert clinics[0].run("import", str(tmp_path / "x.pack")) == 2
    told = capsys.readouterr().err
    assert "x.pack is no label pack that can be taken in" in " ".join(told.split())
    assert "Traceback" not in told


@pytest.mark.skipif(not private._HAS_MODES, reason="Windows has no modes")
@pytest.mark.slow
def test_the_private_key_is_for_its_account_alone_and_not_in_the_pack(clinics, tmp_path):
    ana = clinics[0]
    pack = made_pack(ana, tmp_path / "ana.pack")
    file = settings_folder() / "signing.key"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_bytes().hex().encode() not in pack.read_bytes()
    assert json.loads(pack.read_text("ascii").splitlines()[0])["heading"]["name"] == "Ana"
