"""Passes many notes through the cache of fragments and watches memory stay within its bound.

python benchmarks/kv_cache.py [--notes 10000] [--bound-mb 256]
"""

import argparse
from typing import Any

from memeval import load_model
from memeval.models import Prompt
from memeval.telemetry.resources import PeakMemory

BATCH = 500


def main() -> None:
    """Print by how much resident memory grew over the loaded model's, and what the cache did."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notes", type=int, default=10_000)
    parser.add_argument("--bound-mb", type=int, default=256)
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args()
    model: Any = load_model("smollm2", threads=chosen.threads)
    prompts = [Prompt("Notes:\n", (f"- Room {i} is red.\n",), "Red:") for i in range(chosen.notes)]
    unkept = model.stitching(cache_mb=0)  # nothing is kept while the engine warms up
    unkept.generate(prompts[:BATCH], max_new_tokens=1, stop=["\n"])
    notes = model.stitching(cache_mb=chosen.bound_mb)
    with PeakMemory() as idle:
        pass
    grown = []
    for start in range(0, len(prompts), BATCH):
        with PeakMemory() as busy:
            notes.generate(prompts[start : start + BATCH], max_new_tokens=1, stop=["\n"])
        grown.append((busy.peak_bytes - idle.peak_bytes) / 2**20)
        held = notes.stats()["bytes"]
        if held > chosen.bound_mb * 2**20:
            raise SystemExit(f"the cache holds {held:,} bytes, more than its bound")
    print(f"bound {chosen.bound_mb} MB; the cache and the batch at work take at most, in MB,")
    for name, share in (("first", grown[: len(grown) // 2]), ("second", grown[len(grown) // 2 :])):
        print(f"  {max(share):.0f} in the {name} half")
    print(", ".join(f"{name} {count:,}" for name, count in notes.stats().items()))


if __name__ == "__main__":
    main()
