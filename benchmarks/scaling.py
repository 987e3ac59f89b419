"""Prints how the cost of a question grows with traces, batch and stream length.

python benchmarks/scaling.py [--items 32] [--threads 2]
"""

import argparse
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from memeval import load_model
from memeval.cli import render
from memeval.config import ReaderOptions
from memeval.models import Prompt
from memeval.reader import Reader
from memeval.suites.own import generate
from memeval.types import Recall, Session, Trace

SEED, SIZE = 7, 200
TRACES, ROWS, EVENTS = (1, 2, 3, 5, 8), (1, 4, 16, 32), (50, 150, 400)


def main() -> None:
    """Print three tables of milliseconds an item."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=32)
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args()
    model: Any = load_model("smollm2", threads=chosen.threads)
    session = generate("episodic", size=SIZE, seed=SEED)
    session = replace(session, items=session.items[: chosen.items])
    milliseconds(model, prompts_of(model, session, 1))  # the prefix is read once
    rows = []
    for count in TRACES:
        prompts, notes = prompts_of(model, session, count), model.stitching(cache_mb=1024)
        text = milliseconds(model, prompts)
        new = milliseconds(notes, prompts)
        kept = milliseconds(notes, prompts)
        rows.append((str(count), f"{text:.0f}", f"{new:.0f}", f"{kept:.0f}"))
    render.table("ms an item by traces", ("traces", "text", "kv, new", "kv, kept"), rows)
    rows = []
    prompts = prompts_of(model, session, 1)
    for count in ROWS:
        model._engine.max_rows = count
        rows.append((str(count), f"{milliseconds(model, prompts):.0f}"))
    render.table("ms an item by rows that decode together", ("rows", "text"), rows)
    rows = []
    for count in EVENTS:
        prompts = prompts_of(model, session, count, same=True)
        tokens = sum(map(len, model.tokenize(prompts[0].memory)))
        whole = milliseconds(model, prompts)
        rows.append((str(count), f"{tokens:,}", f"{whole:.0f}", f"{whole * len(prompts):.0f}"))
    header = ("events in the prompt", "tokens", "ms an item", "ms for all")
    render.table(f"the whole stream before {chosen.items} questions", header, rows)


def prompts_of(model: Any, session: Session, traces: int, *, same: bool = False) -> list[Prompt]:
    """Give every question some events: its own, or the same for all."""
    reader = Reader(model, session.prompt, ReaderOptions(traces=None, budget_tokens=None))
    recalls = []
    for i in range(len(session.items)):
        start = 0 if same else i * traces % (len(session.events) - traces)
        events = session.events[start : start + traces]
        recalls.append(Recall(tuple(Trace(e.text, 1.0, (e.id,)) for e in events)))
    queries = [item.query for item in session.items]
    return reader.prompts(queries, reader.cut(queries, recalls))


def milliseconds(way: Any, prompts: Sequence[Prompt]) -> float:
    """Return milliseconds an item."""
    start = time.perf_counter()
    way.generate(prompts, max_new_tokens=16, stop=["\n"])
    return 1000 * (time.perf_counter() - start) / len(prompts)


if __name__ == "__main__":
    main()
