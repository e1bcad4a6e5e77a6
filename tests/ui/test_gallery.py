import pytest
from frame_folders import png, put, put_bad, put_classes
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from endodesk.ui.gallery import CORRECTED_ROLE, LABEL_ROLE, REASON_ROLE, Gallery, GalleryModel


@pytest.fixture
def session(tmp_path, open_window, qtbot):
    put_classes(tmp_path / "frames")
    put_bad(tmp_path / "frames")
    window = open_window(tmp_path / "frames")
    qtbot.waitUntil(lambda: not window.session.listing and window.session.jobs.idle, timeout=15_000)
    return window.session


def test_the_model_is_a_proper_model_while_frames_come_and_change(session, qtmodeltester, qtbot, tmp_path):
    model = GalleryModel(session)
    qtmodeltester.check(model)
    put(tmp_path / "frames" / "new.png", png(8))
    session.list_folder()
    qtbot.waitUntil(lambda: model.rowCount() == 11 and session.jobs.idle, timeout=10_000)
    qtmodeltester.check(model)
    assert model.rowCount(model.index(0)) == 0


def test_a_row_tells_label_thumbnail_and_reason(session, qtbot):
    model = GalleryModel(session)
    bad = model.index(session.frames.row_of(next(e.path for e in session.frames if e.unreadable)))
    assert bad.data(REASON_ROLE).endswith(".")
    assert bad.data(Qt.ItemDataRole.DecorationRole) is None
    assert bad.data(REASON_ROLE) in bad.data(Qt.ItemDataRole.ToolTipRole)
    row = next(row for row, e in enumerate(session.frames) if e.folder_label == "polyps")
    good = model.index(row)
    assert (good.data(LABEL_ROLE), good.data(CORRECTED_ROLE), good.data(REASON_ROLE)) == ("polyps", False, "")
    qtbot.waitUntil(lambda: isinstance(good.data(Qt.ItemDataRole.DecorationRole), QImage))
    assert "polyps" in good.data(Qt.ItemDataRole.AccessibleTextRole)
    session.choose(row)
    qtbot.waitUntil(lambda: session.open_frame is not None)
    session.correct("esophagitis")
    assert (good.data(LABEL_ROLE), good.data(CORRECTED_ROLE)) == ("esophagitis", True)


def test_thumbnails_are_made_for_what_is_on_screen_only(tmp_path, open_window, qtbot):
    for n in range(400):
        put(tmp_path / "many" / f"{n:04}.png", png(1) + str(n).encode())
    window = open_window(tmp_path / "many")
    qtbot.waitUntil(lambda: not window.session.listing and window.session.jobs.idle, timeout=30_000)
    kept = list((window.session.project.cache_folder / "thumbnails").rglob("*.jpg"))
    assert 4 <= len(kept) <= 150


def test_neighbours_that_become_known_are_told_in_one_signal(session, qtbot):
    gallery = Gallery(session)
    qtbot.addWidget(gallery)
    spans = []
    gallery.model.dataChanged.connect(lambda first, last: spans.append((first.row(), last.row())))
    session._tell_rows([5, 3, 4, 1])
    assert spans == [(1, 1), (3, 5)]
