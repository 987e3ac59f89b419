"""Passes many notes through the cache of fragments and watches memory stay within its bound.

python benchmarks/kv_cache.py [--notes 10000] [--bound-mb 256]
"""

import argparse
from typing import Any

from memeval import load_model
from memeval.models.base import Prompt
from memeval.telemetry.resources import PeakMemory

BATCH = 500


def main() -> None:
    """Print the peak above what the loaded model takes, and what the cache did."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notes", type=int, default=10_000)
    parser.add_argument("--bound-mb", type=int, default=256)
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args()
    model: Any = load_model("smollm2", threads=chosen.threads)
    model.kv_cache_mb = 0  # nothing is kept while the engine warms up
    prompts = [Prompt("Notes:\n", (f"- Room {i} is red.\n",), "Red:") for i in range(chosen.notes)]
    model.generate(prompts[:BATCH], max_new_tokens=1, stop=["\n"], stitched=True)
    model.kv_cache_mb = chosen.bound_mb
    with PeakMemory() as idle:
        pass
    with PeakMemory() as busy:
        for start in range(0, len(prompts), BATCH):
            batch = prompts[start : start + BATCH]
            model.generate(batch, max_new_tokens=1, stop=["\n"], stitched=True)
            held = model.cache_stats()["bytes"]
            if held > chosen.bound_mb * 2**20:
                raise SystemExit(f"the cache holds {held:,} bytes, more than its bound")
    grown = (busy.peak_bytes - idle.peak_bytes) / 2**20
    print(f"bound {chosen.bound_mb} MB; resident memory grew by {grown:.0f} MB at most")
    print(", ".join(f"{name} {count:,}" for name, count in model.cache_stats().items()))


if __name__ == "__main__":
    main()
