"""What this computer's processor lacks. Asked before numpy is loaded: where an instruction is missing a library ends the program unheard.

Measured on QEMU's processors with the wheels of constraints.txt: without SSE4.2 (core2duo) numpy and Qt die when they are imported;
without AVX (Nehalem) TensorFlow does, and all else works.
"""

import os
import sys
from pathlib import Path

TOO_OLD = "EndoDesk needs a processor with SSE4.2, as most since 2009 have; this computer's has none. Use another computer."
CPUINFO = Path("/proc/cpuinfo")
_FIRST_PROCESSOR = 8192  # bytes: the others have the same flags
_NUMBERS = {"ssse3": 36, "sse4_2": 38, "avx": 39}
"""What `IsProcessorFeaturePresent` calls these flags (PF_ constants of winnt.h)."""


# Why: docs/decisions/system.md 1
def lacks(flag: str) -> bool:
    """Whether `sse4_2` or `avx` is missing; False where that cannot be told, and on processors that have no such thing."""
    ask = {"linux": _linux_lacks, "win32": _windows_lacks, "darwin": _mac_lacks}.get(sys.platform)
    return ask is not None and ask(flag)


def why_not_here() -> str:
    """Why the program cannot run on this processor, as a sentence; empty if it can."""
    return TOO_OLD if lacks("sse4_2") else ""


def why_no_tensorflow() -> str:
    """Why TensorFlow cannot run here, as a sentence; empty if it can."""
    if lacks("avx"):
        return (
            "This training needs a processor with AVX, as most since 2011 have; this computer's has none. "
            "Choose a quick update, or train on another computer."
        )
    return ""


def processor_name() -> str:
    """What this computer's processor is called; empty where that cannot be told."""
    import platform

    try:
        with CPUINFO.open("rb") as stream:
            text = stream.read(_FIRST_PROCESSOR)
    except OSError:
        return platform.processor()
    _, _, rest = text.partition(b"\nmodel name\t: ")  # ARM has none
    return rest.partition(b"\n")[0].decode("ascii", "replace").strip() or platform.processor()


def _linux_lacks(flag: str) -> bool:
    try:
        with CPUINFO.open("rb") as stream:
            text = stream.read(_FIRST_PROCESSOR)
    except OSError:
        return False
    _, found, rest = text.partition(b"\nflags\t")  # ARM has none
    return bool(found) and flag.encode() not in rest.partition(b"\n")[0].split()


def _windows_lacks(flag: str) -> bool:
    if os.environ.get("PROCESSOR_ARCHITECTURE") != "AMD64":  # ARM has no such instructions, and needs none
        return False
    import ctypes

    present = ctypes.WinDLL("kernel32").IsProcessorFeaturePresent  # type: ignore[attr-defined,unused-ignore]
    told = bool(present(_NUMBERS["ssse3"]))  # a Windows that does not know these numbers says no to each of them
    return told and not present(_NUMBERS[flag])


def _mac_lacks(flag: str) -> bool:
    if os.uname().machine != "x86_64":
        return False
    import ctypes

    value, size = ctypes.c_int(1), ctypes.c_size_t(4)  # 1: where the question fails nothing is missing
    name = {"sse4_2": b"hw.optional.sse4_2", "avx": b"hw.optional.avx1_0"}[flag]
    failed = ctypes.CDLL(None).sysctlbyname(name, ctypes.byref(value), ctypes.byref(size), None, 0)
    return not failed and value.value == 0
