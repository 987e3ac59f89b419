"""What the dense baseline costs beside the encoding alone: 5,000 turns, 1,000 questions, one core.

python benchmarks/dense.py [--encoder minilm] [--turns 5000] [--questions 1000]

Both are asked in turns, and the best of each is told, in processor time. Vectors are not kept.
"""

import argparse
import time
from collections.abc import Callable, Sequence

from memeval import load_memory
from memeval.cli import render
from memeval.config import Settings
from memeval.encoders import load_encoder
from memeval.memories.contract import Memory
from memeval.models import Encoder
from memeval.runner import TEACH_BATCH
from memeval.suites.own import generate
from memeval.types import Event, Query


def main() -> None:
    """Print seconds and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--encoder", default="minilm")
    parser.add_argument("--turns", type=int, default=5000)
    parser.add_argument("--questions", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=1)
    chosen = parser.parse_args()
    cache_dir = Settings().cache_dir
    encoder = load_encoder(
        chosen.encoder, cache_dir=cache_dir, device="cpu", threads=1, vector_cache=False
    )
    encoder.encode(["a"], kind="event")
    events, queries = stream(chosen.turns, chosen.questions)
    calls: dict[str, Callable[[], object]] = {
        "encoding alone": lambda: encode(encoder, events, queries),
        "dense: teach and ask": lambda: measure(
            load_memory("dense", encoder=encoder), events, queries
        ),
    }
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(chosen.rounds):
        for name, call in calls.items():
            taken[name].append(seconds(call))
    alone = min(taken["encoding alone"])
    rows = [(name, f"{min(best):.1f}", f"{min(best) / alone:.2f}") for name, best in taken.items()]
    title = f"{len(events):,} turns, {len(queries):,} questions, {encoder.name}"
    render.table(title, ("", "seconds", "ratio"), rows)


def stream(turns: int, questions: int) -> tuple[list[Event], list[Query]]:
    """Return turns of a suite of our own, and questions about them, as many as are asked for."""
    session = generate("episodic", size=max(questions, turns // 3 + 1), seed=7)
    return list(session.events[:turns]), [item.query for item in session.items[:questions]]


def encode(encoder: Encoder, events: Sequence[Event], queries: Sequence[Query]) -> None:
    """Encode the same texts, in the batches that memories are handed."""
    for start in range(0, len(events), TEACH_BATCH):
        batch = events[start : start + TEACH_BATCH]
        encoder.encode([event.told() for event in batch], kind="event")
    encoder.encode([query.text for query in queries], kind="query")


def measure(memory: Memory, events: Sequence[Event], queries: Sequence[Query]) -> None:
    """Teach a memory and ask it, as a cell does."""
    for start in range(0, len(events), TEACH_BATCH):
        memory.observe(events[start : start + TEACH_BATCH])
    memory.replay()
    memory.recall(queries)


def seconds(call: Callable[[], object]) -> float:
    """Return the processor time of a call."""
    start = time.process_time()
    call()
    return time.process_time() - start


if __name__ == "__main__":
    main()
