"""Writes both streams as folders that memeval reads as any dataset of one's own.

python benchmarks/streams FOLDER [--seed 7]
memeval eval --suite FOLDER/logbook --preset baselines/rag
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from memeval.datasets.store import EVENTS, ITEMS, event_lines, item_lines
from streams import STREAMS


def main() -> None:
    """Write a folder a stream, and say where."""
    parser = argparse.ArgumentParser(description="Write the two streams as datasets.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=7)
    chosen = parser.parse_args()
    for name, made in STREAMS.items():
        session, folder = made(chosen.seed), chosen.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / EVENTS).write_text(event_lines(session), "utf-8")
        (folder / ITEMS).write_text(item_lines(session), "utf-8")
        print(f"{folder}: {len(session.events)} events, {len(session.items)} questions")


if __name__ == "__main__":
    main()
