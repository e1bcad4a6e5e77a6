"""One door for the window and the commands: `endodesk [FOLDER]`, `endodesk predict ...`, `python -m endodesk`."""

import gc
import os
import sys
from pathlib import Path
from typing import NoReturn

from endodesk.system.cpu import why_not_here


def main() -> None:
    """Run what the command line asks for; user errors end with one line and exit code 2."""
    if reason := why_not_here():  # before numpy and Qt are loaded: without SSE4.2 these end the program unheard
        refuse(reason)
    gc.disable()  # while hundreds of modules are loaded, whose contents all stay: 0.05 s; the window enables it
    arguments = sys.argv[1:]
    if is_for_the_window(arguments):
        from endodesk.ui.start import run_window

        sys.exit(run_window(Path(arguments[0]) if arguments else None))
    from endodesk.cli.main import run

    gc.enable()
    sys.exit(run(arguments))


def is_for_the_window(arguments: list[str]) -> bool:
    """Whether nothing but a place is asked for, or not even that: the window then need not wait for the command line's modules.

    A bare word may be a command, so a folder is told by its separator; a project's file by the end of its name.
    """
    if len(arguments) != 1 or arguments[0].startswith("-"):
        return not arguments
    return (os.sep in arguments[0] and Path(arguments[0]).is_dir()) or arguments[0].lower().endswith(".endodesk")


def refuse(reason: str) -> NoReturn:
    """Where no library can be loaded, Qt's neither: a line on stderr, and on Windows the system's own box."""
    print(f"endodesk: {reason}", file=sys.stderr)  # noqa: T201
    if sys.platform == "win32":  # started by a click: nobody sees stderr
        import ctypes

        ctypes.windll.user32.MessageBoxW(None, reason, "EndoDesk", 0)
    sys.exit(2)


if __name__ == "__main__":
    main()
