"""Plans over the map: A* where coordinates guide it, Dijkstra's search where there are none.

A* with a consistent heuristic is Dijkstra's search on reduced costs, `c(a, b) + h(b) - h(a)`
(Hart, Nilsson and Raphael 1968). So both are scipy's search in compiled code: A* is one that stops
at a limit on the reduced cost, which is how far the way may exceed the heuristic, and a way that is
not found within the limit is searched for without one.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra, reverse_cuthill_mckee

from memeval.memories.smpd.passages import Passage
from memeval.memories.smpd.place_graph import PlaceGraph

SLACK = 0.2
"""Share of the heuristic by which a way may exceed it in the first search."""
PREFERENCE = 1e-7
"""Share of a cost taken off for each walk, so that of equal ways the beaten one is taken."""
MOST_PREFERRED = 100
MOST_GUIDED = 0.4
"""Share of the map beyond which A* saves nothing: its costs are worked out anew for each goal."""

Floats = npt.NDArray[np.float64]


class Planner:
    """Cheapest ways over a map, which is laid out anew for each version of it."""

    def __init__(self, graph: PlaceGraph) -> None:
        self._graph = graph
        self._version = -1

    def plan(self, here: int, goal: int) -> list[int]:
        """Return the places of a cheapest way, both ends included; empty if there is none."""
        self.refresh()
        start, end = self._index.get(here), self._index.get(goal)
        if start is None or end is None or self._component[start] != self._component[end]:
            return []
        way = self._guided(start, end) if self._is_metric[self._component[start]] else None
        way = way or self._search(self._costs, start, end, np.inf)
        return [self._ids[i] for i in way or ()]

    def refresh(self) -> None:
        """Lay the map out as arrays, unless that was done for this version of it."""
        if self._version == self._graph.version:
            return
        self._version = self._graph.version
        geometry = self._graph.geometry
        ids, costs = list(self._graph.places), self._matrix()
        self._index = {}
        if not ids:
            return
        near_first = reverse_cuthill_mckee(costs)  # neighbours share cache lines
        self._ids = [ids[i] for i in near_first]
        self._index = {place: i for i, place in enumerate(self._ids)}
        self._costs = _permuted(costs, near_first)
        self._at = np.array([geometry.at[p] for p in self._ids], float).reshape(-1, 2)
        count, self._component = connected_components(self._costs, connection="weak")
        self._row_of = np.repeat(np.arange(len(ids)), np.diff(self._costs.indptr))
        self._is_metric = self._metric_components(count)
        self._scales = self._admissible_scales()

    def _matrix(self) -> Any:
        """Return the cost of every usable passage, `(places, places) float64`.

        A passage that was only walked one way is taken to lead back as well.
        """
        between = self._graph.ways.between
        index = {place: i for i, place in enumerate(self._graph.places)}
        rows, columns, costs = [], [], []
        for here, ways in self._graph.ways.out.items():
            for there, passages in ways.items():
                usable = [_preferred(p) for p in passages if self._graph.is_usable(p)]
                if not usable:
                    continue
                a, b = index[here], index[there]
                for row, column in [(a, b)] if between(there, here) else [(a, b), (b, a)]:
                    rows.append(row)
                    columns.append(column)
                    costs.append(min(usable))
        ends = np.array(rows, np.int32), np.array(columns, np.int32)
        return csr_array((np.array(costs, float), ends), shape=(len(index), len(index)))

    def _metric_components(self, count: int) -> npt.NDArray[np.bool_]:
        """Return which components lie in one frame as a whole, `(components,) bool`."""
        frames = np.array([self._graph.geometry.frame[p] for p in self._ids], int)
        low = np.full(count, np.iinfo(int).max)
        high = np.full(count, -1)
        np.minimum.at(low, self._component, frames)
        np.maximum.at(high, self._component, frames)
        is_one: npt.NDArray[np.bool_] = low == high
        return is_one

    def _admissible_scales(self) -> tuple[float, float]:
        """Return what a straight and a square distance may be multiplied by at most.

        Times its scale neither is ever more than a way costs, whatever teleports there are.
        """
        metric = self._is_metric[self._component[self._row_of]]
        apart = self._at[self._costs.indices] - self._at[self._row_of]
        costs = self._costs.data
        scales = []
        for length in (np.hypot(*apart.T), np.abs(apart).sum(axis=1)):
            far = (length > 0) & metric
            scales.append(float((costs[far] / length[far]).min(initial=np.inf)))
        self._dearest = float(costs.max(initial=0.0))
        straight, square = (scale if np.isfinite(scale) else 0.0 for scale in scales)
        return straight, square

    def _guided(self, start: int, end: int) -> list[int] | None:
        """Search by A*; None if that promises little, or the way exceeds the limit."""
        h, back = self._heuristic(end), self._heuristic(start)
        limit = (1 + SLACK) * h[start] + self._dearest
        if np.count_nonzero(h + back <= limit) > MOST_GUIDED * len(h):
            return None
        reduced = self._costs.data + h[self._costs.indices] - h[self._row_of]
        np.maximum(reduced, 0.0, out=reduced)  # rounding
        costs = csr_array((reduced, self._costs.indices, self._costs.indptr), self._costs.shape)
        return self._search(costs, start, end, limit - h[start])

    def _heuristic(self, end: int) -> Floats:
        """Return what a way to a place costs at least, from every place, `(places,) float64`."""
        apart = self._at - self._at[end]
        straight, square = self._scales
        along_streets = square * (np.abs(apart[:, 0]) + np.abs(apart[:, 1]))
        if square >= straight:  # never shorter than as the crow flies
            return np.asarray(along_streets)
        as_the_crow_flies = straight * np.hypot(apart[:, 0], apart[:, 1])
        return np.asarray(np.maximum(as_the_crow_flies, along_streets))

    def _search(self, costs: Any, start: int, end: int, limit: float) -> list[int] | None:
        _, before = dijkstra(  # type: ignore[call-overload]
            costs, indices=start, return_predecessors=True, limit=limit
        )
        return _walk_back(before, start, end)


def _preferred(passage: Passage) -> float:
    return passage.cost * (1 - PREFERENCE * min(passage.evidence, MOST_PREFERRED))


def _permuted(costs: Any, order: npt.NDArray[np.int32]) -> Any:
    """Return a matrix with rows and columns in another order, its indices in 32 bits."""
    moved = costs[order][:, order]
    moved.indices, moved.indptr = moved.indices.astype(np.int32), moved.indptr.astype(np.int32)
    moved.sort_indices()
    return moved


def _walk_back(before: Sequence[int], start: int, end: int) -> list[int] | None:
    way = [end]
    while way[-1] != start:
        way.append(int(before[way[-1]]))
        if way[-1] < 0:
            return None
    return way[::-1]
