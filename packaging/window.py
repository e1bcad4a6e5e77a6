"""What the frozen windowed program `EndoDesk` runs: the same door as `endodesk`, where a program may have no console."""

import multiprocessing
import os
import sys

if __name__ == "__main__":
    multiprocessing.freeze_support()
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # Windows gives a windowed program none
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
    from endodesk.__main__ import main

    main()
