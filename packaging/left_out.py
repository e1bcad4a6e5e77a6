"""What a built program does without: modules that are never looked for, and files that libraries bring along. Read by endodesk.spec."""

from pathlib import PurePath

TRAINING = ["tensorflow", "keras", "albumentations", "albucore", "tensorboard", "matplotlib", "h5py", "sklearn"]
NEVER = ["tkinter", "pytest", "hypothesis", "IPython", "wandb", "PyQt5", "PyQt6", "PySide2", "qtpy", "setuptools", "pip", "PIL._avif"]
NEVER += ["pywt", "pydoc_data", "readline", "torch", "jax", "pandas"]
# The server of TensorBoard and its remote calls; logs are written without them. Compilers that no training of ours asks for.
NEVER += ["grpc", "tensorboard_data_server", "tensorboard.plugins.projector"]
# Of scipy, the Reviewer edition needs what imagehash.phash imports: the Fourier transform and what that stands on.
UNUSED_SCIPY = [f"scipy.{name}" for name in ("cluster", "datasets", "differentiate", "integrate", "interpolate", "io", "ndimage", "odr")]
UNUSED_SCIPY += [f"scipy.{name}" for name in ("linalg", "optimize", "signal", "sparse", "spatial", "special", "stats")]

_SOURCES = (".pyi", ".pyx", ".pxd", ".tp", ".afm", ".h", ".hpp", ".a", ".lib", ".rst", ".build")
"""What builds or explains libraries, and fonts that only PDF and PostScript files use."""
_FOLDERS = (
    ("sklearn", "datasets"),
    ("matplotlib", "mpl-data", "sample_data"),
    ("matplotlib", "mpl-data", "fonts", "pdfcorefonts"),
    ("matplotlib", "mpl-data", "images"),
    ("tensorflow", "include"),
    ("pydicom", "data", "test_files"),
    ("pydicom", "data", "charset_files"),
)
_LIBRARIES = ("stablehlo_extension", "_xla_ops")
"""Of TensorFlow: export to StableHLO, and XLA by hand. 45 MB."""
# What PyInstaller's hook for Qt brings along, and a program of widgets never loads.
_QT = ("EglFS", "EglFs", "Test", "Qml", "Quick", "VirtualKeyboard", "Pdf", "WebEngine", "Designer", "ShaderTools", "Multimedia")
_PLUGINS = ("egldeviceintegrations", "networkinformation", "tls", "qmltooling", "virtualkeyboard", "vkkhrdisplay")
_GTK = ("libqgtk3", "libgtk-3", "libgdk-3", "libgdk_pixbuf", "libatk", "libatspi", "libcairo", "libpango", "libepoxy")
"""The look of another desktop."""
_PLATFORMS = ("eglfs", "linuxfb", "minimalegl", "vnc", "vkkhrdisplay")


CODECS = ("imcd", "shared", "shared_cython", "tiff", "jpeg8", "jpegsof3", "ljpeg", "zlib", "zstd", "lzma")
CODECS += ("webp", "deflate", "png", "ccitt")
"""Of imagecodecs, what lies in TIFF and DICOM files, and JPEG of 12 bits. 45 MB are for other pictures."""


def is_used(name: str) -> bool:
    """Whether a collected file stays: `name` is its place in the folder."""
    path = PurePath(name)
    if path.name.startswith("opencv_videoio_ffmpeg"):  # on Windows: films are read by PyAV
        return False
    if path.parts[0] == "imagecodecs" and path.suffix in (".so", ".pyd"):
        return path.name.split(".")[0].removeprefix("_") in CODECS
    if "tests" in path.parts or "__pycache__" in path.parts or path.suffix in _SOURCES or path.name.startswith(_GTK):
        return False
    if any(path.parts[: len(folder)] == folder and path.suffix not in (".so", ".pyd") for folder in _FOLDERS):
        return False
    if any(path.name.startswith(library) for library in _LIBRARIES):
        return False
    return "PySide6" not in path.parts or _is_used_of_qt(path)


def _is_used_of_qt(path: PurePath) -> bool:
    if "translations" in path.parts:
        return path.name in ("qtbase_en.qm", "qtbase_es.qm")
    names = [path.name, *(part for part in path.parts if part.endswith(".framework"))]  # on macOS; half a framework cannot be signed
    if any(part in _PLUGINS for part in path.parts) or any(word in name for name in names for word in _QT):
        return False
    return not ("platforms" in path.parts and any(word in path.name for word in _PLATFORMS))
