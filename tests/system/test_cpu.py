"""What is missing in a processor, by what Linux tells of it; and the real program on such a one."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from endodesk.system import cpu

FLAGS = "fpu sse2 ssse3 sse4_1 sse4_2 popcnt avx avx2"


@pytest.fixture
def told(tmp_path, monkeypatch):
    """Makes this computer's processor one with these flags."""
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(cpu, "CPUINFO", tmp_path / "cpuinfo")

    def tell(text: str) -> None:
        (tmp_path / "cpuinfo").write_text(text, encoding="utf-8")

    return tell


def x86(flags: str) -> str:
    one = f"processor\t: 0\nmodel name\t: some avx sse4_2 words\nflags\t\t: {flags}\nbugs\t\t: spectre_v1\n\n"
    return one * 200


@pytest.mark.parametrize(
    ("flags", "here", "training"),
    [
        (FLAGS, "", ""),
        (FLAGS.replace(" avx avx2", ""), "", "needs a processor with AVX"),
        ("fpu sse2 ssse3", "needs a processor with SSE4.2", "needs a processor with AVX"),
    ],
)
def test_what_is_missing_is_told(told, flags, here, training):
    told(x86(flags))
    assert here in cpu.why_not_here()
    assert bool(here) == bool(cpu.why_not_here())
    assert training in cpu.why_no_tensorflow()
    assert bool(training) == bool(cpu.why_no_tensorflow())


@pytest.mark.parametrize("text", ["", "processor\t: 0\nFeatures\t: fp asimd\n", "flags"])
def test_what_cannot_be_told_is_not_missing(told, text):
    told(text)
    assert (cpu.why_not_here(), cpu.why_no_tensorflow()) == ("", "")


def test_neither_is_anything_missing_where_there_is_no_such_file_or_system(told, monkeypatch):
    assert not cpu.lacks("avx")
    monkeypatch.setattr(sys, "platform", "plan9")
    assert not cpu.lacks("avx")


def test_asking_takes_less_than_a_millisecond(told):
    told(x86(FLAGS))
    best = min(_seconds() for _ in range(20))
    assert best < 0.001


def _seconds() -> float:
    start = time.perf_counter()
    cpu.why_not_here()
    return time.perf_counter() - start


def _may_mount() -> bool:
    return sys.platform == "linux" and subprocess.run(["unshare", "-m", "true"], check=False, capture_output=True).returncode == 0


def _on_a_processor(tmp_path: Path, flags: str, *words: str) -> subprocess.CompletedProcess[str]:
    (tmp_path / "cpuinfo").write_text(x86(flags), encoding="utf-8")
    mounted = 'mount --bind "$0" /proc/cpuinfo && exec "$@"'
    command = ["unshare", "-m", "sh", "-c", mounted, str(tmp_path / "cpuinfo"), *words]
    env = {name: value for name, value in os.environ.items() if name != "OPENBLAS_CORETYPE"}  # it would overrule what OpenBLAS finds
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=120, env=env)


@pytest.mark.skipif(not _may_mount(), reason="another processor can be shown to the program by root on Linux only")
def test_the_real_program_says_that_the_processor_is_too_old_before_anything_else(tmp_path):
    child = _on_a_processor(tmp_path, "fpu sse2", sys.executable, "-m", "endodesk", str(tmp_path))
    assert (child.returncode, child.stdout) == (2, "")
    assert child.stderr == f"endodesk: {cpu.TOO_OLD}\n"


@pytest.mark.slow
@pytest.mark.skipif(not _may_mount(), reason="another processor can be shown to the program by root on Linux only")
def test_a_training_says_that_the_processor_has_no_avx_before_tensorflow_is_loaded(tmp_path):
    code = "import sys; from pathlib import Path; from training.plan.config import load_config"
    code += "; from training.plan.run_folder import prepare_run; from endodesk.domain.classes import PAPER_CLASSES"
    code += "; from endodesk.dataset.manifest import scan_class_folder; from endodesk.system.task import TaskContext"
    code += "; rows = scan_class_folder(Path(sys.argv[1]), PAPER_CLASSES.names, TaskContext()).rows"
    code += "; prepare_run(Path(sys.argv[2]), rows, load_config('head'))"
    from frame_folders import put_classes

    put_classes(tmp_path / "frames", each=6)
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "frames"), str(tmp_path / "run")], check=True, timeout=60)
    child = _on_a_processor(tmp_path, FLAGS.replace(" avx avx2", ""), sys.executable, "-m", "training", str(tmp_path / "run"))
    assert child.returncode == 2
    assert "needs a processor with AVX" in child.stdout
    assert "Choose a quick update" in child.stdout


@pytest.mark.slow
@pytest.mark.skipif(not _may_mount() or not shutil.which("qemu-x86_64-static"), reason="qemu-user-static is not installed")
@pytest.mark.skipif(sys.platform != "linux" or os.uname().machine != "x86_64", reason="QEMU runs this processor's programs only")
@pytest.mark.parametrize(("cpu", "flags", "code"), [("Nehalem", FLAGS.replace(" avx avx2", ""), 0), ("core2duo", "fpu sse2 ssse3", 2)])
def test_on_a_true_processor_of_that_kind_numpy_can_be_loaded_or_a_sentence_says_why_not(tmp_path, cpu, flags, code):
    script = tmp_path / "script.py"
    paths = [str(Path(__file__).parents[2]), *(path for path in sys.path if path.endswith("site-packages"))]
    script.write_text(
        f"import sys\nsys.path[:0] = {paths!r}\nfrom endodesk.system.cpu import why_not_here\n"
        "if why_not_here():\n    sys.exit(2)\nimport numpy, cv2\nprint(float(numpy.ones(3, 'f') @ numpy.ones(3, 'f')))\n",
        encoding="utf-8",
    )
    python = str(Path(sys.executable).resolve())
    child = _on_a_processor(tmp_path, flags, "qemu-x86_64-static", "-cpu", cpu, python, str(script))
    assert (child.returncode, child.stdout) == (code, "3.0\n" if code == 0 else ""), child.stderr
