"""How long the window takes to come up, frozen and from source in turn: python packaging/cold_start.py build/EDITION/EndoDesk [RUNS].

Linux, with Xvfb and xdotool. Counted from before the process starts until a window of it is mapped; homes are empty folders. The first
two of each fill the system's caches and are not counted.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

WARM_UP, GIVEN_UP_S = 2, 60.0


def main(folder: Path, runs: int) -> None:
    """Print the medians and their ratio."""
    ways: dict[str, Sequence[object]] = {"frozen": [folder.absolute() / "EndoDesk"], "source": [sys.executable, "-m", "endodesk"]}
    times: dict[str, list[float]] = {way: [] for way in ways}
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1440x900x24", "-nolisten", "tcp", "-noreset"]
    screen = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        display = f":{screen.stdout.readline().strip()}" if screen.stdout else ""
        with tempfile.TemporaryDirectory() as home:
            for _ in range(runs + WARM_UP):
                for way, command in ways.items():
                    times[way].append(shown_after(command, Path(home) / way, display))
    finally:
        screen.terminate()
        screen.communicate()
    middle = {way: statistics.median(values[WARM_UP:]) for way, values in times.items()}
    for way, values in times.items():
        counted = " ".join(f"{value:.2f}" for value in values[WARM_UP:])
        sys.stdout.write(f"{way}: {middle[way]:.3f} s (least {min(values[WARM_UP:]):.3f}; {counted})\n")
    sys.stdout.write(f"frozen / source: {middle['frozen'] / middle['source']:.2f}\n")


def shown_after(command: Sequence[object], home: Path, display: str) -> float:
    """Seconds until the window is mapped; it is closed then."""
    home.mkdir(exist_ok=True)
    environment = {**os.environ, "HOME": str(home), "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    started = time.monotonic()
    program = subprocess.Popen([str(word) for word in command], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    search = ["xdotool", "search", "--onlyvisible", "--pid", str(program.pid)]
    try:
        while subprocess.run(search, env=environment, capture_output=True, check=False).returncode:
            if time.monotonic() - started > GIVEN_UP_S or program.poll() is not None:
                raise SystemExit(f"{command[0]} shows no window.")
            time.sleep(0.005)
        return time.monotonic() - started
    finally:
        program.kill()
        program.wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 9)
