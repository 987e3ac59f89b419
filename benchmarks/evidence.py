"""Which memory finds the evidence of questions: by retrieval alone, nothing is read or answered.

python benchmarks/evidence.py [--memory NAME[:KNOB=VALUE,...]]... [--size 200]...
    [--dataset NAME[:PATH]]... [--only STREAM]... [--slices] [--encoder minilm]

Each memory is taught as the runner does it, beside the rankers that it has to beat. `--memory`
takes any name that memeval knows, with knobs behind it, or FILE.py:NAME. Streams are those of our
own (of the calibration seeds 7, 11 and 13), the two that `benchmarks/streams` writes, and any
`--dataset`, by path or by name in MEMEVAL_BENCHMARKS_DIR.

Evidence is looked for in the first trace (hit@1), among five (any@5), and in what the reader's
budget of 256 tokens holds (any@256t, all@256t). A memory is told against the best ranker of the
stream by that measure, and the hybrid against the better of the two that it is made of, with the
paired intervals of reports: clustered by session, or by item, whichever is wider. The list at the
end has where one is more than 0.01 below. Only numbers are printed, none of the data's text.
"""

import argparse
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from streams import STREAMS

from memeval import load_encoder, load_memory, load_model, open_dataset
from memeval.cli import render
from memeval.config import ReaderOptions
from memeval.errors import MemevalError
from memeval.memories.checked import Checked
from memeval.preset import parse_overrides
from memeval.reader import Reader
from memeval.runner import stages, teach_events
from memeval.scoring.compare import compare_scores
from memeval.scoring.intervals import Interval, Key
from memeval.scoring.retrieval import recall_at
from memeval.suites.own import generate
from memeval.types import Item, Recall, Session

SEEDS, TOLERANCE = (7, 11, 13), 0.01
SUITES = ("episodic", "semantic", "spatial")
MEASURES = ("hit@1", "any@5", "any@256t", "all@256t")
BASELINES = {"bm25": (), "dense": (), "hybrid": ("bm25", "dense")}
"""The rankers, and which each is to be no worse than; any other memory, than all of them."""
ALL = "all"
WIDTH = 120
"""Of what is printed: a file has room for a row."""

Scores = tuple[float, ...]
"""One for each of the measures."""
Empty = Callable[[], Any]
"""Makes an empty memory."""


@dataclass
class Found:
    """What each contender found of every item's evidence, and the slice that the item is of."""

    slices: dict[Key, str] = field(default_factory=dict)
    scores: dict[str, dict[Key, Scores]] = field(default_factory=dict)

    def add(self, name: str, session: str, told: Iterable[tuple[Item, Scores]]) -> None:
        """Add what a contender found of a session's items."""
        for item, scores in told:
            key = (session, item.query.id)
            self.slices[key] = item.slice
            self.scores.setdefault(name, {})[key] = scores

    def keys_of(self, slice_: str) -> list[Key]:
        """Return the items of a slice, or all of them."""
        return [key for key, name in self.slices.items() if slice_ in (name, ALL)]

    def means(self, name: str, keys: Sequence[Key]) -> Scores:
        """Return a contender's mean by each measure over some items."""
        return tuple(np.mean([self.scores[name][key] for key in keys], axis=0).tolist())


class Difference(NamedTuple):
    """A contender's mean over the best rival's, by one measure in one slice of a stream."""

    stream: str
    slice: str
    contender: str
    measure: str
    mean: float
    rival: str
    best: float
    paired: Interval

    def row(self) -> tuple[str, ...]:
        """Return its cells."""
        low, high = self.paired.low, self.paired.high
        return (
            *(f"{self.paired.n:,}", self.measure, f"{self.mean:.3f}", f"{self.best:.3f}"),
            *(self.rival, f"{self.mean - self.best:+.3f}", f"[{low:+.3f}, {high:+.3f}]"),
        )


HEADER = ("n", "measure", "mean", "best", "of", "difference", "95 %")


def main() -> None:
    """Print two tables a stream, then where a contender is behind."""
    parser = options(__doc__)
    parser.add_argument("--only", action="append", help="streams whose names begin so")
    chosen = parser.parse_args()
    model, contenders = load(chosen, [*BASELINES, *chosen.memory])
    render.console.width = max(render.console.width, WIDTH)
    behind: list[Difference] = []
    for stream, sessions in streams(chosen.size or [200], chosen.dataset):
        if not stream.startswith(tuple(chosen.only or [""])):
            continue
        found = search(stream, sessions, contenders, model)
        told = list(differences(stream, found, slices=chosen.slices))
        print_stream(stream, found, told)
        behind += [one for one in told if one.mean < one.best - TOLERANCE]
    for name in contenders:
        print_behind(name, [one for one in behind if one.contender == name], slices=chosen.slices)


def options(about: str | None) -> argparse.ArgumentParser:
    """Return the options that scripts on evidence have in common."""
    parser = argparse.ArgumentParser(
        description=about, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--memory", action="append", default=[], help="NAME[:KNOB=VALUE,...]")
    parser.add_argument("--size", type=int, action="append", help="of the suites of our own")
    parser.add_argument("--dataset", action="append", default=[], help="NAME[:PATH]")
    parser.add_argument("--slices", action="store_true", help="tell slices apart as well")
    parser.add_argument("--encoder", default="minilm")
    parser.add_argument("--model", default="smollm2", help="whose tokens count")
    return parser


def load(chosen: argparse.Namespace, names: Sequence[str]) -> tuple[Any, dict[str, Empty]]:
    """Load the model and the encoder; return the model, and how to make each contender."""
    model = load_model(chosen.model, threads=1)
    encoder = load_encoder(chosen.encoder, threads=1)
    makers = {name: contender(name, model=model, encoder=encoder) for name in names}
    return model, {name.rpartition("/")[2]: empty for name, empty in makers.items()}


def contender(told: str, **parts: Any) -> Empty:
    """Return what makes the memory that NAME or NAME:KNOB=VALUE,... tells of."""
    name, _, knobs = told.rpartition(":") if "=" in told else (told, "", "")
    return partial(load_memory, name, **parts, **parse_overrides(knobs.split(",") if knobs else []))


def streams(sizes: Sequence[int], others: Sequence[str]) -> Iterator[tuple[str, Sequence[Session]]]:
    """Yield the sessions of each stream, under its name."""
    for size in sizes:
        for suite in SUITES:
            yield f"{suite} {size}", [generate(suite, size=size, seed=seed) for seed in SEEDS]
    for name, made in STREAMS.items():
        yield name, [made(seed) for seed in SEEDS]
    yield from datasets(others)


def datasets(others: Sequence[str]) -> Iterator[tuple[str, Sequence[Session]]]:
    """Yield the sessions of each dataset that is here, under its name."""
    for told in others:
        name = Path(told.partition(":")[0]).name
        try:
            yield name, open_dataset(told).sessions
        except MemevalError as error:
            print(f"\n{name}: not here ({type(error).__name__})", flush=True)


def search(
    stream: str, sessions: Sequence[Session], contenders: Mapping[str, Empty], model: Any
) -> Found:
    """Teach every contender every session, and look for the evidence of all that is asked."""
    found = Found()
    with render.counted(stream, total=len(sessions) * len(contenders)) as advance:
        for place, session in enumerate(sessions):
            reader = Reader(model, session.prompt, ReaderOptions())
            for name, empty in contenders.items():
                memory = Checked(empty())
                found.add(name, f"{place} {session.id}", evidence(session, memory, reader))
                memory.close()
                advance()
    return found


def evidence(session: Session, memory: Checked, reader: Reader) -> Iterator[tuple[Item, Scores]]:
    """Teach an empty memory a session; yield what it finds for every item that has evidence."""
    for stage in stages(session):
        teach_events(stage.events, memory)
        items = [item for item in stage.items if has_evidence(item)]
        recalls = memory.recall([item.query for item in items])
        held = reader.best_events(recalls)
        for item, recall, events in zip(items, recalls, held, strict=True):
            yield item, measures(item.gold_events, recall, events or ())


def has_evidence(item: Item) -> bool:
    """Whether evidence can be looked for: a question, not a walk, whose gold is there and right."""
    is_asked = item.answerable and item.navigation is None and not item.unscored_reason
    return is_asked and bool(item.gold_events)


def measures(gold: Sequence[str], recall: Recall, held: Sequence[str]) -> Scores:
    """Return an item's scores as `metrics.json` has them; `held` are what the budget holds."""
    ranked = [trace.events for trace in recall.traces]
    first, five = (recall_at(ranked, gold, k) or 0.0 for k in (1, 5))
    within = recall_at([held], gold, 1) or 0.0
    return float(first > 0), float(five > 0), float(within > 0), float(within == 1)


def differences(stream: str, found: Found, *, slices: bool = False) -> Iterator[Difference]:
    """Yield what each contender is apart from the best of its rivals, by every measure."""
    for slice_ in (ALL, *(sorted({*found.slices.values()} - {ALL}) if slices else ())):
        keys = found.keys_of(slice_)
        for name in found.scores:
            rivals = BASELINES.get(name, tuple(BASELINES))
            means = {one: found.means(one, keys) for one in (name, *rivals)}
            for i, measure in enumerate(MEASURES if rivals else ()):
                best = max(rivals, key=lambda one, i=i, means=means: means[one][i])
                ours, theirs = ({k: found.scores[one][k][i] for k in keys} for one in (name, best))
                paired = compare_scores(ours, theirs).difference
                figures = (means[name][i], best, means[best][i], paired)
                yield Difference(stream, slice_, name, measure, *figures)


def print_stream(stream: str, found: Found, told: Sequence[Difference]) -> None:
    """Print every contender's means, and what they are apart."""
    keys = found.keys_of(ALL)
    rows = [(name, *(f"{mean:.3f}" for mean in found.means(name, keys))) for name in found.scores]
    render.table(f"{stream}: {len(keys):,} questions", ("", *MEASURES), rows)
    beside = [(one.contender, one.slice, *one.row()) for one in told]
    render.table("from the best baseline", ("", "slice", *HEADER), beside)


def print_behind(name: str, behind: Sequence[Difference], *, slices: bool) -> None:
    """Print on which streams, and in which slices of them, a contender is behind."""
    whole = [(one.stream, *one.row()) for one in behind if one.slice == ALL]
    if name not in BASELINES or BASELINES[name]:
        render.table(f"{name}: more than {TOLERANCE} below", ("stream", *HEADER), whole)
    if slices and len(whole) < len(behind):
        some = [(one.stream, one.slice, *one.row()) for one in behind if one.slice != ALL]
        render.table("and in slices", ("stream", "slice", *HEADER), some)


if __name__ == "__main__":
    main()
