"""One door for the window and the commands: `endodesk [FOLDER]`, `endodesk predict ...`, `python -m endodesk`."""

import sys


def main() -> None:
    """Run what the command line asks for; user errors end with one line and exit code 2."""
    from endodesk.cli import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
