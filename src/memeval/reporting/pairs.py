"""Two presets side by side on the questions that both were asked."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import NamedTuple

from memeval.reporting.answered import Answer, Question, read
from memeval.reporting.roles import FLOOR
from memeval.reporting.row import Row, partner, split
from memeval.reporting.verdict import best_baseline, standing


class Place(NamedTuple):
    """Which question it is: that of a dataset, whoever was asked it."""

    suite: str
    size: int
    seed: int
    data: str
    session: str
    query: str


Dataset = tuple[str, int, int, str]
"""The part of a place that says which dataset it is of."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A question with the answer of one preset and, where there is one, of another."""

    place: Place
    question: Question
    a: Answer
    b: Answer | None = None


def pairs(a: Row, b: Row | None = None) -> list[Pair]:
    """Return the questions that a preset was asked; with another, those that both were.

    They are in turn, as the page has them.
    """
    ours, theirs = dict(_answered(a)), dict(_answered(b)) if b else {}
    return [
        Pair(place, *ours[place], theirs[place][1] if b else None)
        for place in in_turn(ours)
        if not b or place in theirs
    ]


def in_turn(places: Iterable[Place]) -> Iterator[Place]:
    """Yield one question of every dataset, in the order of seeds, then the next one of each."""
    datasets: dict[Dataset, list[Place]] = {}
    for place in places:
        datasets.setdefault(place[:4], []).append(place)
    turns = zip_longest(*(datasets[dataset] for dataset in sorted(datasets)))
    return (place for place in chain(*turns) if place)


def _answered(row: Row) -> Iterator[tuple[Place, tuple[Question, Answer]]]:
    for cell in sorted(row.cells, key=lambda cell: int(cell.meta["seed"])):
        dataset = dataset_of(row, cell.meta)
        for key, item in read(cell).items():
            yield Place(*dataset, *key), item


def dataset_of(row: Row, meta: Mapping[str, object]) -> Dataset:
    """Return which dataset a cell of a row was measured on."""
    return (row.suite, row.size, int(str(meta["seed"])), str(meta.get("dataset_sha256") or ""))


def facing(rows: Sequence[Row]) -> tuple[Row, Row | None]:
    """Return the best memory of the first suite that has one, and its best baseline, or floor.

    Without any memory it is the best of the first suite's rows, of which there must be one.
    """
    groups = split(rows, lambda row: row.group)
    for group in groups:
        memories = sorted((row for row in group if row.is_memory), key=standing)
        if memories:
            best = memories[0]
            return best, best_baseline(group, best) or partner(group, best, FLOOR)
    return min(groups[0], key=standing), None
