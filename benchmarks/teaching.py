"""What teaching and asking cost beside the encoding alone: 5,000 turns, 1,000 questions, one core.

python benchmarks/teaching.py [--memory NAME]... [--encoder minilm] [--turns 5000]

All are run in turns, and the best of each is told, in processor time. Vectors are not kept.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from functools import partial

from memeval import load_memory, load_model
from memeval.cli import render
from memeval.config import Settings
from memeval.encoders import load_encoder
from memeval.memories.checked import Checked
from memeval.memories.contract import Memory
from memeval.models import Encoder
from memeval.runner import TEACH_BATCH, teach_events
from memeval.suites.own import generate
from memeval.types import Event, Query

TEACH, ASK = "taught", "taught and asked"
ALONE = "encoding alone"


def main() -> None:
    """Print seconds and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--memory", action="append", help="dense and hei_nw unless given")
    parser.add_argument("--encoder", default="minilm")
    parser.add_argument("--turns", type=int, default=5000)
    parser.add_argument("--questions", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=1)
    chosen = parser.parse_args()
    cache_dir = Settings().cache_dir
    encoder = load_encoder(
        chosen.encoder, cache_dir=cache_dir, device="cpu", threads=1, vector_cache=False
    )
    model = load_model("smollm2", threads=1)
    encoder.encode(["a"], kind="event")
    events, queries = stream(chosen.turns, chosen.questions)
    calls: dict[str, Callable[[], list[float]]] = {ALONE: partial(encode, encoder, events, queries)}
    for name in chosen.memory or ["dense", "hei_nw"]:
        make = partial(load_memory, name, encoder=encoder, model=model)
        calls[name] = partial(measure, make, events, queries)
    taken = {name: [call() for _ in range(chosen.rounds)] for name, call in calls.items()}
    best = {
        name: [min(times) for times in zip(*rounds, strict=True)] for name, rounds in taken.items()
    }
    rows = [
        (f"{name}: {phase}", f"{seconds:.1f}", f"{seconds / alone:.2f}")
        for name, times in best.items()
        for phase, seconds, alone in zip((TEACH, ASK), times, best[ALONE], strict=True)
    ]
    title = f"{len(events):,} turns, {len(queries):,} questions, {encoder.name}"
    render.table(title, ("", "seconds", "ratio"), rows)


def stream(turns: int, questions: int) -> tuple[list[Event], list[Query]]:
    """Return turns of a suite of our own, and questions about them, as many as are asked for."""
    session = generate("episodic", size=max(questions, turns // 3 + 1), seed=7)
    return list(session.events[:turns]), [item.query for item in session.items[:questions]]


def encode(encoder: Encoder, events: Sequence[Event], queries: Sequence[Query]) -> list[float]:
    """Encode the same texts, in the batches that memories are handed."""
    start = time.process_time()
    for place in range(0, len(events), TEACH_BATCH):
        batch = events[place : place + TEACH_BATCH]
        encoder.encode([event.told() for event in batch], kind="event")
    taught = time.process_time()
    encoder.encode([query.text for query in queries], kind="query")
    return [taught - start, time.process_time() - start]


def measure(
    empty: Callable[[], Memory], events: Sequence[Event], queries: Sequence[Query]
) -> list[float]:
    """Teach a memory and ask it, as a cell does; return the seconds until each was done."""
    memory = Checked(empty())
    start = time.process_time()
    teach_events(events, memory)
    taught = time.process_time()
    memory.recall(queries)
    return [taught - start, time.process_time() - start]


if __name__ == "__main__":
    main()
