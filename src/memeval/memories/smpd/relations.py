"""How places were told to lie to each other, and where they lie when all of it is taken together.

A relation that agrees with a map moves nothing. Where some do not, the places of the frame are laid
out anew so that the distances by which the relations miss are least in sum (least absolute
deviations, each axis by itself): what most of them say holds, in whatever order it was told, and
the few that miss are what was told wrongly.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array

from memeval.memories.smpd.geometry import Geometry, Point
from memeval.memories.smpd.lexicon import Vector
from memeval.memories.smpd.passages import Passage

OPEN = 0.1
"""What an axis weighs that was not told, beside one that was: "left of" says little of above."""


@dataclass(slots=True)
class Relation:
    """That one place was told to lie by a vector from another, by these events.

    `is_exact` says that the axis on which the vector is 0 was told, too; `is_map` that it was told
    in the words of a map, by which one can go.
    """

    here: int
    there: int
    vector: Vector
    is_exact: bool
    is_map: bool
    time: int
    events: list[str] = field(default_factory=list)

    @property
    def weights(self) -> tuple[float, float]:
        """What each axis weighs."""
        x, y = (1.0 if self.is_exact or part else OPEN for part in self.vector)
        return x, y

    def misses(self, geometry: Geometry) -> bool:
        """Whether the places lie otherwise than was told outright."""
        if geometry.frame[self.here] != geometry.frame[self.there]:
            return True
        apart = zip(geometry.at[self.here], geometry.at[self.there], self.vector, strict=True)
        off = [abs(b - a - told) for a, b, told in apart]
        return any(o > geometry.radius for o, w in zip(off, self.weights, strict=True) if w == 1)

    def is_off(self, geometry: Geometry) -> bool:
        """Whether the places lie otherwise than was told, or than is usual where nothing was."""
        if geometry.frame[self.here] != geometry.frame[self.there]:
            return False
        here, there = geometry.at[self.here], geometry.at[self.there]
        return math.dist((there[0] - here[0], there[1] - here[1]), self.vector) > geometry.radius


@dataclass(slots=True)
class Relations:
    """Relations by their ends, each once."""

    known: dict[tuple[int, int], list[Relation]] = field(default_factory=dict)
    beside: dict[int, set[int]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Relation]:
        """Yield every relation."""
        for relations in self.known.values():
            yield from relations

    def add(self, relation: Relation) -> Relation:
        """Take in a relation; return the same one where it was told before, from either end."""
        for known in self.between(relation.here, relation.there):
            if known.vector == _seen_from(relation, known.here):
                known.is_exact |= relation.is_exact
                return known
        self.known.setdefault((relation.here, relation.there), []).append(relation)
        self.beside.setdefault(relation.here, set()).add(relation.there)
        self.beside.setdefault(relation.there, set()).add(relation.here)
        return relation

    def between(self, here: int, there: int) -> list[Relation]:
        """Return what was told of two places, from either end."""
        return [*self.known.get((here, there), ()), *self.known.get((there, here), ())]

    def forget(self, place: int) -> None:
        """Drop whatever was told of a place."""
        for other in self.beside.pop(place, set()):
            self.known.pop((place, other), None)
            self.known.pop((other, place), None)
            self.beside.get(other, set()).discard(place)

    def hang_over(self, place: int, into: int) -> None:
        """Let what was told of one place be told of another."""
        told = [r for o in sorted(self.beside.get(place, ())) for r in self.between(place, o)]
        self.forget(place)
        for relation in told:
            relation.here = into if relation.here == place else relation.here
            relation.there = into if relation.there == place else relation.there
            if relation.here != relation.there:
                self.add(relation)


def settle(geometry: Geometry, relations: Relations, passages: Iterable[Passage]) -> None:
    """Lay the places anew of every frame in which relations do not agree."""
    frames = {geometry.frame[r.here] for r in relations if r.is_off(geometry)}
    if not frames:
        return
    walked = [
        Relation(p.here, p.there, (p.vector[0] * p.cost, p.vector[1] * p.cost), True, True, 0)
        for p in passages
        if p.vector and not relations.between(p.here, p.there)
    ]
    for frame in sorted(frames):
        within = [r for r in (*relations, *walked) if geometry.frame[r.here] == frame]
        places = sorted(geometry.members(frame))
        for place, at in zip(places, laid_out(places, within), strict=True):
            geometry.shift(place, at)


def laid_out(places: Sequence[int], relations: Sequence[Relation]) -> list[Point]:
    """Return where places lie so that relations miss by the least sum, the first at the origin."""
    index = {place: i for i, place in enumerate(places)}
    same_frame = [r for r in relations if r.here in index and r.there in index]
    axes = [_axis(index, same_frame, axis) for axis in (0, 1)]
    return [(float(x), float(y)) for x, y in zip(*axes, strict=True)]


def _axis(index: dict[int, int], relations: Sequence[Relation], axis: int) -> list[float]:
    """Solve one axis: minimise the weighted sum of misses, each the least bound on both sides."""
    n, m = len(index), len(relations)
    rows, columns, values, bounds = [], [], [], []
    for i, r in enumerate(relations):
        for sign, row in ((1.0, 2 * i), (-1.0, 2 * i + 1)):
            rows += [row, row, row]
            columns += [index[r.there], index[r.here], n + i]
            values += [sign, -sign, -1.0]
            bounds.append(sign * r.vector[axis])
    matrix = coo_array((values, (rows, columns)), shape=(2 * m, n + m)).tocsr()
    costs = np.concatenate([np.zeros(n), [r.weights[axis] for r in relations]])
    limits = [(0.0, 0.0), *[(None, None)] * (n - 1), *[(0.0, None)] * m]
    solved: Any = linprog(  # type: ignore[call-overload]
        costs, A_ub=matrix, b_ub=np.array(bounds), bounds=limits, method="highs-ds"
    )
    return [round(float(x), 6) for x in solved.x[:n]]


def _seen_from(relation: Relation, here: int) -> Vector:
    x, y = relation.vector
    return (x, y) if relation.here == here else (-x, -y)
