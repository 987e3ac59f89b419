"""Which rule makes one ranking of words and vectors: the sum that `hybrid` is, or one of ranks.

python benchmarks/fusion.py [--encoder minilm] [--size 200]... [--dataset locomo[:PATH]]...

Streams of our own are of the calibration seeds 7, 11 and 13; those of others are given by path, or
by name in MEMEVAL_BENCHMARKS_DIR. Evidence is looked for in the first trace (hit@1), among five
(any@5), and in what the reader's budget of 256 tokens holds (any@256t, all@256t). Below are the
slices where the hybrid is more than 0.01 under the better of the two that it is made of. Only
numbers are printed, none of the data's text.
"""

import argparse
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import numpy as np
import numpy.typing as npt

from memeval import load_memory, load_model, open_dataset
from memeval.cli import render
from memeval.config import ReaderOptions, Settings
from memeval.encoders import load_encoder
from memeval.errors import MemevalError
from memeval.memories.baselines import Hybrid
from memeval.models import Encoder
from memeval.reader import Reader
from memeval.suites.own import generate
from memeval.types import Item, Recall, Session

SEEDS, TOLERANCE = (7, 11, 13), 0.01
MEASURES = ("hit@1", "any@5", "any@256t", "all@256t")
PARTS, CHOSEN, ALL = ("bm25", "dense"), "hybrid", "all"


class Ranks(Hybrid):
    """Reciprocal rank fusion (Cormack et al. 2009), k = 60; no rank where no word is shared."""

    def scores(self, queries: Sequence[str]) -> npt.NDArray[np.float64]:
        """Return the sum of reciprocal ranks."""
        words, vectors = self._words.scores(queries), self._vectors.scores(queries)
        shared: npt.NDArray[np.float64] = np.where(words > 0, reciprocal(words), 0.0)
        return shared + reciprocal(vectors)


def reciprocal(scores: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return 1 / (60 + rank) of every score in its row."""
    ranks = np.argsort(np.argsort(-scores, axis=1, kind="stable"), axis=1)
    return 1 / (61.0 + ranks)


def main() -> None:
    """Print a table a dataset, then where the hybrid loses."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--encoder", default="minilm")
    parser.add_argument("--model", default="smollm2", help="whose tokens count")
    parser.add_argument("--size", type=int, action="append", help="of the suites of our own")
    parser.add_argument("--dataset", action="append", default=[], help="SUITE:PATH")
    chosen = parser.parse_args()
    cache_dir = Settings().cache_dir
    encoder = load_encoder(chosen.encoder, cache_dir=cache_dir, threads=1)
    model = load_model(chosen.model, threads=1)
    lost: list[tuple[str, ...]] = []
    for name, sessions in datasets(chosen.size or [200], chosen.dataset):
        lost += print_dataset(name, [one for s in sessions for one in scores(s, encoder, model)])
    header = ("n", "measure", "hybrid", "better of two")
    whole = [(name, *figures) for name, key, *figures in lost if key == ALL]
    render.table("where the hybrid is below the better of its two", ("dataset", *header), whole)
    slices = [row for row in lost if row[1] != ALL]
    render.table("and in which slices", ("dataset", "slice", *header), slices)


def datasets(sizes: Sequence[int], others: Sequence[str]) -> Iterator[tuple[str, list[Session]]]:
    """Yield the sessions of each dataset, under its name."""
    for size in sizes:
        for suite in ("episodic", "semantic", "spatial"):
            yield f"{suite} {size}", [generate(suite, size=size, seed=seed) for seed in SEEDS]
    for given in others:
        name = given.partition(":")[0]
        try:
            yield name, list(open_dataset(given).sessions)
        except MemevalError as error:
            print(f"\n{name}: not here ({type(error).__name__})", flush=True)


def scores(session: Session, encoder: Encoder, model: Any) -> Iterator[tuple[Item, dict[str, Any]]]:
    """Yield each item that has evidence, with every ranker's scores of it."""
    items = [i for i in session.items if i.answerable and i.gold_events and i.navigation is None]
    reader = Reader(model, session.prompt, ReaderOptions())
    found = {}
    for name in (*PARTS, "ranks", CHOSEN):
        memory = ranker(name, encoder)
        memory.observe(session.events)
        recalls = memory.recall([item.query for item in items])
        read = reader.best_events(recalls)
        found[name] = [scored(*one) for one in zip(items, recalls, read, strict=True)]
    for i, item in enumerate(items):
        yield item, {name: each[i] for name, each in found.items()}


def ranker(name: str, encoder: Encoder) -> Any:
    """Return an empty ranker, of memeval's or of those that are tried here."""
    if name == "ranks":
        return Ranks(Ranks.Params(), seed=0, encoder=encoder)
    return load_memory(name, encoder=encoder)


def scored(item: Item, recall: Recall, read: Sequence[str]) -> tuple[float, ...]:
    """Return an item's measures; `read` are the events behind what the budget holds."""
    gold = set(item.gold_events)
    first = [bool(gold & {*recall.events[:count]}) for count in (1, 5)]
    return tuple(map(float, (*first, bool(gold & {*read}), gold <= {*read})))


def print_dataset(name: str, found: list[tuple[Item, dict[str, Any]]]) -> list[tuple[str, ...]]:
    """Print every ranker's means; return the rows of slices, and of all, where the hybrid loses."""
    rankers = list(found[0][1])
    means = {ranker: np.mean([one[ranker] for _, one in found], axis=0) for ranker in rankers}
    rows = [(ranker, *(f"{mean:.3f}" for mean in means[ranker])) for ranker in rankers]
    render.table(f"{name}: {len(found):,} questions", ("", *MEASURES), rows)
    in_order = sorted(found, key=lambda one: one[0].slice)
    slices = {key: list(some) for key, some in groupby(in_order, key=lambda one: one[0].slice)}
    groups = {ALL: found} | slices
    return [row for key, some in groups.items() for row in losses(name, key, some)]


def losses(
    name: str, key: str, some: list[tuple[Item, dict[str, Any]]]
) -> Iterator[tuple[str, ...]]:
    """Yield the measures by which the hybrid is worse than it may be."""
    own = np.mean([one[CHOSEN] for _, one in some], axis=0)
    better = np.max([np.mean([one[part] for _, one in some], axis=0) for part in PARTS], axis=0)
    for measure, mean, best in zip(MEASURES, own, better, strict=True):
        if mean < best - TOLERANCE:
            yield name, key, str(len(some)), measure, f"{mean:.3f}", f"{best:.3f}"


if __name__ == "__main__":
    main()
