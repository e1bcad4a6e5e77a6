"""What the window's process loads: a fresh one, as a user starts it."""

import json
import subprocess
import sys

import pytest
from frame_folders import put, put_classes

STARTS_THE_WINDOW = """
import json, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from endodesk.app.project.kept_bundles import keep_bundle
from endodesk.app.project.project import Project
from endodesk.ui.main_window import MainWindow
from endodesk.ui.widgets.theme import apply_theme
application = QApplication([])
apply_theme(application)
project = Project.of_images(Path(sys.argv[1]))
bundle = keep_bundle(project, Path(sys.argv[2]))
window = MainWindow(project)
window.show()
before = sorted(sys.modules)
window.start()
window.session.model.promote(bundle, reader=window.session.workspace.reader, why="a test")
window.answer.heat_box.setChecked(True)
def look():
    frame = window.session.workspace.open_frame
    if frame is not None and frame.answer is not None and window.view.canvas is not None:
        window.grab()
        window.do("show_models")
        window.close()
        application.exit()
timer = QTimer(interval=20)
timer.timeout.connect(look)
timer.start()
application.exec()
heat = window.view.shows_heat
print(json.dumps({"before": before, "after": sorted(sys.modules), "heat": heat}))
"""


def test_the_window_never_loads_a_library_of_training_nor_plots_before_they_are_wanted(tmp_path, tiny_bundle):
    put_classes(tmp_path / "frames", each=1)
    command = [sys.executable, "-c", STARTS_THE_WINDOW, str(tmp_path / "frames"), str(tiny_bundle)]
    child = subprocess.run(command, capture_output=True, check=False, timeout=60)
    assert child.returncode == 0, child.stderr.decode()
    told = json.loads(child.stdout.splitlines()[-1])
    assert told["heat"]
    heads = {name.partition(".")[0] for name in told["after"]}
    assert not heads & {"tensorflow", "keras", "albumentations", "matplotlib", "tensorboard", "torch", "pandas"}
    before = {name.partition(".")[0] for name in told["before"]}
    assert not before & {"pydicom", "sklearn", "pyqtgraph", "scipy", "matplotlib", "qtawesome", "qtpy"}
    assert not [name for name in told["before"] if name.startswith(LATER)]


LATER = (
    "endodesk.app.places",
    "endodesk.app.records",
    "endodesk.data.acts.act_store",
    "endodesk.data.acts.last_words",
    "endodesk.data.acts.record",
    "endodesk.data.chain.chain_store",
    "endodesk.data.chain.data_set",
    "endodesk.data.chain.verifying",
    "endodesk.data.safety.taking_in",
    "endodesk.dataset.exchange",
    "endodesk.domain.acts",
    "endodesk.ui.records",
    "endodesk.ui.training",
)
"""Rooms and files of ours that no first screen needs: each takes a millisecond or more of every start."""


@pytest.mark.slow
def test_the_window_is_opened_without_the_command_lines_modules_and_a_user_error_is_one_line(tmp_path):
    from endodesk.__main__ import is_for_the_window

    (tmp_path / "demo").mkdir()
    assert is_for_the_window([])
    assert is_for_the_window([str(tmp_path / "demo")])
    assert not any(map(is_for_the_window, (["demo"], ["demo", "--out", "x"], ["--version"], [str(tmp_path / "gone")])))
    put(tmp_path / "demo" / "project.sqlite", b"no database" * 1000)
    child = subprocess.run(
        [sys.executable, "-m", "endodesk", str(tmp_path / "demo")], capture_output=True, check=False, timeout=60, text=True
    )
    assert child.returncode == 2
    assert child.stderr.count("\n") == 1
    assert child.stderr.startswith("endodesk: ")
    assert "damaged" in child.stderr
