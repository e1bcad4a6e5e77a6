"""Who signed packs, and in whose name they speak: nobody is taken for another without being asked about."""

import errno
from datetime import UTC, datetime
from pathlib import Path

import pytest
from frame_folders import sha256_of

from endodesk.app import signers
from endodesk.app.project.project import Project
from endodesk.app.project.readers import set_reader
from endodesk.cli.main import run
from endodesk.data.database import Database
from endodesk.data.image_store import FileStamp
from endodesk.data.packs.pack_file import Heading, write_pack
from endodesk.domain.images import ImageRecord
from endodesk.domain.reviews import AnnotationKind, Correction
from endodesk.system.signing import SigningKey


@pytest.fixture
def pack(images, tmp_path):
    """Makes packs as other PCs do, with a label of the first frame in each."""
    frame = min(images.rglob("*.png"))

    def made(signer: str, key: bytes, *, reader: str = "Ben", value: str = "polyps", kind: AnnotationKind = AnnotationKind.LABEL) -> Path:
        place = tmp_path / f"{len(list(tmp_path.iterdir()))}.pack"
        with Database.open(place.with_suffix(".sqlite")) as db:
            db.images.add([(ImageRecord(sha256_of(frame), frame, 64, 64, ""), FileStamp(9, 9, 1, 1, 1))])
            db.corrections.add(Correction(sha256_of(frame), value, reader, datetime(2026, 1, 1, tzinfo=UTC), kind=kind))
            signing, last = SigningKey(key * 32), db.chain.last_event()
            heading = Heading(signer, signing.public, "2026-01-02T00:00:00+00:00", last, db.chain.digest_at(last) or "")
            write_pack(place, heading, signing.sign, db.chain.lines())
        return place

    return made


def recorded(images: Path) -> list[str]:
    project = Project.of_images(images)
    try:
        return [act.reader for act in project.database.acts.recorded()]
    finally:
        project.close()


def test_two_keys_under_one_name_are_refused_together(images, pack, capsys):
    assert run(["import", str(images), str(pack("Ana", b"1")), str(pack("Ana", b"2"))]) == 2
    assert "with two keys" in " ".join(capsys.readouterr().err.split())
    assert recorded(images) == []


@pytest.mark.parametrize("name", ["Ana ", "\u00a0Ana", "A\u200bna", "Ana\n", ""])
def test_a_name_that_looks_like_another_is_none(images, pack, capsys, name):
    assert run(["import", str(images), str(pack(name, b"1"))]) == 2
    assert "no heading of a pack" in " ".join(capsys.readouterr().err.split())
    assert recorded(images) == []


def test_what_a_stranger_says_in_ones_own_name_is_told(images, pack, capsys):
    project = Project.of_images(images)
    set_reader(project, "Ana")
    project.close()
    coming = str(pack("Eve", b"9", reader="Ana"))
    assert run(["import", str(images), coming]) == 0
    assert "1 of what is new is in your own name, Ana, and not signed by you" in capsys.readouterr().out
    assert run(["import", str(images), coming]) == 0
    assert "your own name" not in capsys.readouterr().out, "it is on record now"


def test_a_key_that_cannot_be_remembered_is_told_and_the_acts_are_in(images, pack, capsys, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(signers, "write_file", full)
    assert run(["import", str(images), str(pack("Ben", b"1"))]) == 0
    assert "The key cannot be remembered" in " ".join(capsys.readouterr().err.split())
    assert recorded(images) == ["Ben"]


@pytest.mark.parametrize("kind", [AnnotationKind.LABEL, AnnotationKind.VERDICT])
def test_classes_that_are_lacking_are_told(images, pack, capsys, kind):
    assert run(["import", str(images), str(pack("Ben", b"1", value="cancer", kind=kind)), "--preview"]) == 0
    assert "Classes that this project lacks: cancer" in capsys.readouterr().out
