"""What the frozen windowed program `EndoDesk` runs: the same door as `endodesk`, where a program may have no console.

On Linux `endodesk-worker` is another name of the same file.
"""

import multiprocessing
import os
import sys
from pathlib import Path

if __name__ == "__main__":
    multiprocessing.freeze_support()
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # Windows gives a windowed program none
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
    if Path(sys.executable).name == "endodesk-worker":
        from worker import main
    else:
        from endodesk.__main__ import main
    main()
