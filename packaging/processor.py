"""Whether this computer's processor can run the program.

Its libraries (numpy, OpenCV, LiteRT, TensorFlow) need AVX, and end without a word where it is missing.
"""

import os
import re
import sys

SENTENCE = "EndoDesk cannot run on this computer: its processor lacks AVX. Nearly all PCs made since 2013 have it."
SPANISH = "EndoDesk no puede funcionar en este ordenador: a su procesador le falta AVX. Casi todos los PC desde 2013 lo tienen."
_PF_AVX = 39
_BEGINNING = 8192
"""Bytes; what the first core can do stands there, and of many cores the whole takes long."""


def require_avx(*, window: bool) -> None:
    """Ends the program with exit code 2 and a sentence, in a `window` too where there is a screen. Loads nothing else if all is well."""
    if has_avx():
        return
    if sys.stderr is not None:
        sys.stderr.write(f"endodesk: {SENTENCE}\n")
    if window and (sys.platform != "linux" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        from PySide6.QtWidgets import QApplication, QMessageBox  # noqa: TID251  (needs no AVX, unlike endodesk.ui)

        application = QApplication(sys.argv[:1])
        QMessageBox.critical(None, "EndoDesk", f"{SENTENCE}\n\n{SPANISH}")
        del application
    sys.exit(2)


def has_avx() -> bool:
    """True also where it cannot be told."""
    if sys.platform == "win32":
        import ctypes

        return bool(ctypes.windll.kernel32.IsProcessorFeaturePresent(_PF_AVX))
    try:
        with open("/proc/cpuinfo", "rb", buffering=0) as stream:  # noqa: PTH123  (pathlib is not loaded yet)
            flags = re.search(rb"^flags\s*:(.*)$", stream.read(_BEGINNING), re.MULTILINE)
    except OSError:
        return True
    return flags is None or b"avx" in flags.group(1).split()
