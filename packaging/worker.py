"""What the frozen console program `endodesk-worker` runs: a training for the window (RUN --watch-stdin), the trial of a model,
the writing of a Keras file, else the command line.
"""

import multiprocessing
import sys

from endodesk.__main__ import refuse
from endodesk.system.cpu import why_not_here


def main() -> None:
    """Ends the process."""
    if reason := why_not_here():
        refuse(reason)
    if "--watch-stdin" in sys.argv[1:]:
        from training.__main__ import main as train

        sys.exit(train())
    if "--write-keras" in sys.argv[1:]:
        from training.learning.export import main as write_keras

        sys.exit(write_keras())
    if "--try-networks" in sys.argv[1:]:
        from endodesk.inference.trial import main as answer_trials

        sys.exit(answer_trials())
    from endodesk.cli.main import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    multiprocessing.freeze_support()
    main()
