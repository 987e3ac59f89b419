"""Two workers on one cell of many sessions, beside one: the ratio of their times.

python benchmarks/sessions.py --sessions 100 --each 5
"""

import argparse
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from memeval.datasets import store
from memeval.suites.own import generate


def write(folder: Path, sessions: int, each: int) -> None:
    """Write a folder of session folders."""
    for seed in range(sessions):
        session = replace(generate("episodic", size=each, seed=seed), prompt=None)
        here = folder / f"s{seed:04}"
        here.mkdir(parents=True)
        (here / store.EVENTS).write_text(store.event_lines(session), "utf-8")
        (here / store.ITEMS).write_text(store.item_lines(session), "utf-8")


def seconds(folder: Path, data: Path, preset: str, workers: int) -> float:
    """Return how long a command takes from start to end."""
    command = (sys.executable, "-m", "memeval", "eval", "--suite", data, "--preset", preset)
    where = ("--outdir", folder, "--date", f"w{workers}", "--workers", workers, "--force")
    start = time.perf_counter()
    subprocess.run(list(map(str, (*command, *where))), check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    """Measure both and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=100)
    parser.add_argument("--each", type=int, default=5)
    parser.add_argument("--preset", default="memory/hei_nw")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        data = Path(name, "many")
        write(data, chosen.sessions, chosen.each)
        one, two = (seconds(Path(name), data, chosen.preset, workers) for workers in (1, 2))
    print(f"{chosen.sessions} sessions of {chosen.each} questions, {chosen.preset}")
    print(f"one worker {one:.1f} s, two workers {two:.1f} s, ratio {two / one:.2f}")


if __name__ == "__main__":
    main()
