"""One door for the window and the commands: `endodesk [FOLDER]`, `endodesk predict ...`, `python -m endodesk`."""

import gc
import sys


def main() -> None:
    """Run what the command line asks for; user errors end with one line and exit code 2."""
    gc.disable()  # while hundreds of modules are loaded, whose contents all stay: 0.05 s; the window and `run` enable it
    from endodesk.cli import run

    gc.enable()
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
