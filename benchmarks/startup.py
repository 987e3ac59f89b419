"""Times `memeval --help` beside a bare interpreter and bare `import typer`, in one run."""

import statistics
import subprocess
import sys
import time

REPEATS = 5
COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "import typer": [sys.executable, "-c", "import typer"],
    "memeval --help": [sys.executable, "-m", "memeval", "--help"],
}


def main() -> None:
    """Print the median of five runs of each command."""
    for name, command in COMMANDS.items():
        seconds = []
        for _ in range(REPEATS):
            start = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            seconds.append(time.perf_counter() - start)
        print(f"{name:16} {statistics.median(seconds):.2f} s (median of {REPEATS})")


if __name__ == "__main__":
    main()
