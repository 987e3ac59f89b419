"""Other people's memories beside the baselines and ours: what evidence they find, at what cost.

python benchmarks/peers.py --preset NAME... [--set KEY=VALUE]... [--episodic 50]
    [--dataset NAME[:PATH] [--sessions 2]] [--events 0] [--answers 0] [--encoder minilm]
    [--model smollm2] [--writer openai:NAME@BASE_URL]

Events are told as the runner tells them, questions one by one; `add p95` is of the calls of a
system that takes events one by one. Replay, with what a system does behind an add, is part of
the writing. `any` and `all` are the questions of which any, or all, evidence stands in the best
256 tokens of what came back. `score` is the stream's own, of so many questions a session as
`--answers` says, evenly spread, that the model reads; without it nothing is read. Calls and
tokens are those of a system's own chat model, `MB` is what its store takes. With `--events` a
session is cut to its first events, and asked what they answer. Only numbers are printed, none of
the data's text.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from evidence import has_evidence, measures

from memeval import load_encoder, load_memory, load_model, open_dataset
from memeval.cli import render
from memeval.config import ReaderOptions
from memeval.datasets.dataset import PRIMARY
from memeval.errors import MemevalError
from memeval.memories.checked import Checked
from memeval.preset import load_preset, parse_overrides
from memeval.reader import Reader
from memeval.runner import teach_events
from memeval.scoring.scorer import Scorer, load_scorers
from memeval.suites.own import generate
from memeval.types import Item, Recall, Session

SEED = 1337
HEADER = (
    *(
        "preset",
        "n",
        "any",
        "all",
        "score",
        "add ms",
        "add p95",
        "replay s",
        "search ms",
        "search p95",
    ),
    *("calls", "tokens", "failed", "MB"),
)


@dataclass
class Stream:
    """Sessions under a name, and how answers to them are scored."""

    name: str
    sessions: Sequence[Session]
    primary: str = PRIMARY

    @cached_property
    def scorer(self) -> Scorer:
        """Scores an answer as the stream's datasets are scored."""
        return next(one for one in load_scorers((self.primary,)) if one.name == self.primary)


@dataclass
class Told:
    """What a preset found in all sessions of a stream, and what that took."""

    scores: list[tuple[float, ...]] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)
    events: int = 0
    add_ms: float = 0.0
    add_ms_p95: float | None = None
    searches_ms: list[float] = field(default_factory=list)
    replay_s: float = 0.0
    calls: int = 0
    tokens: int = 0
    failed: int = 0
    size: float = 0.0

    def row(self) -> tuple[str, ...]:
        """Return its cells."""
        _, _, any_, all_ = np.mean(self.scores, axis=0)
        return (
            *(f"{len(self.scores):,}", f"{any_:.3f}", f"{all_:.3f}"),
            f"{np.mean(self.answered):.3f}" if self.answered else "-",
            f"{self.add_ms / self.events:.1f}",
            "-" if self.add_ms_p95 is None else f"{self.add_ms_p95:.1f}",
            f"{self.replay_s:.1f}",
            *(f"{np.mean(self.searches_ms):.1f}", f"{np.percentile(self.searches_ms, 95):.1f}"),
            *(f"{self.calls:,}", f"{self.tokens:,}", f"{self.failed:,}", f"{self.size / 1e6:.2f}"),
        )


def main() -> None:
    """Print a table for each stream; a preset that fails has its sentence in it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--preset", action="append", required=True)
    parser.add_argument("--set", action="append", default=[], help="of each preset that has it")
    parser.add_argument("--episodic", type=int, default=0, help="items of our own suite")
    parser.add_argument("--dataset", action="append", default=[], help="NAME[:PATH]")
    parser.add_argument("--sessions", type=int, default=2, help="of a dataset, the first")
    parser.add_argument("--events", type=int, default=0, help="of a session, the first; 0 for all")
    parser.add_argument("--answers", type=int, default=0, help="questions a session that are read")
    parser.add_argument("--encoder", default="minilm")
    parser.add_argument("--model", default="smollm2", help="the reader, whose tokens count")
    parser.add_argument("--writer", help="the model of a system's own calls")
    chosen = parser.parse_args()
    model = load_model(chosen.model, threads=1)
    parts = {"model": model, "encoder": load_encoder(chosen.encoder, threads=1)}
    if chosen.writer:
        parts["writer"] = load_model(chosen.writer)
    render.console.width = max(render.console.width, 130)
    for stream in streams(chosen):
        rows = []
        for name in chosen.preset:
            start = time.perf_counter()
            try:
                empty = maker(name, parse_overrides(chosen.set), **parts)
                told = measured(stream, empty, model, answers=chosen.answers)
                rows.append((short(name), *told.row()))
            except MemevalError as error:
                rows.append((short(name), str(error)[:60], *[""] * (len(HEADER) - 2)))
            seconds = time.perf_counter() - start
            print(f"{stream.name}: {rows[-1]} took {seconds:.0f} s", file=sys.stderr, flush=True)
        render.table(stream.name, HEADER, rows)


def short(name: str) -> str:
    """Return what a table calls a preset."""
    return name.rpartition("/")[2].removesuffix(".yaml")


def streams(chosen: argparse.Namespace) -> Iterator[Stream]:
    """Yield what is told and asked."""
    if chosen.episodic:
        made = generate("episodic", size=chosen.episodic, seed=SEED)
        yield Stream(f"episodic {chosen.episodic}", [begun(made, chosen.events)])
    for told in chosen.dataset:
        data = open_dataset(told)
        sessions = [begun(data.sessions[i], chosen.events) for i in range(chosen.sessions)]
        name = f"{told.partition(':')[0]}, {chosen.sessions} sessions"
        yield Stream(name, sessions, data.primary)


def begun(session: Session, events: int) -> Session:
    """Return the beginning of a session, with the questions that it holds all evidence of."""
    if not events:
        return session
    kept = session.events[:events]
    known = {event.id for event in kept}
    items = [item for item in session.items if set(item.gold_events) <= known]
    return replace(session, events=kept, items=tuple(items))


def maker(name: str, changes: dict[str, Any], **parts: Any) -> Callable[[], Checked]:
    """Return what makes the empty memory of a preset."""
    preset = load_preset(name)
    changes = changes if preset.required or preset.overrides else {}
    params = {**preset.params, **changes}
    return lambda: Checked(load_memory(preset.memory, **parts, **params), preset.memory)


def measured(stream: Stream, empty: Callable[[], Checked], model: Any, *, answers: int) -> Told:
    """Teach an empty memory each session, and ask for what has evidence.

    All questions are asked at the end, as they are in these streams.
    """
    told = Told()
    for session in stream.sessions:
        memory, reader = empty(), Reader(model, session.prompt, ReaderOptions())
        try:
            teach(session, memory, told)
            asked = ask(session, memory, reader, told)
            told.answered += answered(spread(asked, answers), reader, stream)
            count(memory, told)
        finally:
            memory.close()
    return told


def teach(session: Session, memory: Checked, told: Told) -> None:
    """Tell the events, then let the memory replay."""
    taught = teach_events(session.events, memory)
    told.events += len(session.events)
    told.add_ms += taught.phases_ms["teach"]
    told.replay_s += taught.phases_ms["replay"] / 1000


def ask(session: Session, memory: Checked, reader: Reader, told: Told) -> list[tuple[Item, Recall]]:
    """Ask every question by itself, and return what was recalled of it."""
    asked = []
    for item in filter(has_evidence, session.items):
        start = time.perf_counter()
        [recall] = memory.recall([item.query])
        told.searches_ms.append(1000 * (time.perf_counter() - start))
        [held] = reader.best_events([recall])
        told.scores.append(measures(item.gold_events, recall, held or ()))
        told.failed += recall.error is not None
        asked.append((item, recall))
    return asked


def spread(asked: Sequence[tuple[Item, Recall]], count: int) -> list[tuple[Item, Recall]]:
    """Return so many of them, evenly spread; all where there are no more."""
    places = {i * len(asked) // count for i in range(count)} if count else set()
    return [asked[i] for i in sorted(places)]


def answered(asked: Sequence[tuple[Item, Recall]], reader: Reader, stream: Stream) -> list[float]:
    """Return the scores of what is read of each recall."""
    queries = [item.query for item, _ in asked]
    held = reader.believed(reader.cut(queries, [recall for _, recall in asked]))
    read = reader.read(queries, held) if asked else []
    told = (stream.scorer(item, one.text) for (item, _), one in zip(asked, read, strict=True))
    return [one[stream.primary] or 0.0 for one in told]


def count(memory: Checked, told: Told) -> None:
    """Add what the memory counted."""
    stats, usage = memory.stats(), memory.usage()
    told.size += stats["store_bytes"]
    told.failed += int(stats.get("add_failures", 0))
    if "add_ms_p95" in stats:
        told.add_ms_p95 = max(told.add_ms_p95 or 0.0, float(stats["add_ms_p95"]))
    if usage:
        told.calls += usage.calls
        told.tokens += usage.prompt_tokens + usage.completion_tokens


if __name__ == "__main__":
    main()
