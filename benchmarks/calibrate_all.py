"""Fits what a score of each memory is worth in `memory/all`, on seeds that no reported run uses.

    python benchmarks/calibrate_all.py [--rows FILE]

Each memory is taught each calibration stream and asked its questions, `sgc_rss` only those that the
map leaves open: it asks the model for every way to read a question. A leading trace is right if it
tells an accepted answer, or, for a walk, if it rests on the events of a step that comes nearer;
nothing is right where nothing is known. The language model is asked what the memories ask it, but
answers no question. `--rows` keeps what was collected, so that it can be fitted again at once.
"""

import argparse
import json
import time
from itertools import product
from pathlib import Path
from typing import Any

from memeval import load_memory, load_model
from memeval.suites import generate
from memeval.types import Item, Recall

MEMORIES = ("smpd", "hei_nw", "sgc_rss")
SUITES = ("semantic", "episodic", "spatial")
SEEDS = (7, 11, 13)


def main() -> None:
    """Collect what was not collected yet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=Path, default=Path("calibrate_all.jsonl"))
    parser.add_argument("--size", type=int, default=50)
    chosen = parser.parse_args()
    done = {(row["seed"], row["suite"]) for row in read(chosen.rows)}
    model = None
    for seed, suite in product(SEEDS, SUITES):
        if (seed, suite) not in done:
            model = model or load_model("smollm2", threads=1)
            found = collect(suite, chosen.size, seed, model)
            with chosen.rows.open("a", encoding="utf-8") as file:
                file.writelines(json.dumps(row) + "\n" for row in found)


def read(path: Path) -> list[dict[str, Any]]:
    """Return the rows of an earlier run."""
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return [json.loads(line) for line in lines]


def collect(suite: str, size: int, seed: int, model: Any) -> list[dict[str, Any]]:
    """Return a row for every memory and item: the score of the leading trace, None without one."""
    session = generate(suite, size=size, seed=seed)
    rows, is_open = [], dict.fromkeys((item.query.id for item in session.items), True)
    for name in MEMORIES:
        memory = load_memory(name, model=model)
        memory.observe(session.events)
        memory.replay()
        asked = [i for i in session.items if name != "sgc_rss" or is_open[i.query.id]]
        began = time.perf_counter()
        recalls = memory.recall([item.query for item in asked])
        spent_ms = 1000 * (time.perf_counter() - began) / max(1, len(asked))
        print(f"{suite} {seed} {name}: {len(asked)} questions, {spent_ms:.0f} ms each", flush=True)
        for item, recall in zip(asked, recalls, strict=True):
            is_open[item.query.id] &= name != "smpd" or not recall.traces
            rows.append(row(name, suite, seed, item, recall))
    return rows


def row(name: str, suite: str, seed: int, item: Item, recall: Recall) -> dict[str, Any]:
    """Return what a memory led with for an item."""
    best = recall.traces[0] if recall.traces else None
    return {
        "seed": seed,
        "suite": suite,
        "memory": name,
        "source": best.source if best else "",
        "item": item.query.id,
        "slice": item.slice,
        "question": item.query.text,
        "told": best.text if best else None,
        "score": best.score if best else None,
        "right": is_right(item, recall),
    }


def is_right(item: Item, recall: Recall) -> bool:
    """Say whether the leading trace tells the answer, or the next step."""
    if not recall.traces:
        return not item.answerable
    best = recall.traces[0]
    if item.navigation:
        nearer = item.navigation.nearer[item.navigation.start].values()
        return any(set(events) & set(best.events) for events in nearer)
    return item.answerable and any(answer in best.text for answer in item.answers)


if __name__ == "__main__":
    main()
