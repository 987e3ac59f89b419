"""Prints how long a study of LongMemEval-S takes, by what eight of its haystacks took.

python benchmarks/hours.py [--run runs/2026-11-28] [--questions 500] [--workers 4 32 256]

Vectors of the run's events came from the cache, as in any study but for the first memory that needs
them; making them is a row of its own, at the rate that `benchmarks/encoder.py` has printed. Every
question has a haystack of its own, so sessions share nothing, and workers divide the time: a
worker is one core. Nothing is measured here: rates are of the model and machine of the run's cells.
"""

import argparse
import json
import re
from pathlib import Path

from memeval.cli import render
from memeval.matrix.rates import measured, pooled
from memeval.results import METRICS

SUITE = "longmemeval"
ENCODING = Path(__file__).with_name("results") / "encoder.txt"
PRESETS = ("baselines/rag", "baselines/dense", "baselines/hybrid", "baselines/recent",
           "memory/hei_nw", "memory/sgc_rss", "memory/smpd", "memory/all")  # fmt: skip


def main() -> None:
    """Print a row a memory, and one of all together."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, default=Path("runs/2026-11-28"))
    parser.add_argument("--questions", type=int, default=500)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 4, 32, 256])
    chosen = parser.parse_args()
    rows, total, items, texts = [], 0.0, 0, 0
    for preset in PRESETS:
        files = sorted(chosen.run.glob(f"{preset}/*/{SUITE}/*/{METRICS}"))
        rate = pooled([one for file in files for one in measured(file)])
        if rate is None:
            continue
        items = max(items, sum(one.items for file in files for one in measured(file)))
        cells = [json.loads(file.read_text("utf-8")) for file in files]
        peak = max(cell["rss_mb"] for cell in cells)
        if preset == "baselines/dense":
            texts = sum(cell["encoder"]["texts"] for cell in cells)
        taught, asked = rate.teach_ms / 1000, rate.ask_ms / 1000
        hours = (taught + asked) * chosen.questions / 3600
        total += hours
        rows.append((preset, f"{taught:.1f}", f"{asked:.1f}", f"{peak:,.0f}",
                     *(f"{hours / count:.2f}" for count in chosen.workers)))  # fmt: skip
    encoded = texts / items / encoding_rate()
    total += encoded * chosen.questions / 3600
    once = [encoded * chosen.questions / 3600 / count for count in chosen.workers]
    rows.append(("encoding, once", f"{encoded:.1f}", "", "", *(f"{h:.2f}" for h in once)))
    rows.append(("together", "", "", "", *(f"{total / count:.2f}" for count in chosen.workers)))
    header = ("preset", "s taught", "s asked", "MB",
              *(f"h, {count:,} worker{'s' * (count > 1)}" for count in chosen.workers))  # fmt: skip
    title = f"{chosen.questions:,} questions of {SUITE}, by the rates of {items} in {chosen.run}"
    render.table(title, header, rows)


def encoding_rate() -> float:
    """Return how many texts a second are encoded on one thread and put into the cache."""
    told = re.search(r"new to the cache +([\d.]+) items/s", ENCODING.read_text("utf-8"))
    assert told is not None
    return float(told[1])


if __name__ == "__main__":
    main()
