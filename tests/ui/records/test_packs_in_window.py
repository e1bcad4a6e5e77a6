"""Label packs in the real window: out, and a colleague's in; another key than before is asked about."""

import errno
import threading
from datetime import UTC, datetime, timedelta

import pytest
from frame_folders import sha256_of
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from test_doors_of_the_record import gone, open_dialog
from watching import choose, press, settle, warnings, words

from endodesk.app import signers
from endodesk.app.signers import remember
from endodesk.data.correction_store import CorrectionStore
from endodesk.data.database import Database
from endodesk.data.image_store import FileStamp
from endodesk.data.packs.pack_file import Heading, is_pack, write_pack
from endodesk.domain.images import ImageRecord
from endodesk.domain.reviews import Correction
from endodesk.system.signing import SigningKey, fingerprint
from endodesk.ui.records.export_dialog import ExportDialog
from endodesk.ui.records.import_dialog import ImportDialog


def a_pack(folder, frames, key):
    """Ben's labels of these frames, made on another PC."""
    with Database.open(folder / "ben.sqlite") as db:
        records = (ImageRecord(sha256_of(path), path, 64, 64, "") for path in frames)
        db.images.add((record, FileStamp(9, 9, n, n, 1)) for n, record in enumerate(records))
        for n, path in enumerate(frames):
            db.corrections.add(Correction(sha256_of(path), "ulcerative-colitis", "Ben", datetime(2026, 1, 1, tzinfo=UTC) + timedelta(n)))
        last = db.chain.last_event()
        heading = Heading("Ben", key.public, "2026-01-02T00:00:00+00:00", last, db.chain.digest_at(last) or "")
        write_pack(folder / "ben.pack", heading, key.sign, db.chain.lines())
    return folder / "ben.pack"


@pytest.mark.slow
def test_a_pack_goes_out_whole_and_says_whose_key_signed_it(window, qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(tmp_path / "mine"), ""))
    told = []
    window.session.workspace.message.connect(told.append)
    choose(qtbot, window, 0)
    press(qtbot, window, Qt.Key.Key_2)
    settle(qtbot, window)
    dialog = open_dialog(window, qtbot, "export_record", ExportDialog)
    dialog.nameless.setChecked(True)
    dialog.formats.setCurrentIndex(dialog.formats.findData("pack"))
    qtbot.waitUntil(lambda: not dialog.working and "Nothing of that is left out" in words(dialog))
    assert not dialog.readers.isEnabled()
    assert not dialog.nameless.isEnabled()
    assert not dialog.nameless.isChecked()
    dialog.main_button.click()
    qtbot.waitUntil(lambda: gone(dialog))
    assert is_pack(tmp_path / "mine.pack")
    assert any("Signed by" in sentence for sentence in told)


@pytest.mark.slow
def test_a_colleagues_pack_comes_in_and_another_key_is_asked_about(window, qtbot, images, tmp_path):
    key, before = SigningKey(b"b" * 32), SigningKey(b"a" * 32)
    pack = a_pack(tmp_path, [images / "polyps/frame-0.png", images / "polyps/frame-1.png"], key)
    remember("Ben", before.public)
    database = window.session.workspace.project.database
    dialog = open_dialog(window, qtbot, "import_record", ImportDialog)
    assert dialog.accept_key.isHidden()
    broken = tmp_path / "broken.pack"
    broken.write_bytes(pack.read_bytes().replace(b"ulcerative", b"ulcerativf", 1))
    dialog.look_at([broken])
    qtbot.waitUntil(lambda: "Line 2" in dialog.told.text())
    assert not dialog.main_button.isEnabled()
    dialog.look_at([pack])
    qtbot.waitUntil(lambda: "2 new" in words(dialog))
    assert fingerprint(key.public) in words(dialog)
    assert fingerprint(before.public) in words(dialog)
    assert not dialog.main_button.isEnabled()
    dialog.accept_key.setChecked(True)
    dialog.main_button.click()
    qtbot.waitUntil(lambda: gone(dialog))
    assert {act.reader for act in database.acts.recorded()} == {"Ben"}
    assert database.chain.verify().broken is None
    window.actions_by_name["undo"].trigger()
    assert not any(act.stands for act in database.acts.recorded())
    qtbot.waitUntil(lambda: window.findChild(ImportDialog) is None)  # else it would be found again
    dialog = open_dialog(window, qtbot, "import_record", ImportDialog)
    dialog.look_at([pack])
    qtbot.waitUntil(lambda: "2 on record already" in words(dialog))
    assert dialog.accept_key.isHidden(), "the key is known now"
    dialog.reject()


@pytest.mark.slow
def test_acts_that_are_in_are_told_though_the_key_could_not_be_remembered(window, qtbot, images, tmp_path, monkeypatch):
    told = []
    window.session.workspace.message.connect(told.append)
    pack = a_pack(tmp_path, [images / "polyps/frame-0.png"], SigningKey(b"b" * 32))

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(signers, "write_file", full)
    dialog = open_dialog(window, qtbot, "import_record", ImportDialog)
    dialog.look_at([pack])
    qtbot.waitUntil(lambda: "1 new" in words(dialog))
    dialog.main_button.click()
    qtbot.waitUntil(lambda: gone(dialog))
    assert "1 acts imported; Ctrl+Z takes them back" in told
    assert any("The key cannot be remembered" in sentence for sentence in warnings(window))


@pytest.mark.slow
def test_what_came_in_is_read_by_the_job_and_told_though_the_dialog_was_to_go_meanwhile(window, qtbot, images, tmp_path, monkeypatch):
    workspace, told, held, threads = window.session.workspace, [], threading.Event(), []
    workspace.message.connect(told.append)
    pack = a_pack(tmp_path, [images / "polyps/frame-0.png"], SigningKey(b"b" * 32))
    dialog = open_dialog(window, qtbot, "import_record", ImportDialog)
    dialog.look_at([pack])
    qtbot.waitUntil(lambda: "1 new" in words(dialog))
    words_on = CorrectionStore.words_on

    def slow(store, names):
        threads.append(threading.current_thread())
        held.wait(10)
        return words_on(store, names)

    monkeypatch.setattr(CorrectionStore, "words_on", slow)
    dialog.main_button.click()
    qtbot.waitUntil(lambda: bool(threads))
    dialog.reject()  # it goes once the job has ended: the acts are in by now
    held.set()
    qtbot.waitUntil(lambda: gone(dialog))
    assert "1 acts imported; Ctrl+Z takes them back" in told
    assert workspace.reviews.words_of(sha256_of(images / "polyps/frame-0.png")).of("Ben").correction.value == "ulcerative-colitis"
    assert threading.main_thread() not in threads
