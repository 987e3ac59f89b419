"""Times what a user waits for: help beside a bare interpreter, all data, a first measurement."""

import os
import statistics
import subprocess
import sys
import tempfile
import time

MEMEVAL = [sys.executable, "-m", "memeval"]
FIRST = "eval --preset memory/hei_nw --suite episodic --size 50 --seed 1337 --date first".split()
COMMANDS = {
    "python -c pass": (5, [sys.executable, "-c", "pass"]),
    "import typer": (5, [sys.executable, "-c", "import typer"]),
    "memeval --help": (5, [*MEMEVAL, "--help"]),
    "memeval datasets build": (1, [*MEMEVAL, "datasets", "build"]),
    "memeval eval, 50 items": (1, [*MEMEVAL, *FIRST]),
}


def main() -> None:
    """Print the median seconds of each command; data and results go into an empty folder."""
    with tempfile.TemporaryDirectory() as folder:
        places = {"MEMEVAL_DATA_DIR": f"{folder}/data", "MEMEVAL_RUNS_DIR": f"{folder}/runs"}
        for name, (repeats, command) in COMMANDS.items():
            seconds = []
            for _ in range(repeats):
                start = time.perf_counter()
                subprocess.run(
                    command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, **places}
                )
                seconds.append(time.perf_counter() - start)
            print(f"{name:26} {statistics.median(seconds):5.2f} s (median of {repeats})")


if __name__ == "__main__":
    main()
