"""Path integration: coordinates of places from the moves between them.

Places whose positions are known from one another share a frame. A move between two frames joins
them: the smaller one is shifted, so a place is shifted at most log2(places) times. A move within a
frame closes a loop, and what is left over says whether it agrees.
"""

import math
from collections import defaultdict
from dataclasses import dataclass, field

from memeval.memories.smpd.lexicon import Vector

Point = tuple[float, float]


def rotated(vector: Vector, quarter_turns: int) -> Vector:
    """Turn a vector to the left; exact, so that a hundred turns add no error."""
    x, y = vector
    for _ in range(quarter_turns % 4):
        x, y = -y, x
    return x, y


def moved(point: Point, vector: Vector) -> Point:
    """Return where a move leads."""
    return point[0] + vector[0], point[1] + vector[1]


def scaled(vector: Vector, length: float) -> Vector:
    """Stretch a vector."""
    return vector[0] * length, vector[1] * length


@dataclass(slots=True)
class Geometry:
    """Positions of places by number, in frames.

    `radius` is the distance within which two places are taken to be the same spot.
    """

    radius: float
    at: dict[int, Point] = field(default_factory=dict)
    frame: dict[int, int] = field(default_factory=dict)
    _members: dict[int, dict[int, None]] = field(default_factory=dict)
    _cells: dict[tuple[int, int, int], list[int]] = field(default_factory=lambda: defaultdict(list))

    def add(self, place: int, at: Point = (0.0, 0.0), frame: int | None = None) -> None:
        """Put a new place into a frame; without one it gets its own."""
        frame = place if frame is None else frame
        self.at[place] = at
        self.frame[place] = frame
        self._members.setdefault(frame, {})[place] = None
        self._cells[self._cell(frame, at)].append(place)

    def remove(self, place: int) -> None:
        """Forget a place."""
        frame, at = self.frame.pop(place), self.at.pop(place)
        del self._members[frame][place]
        self._leave(frame, at, place)

    def members(self, frame: int) -> list[int]:
        """Return the places of a frame."""
        return list(self._members[frame])

    def shift(self, place: int, at: Point) -> None:
        """Let a place stand elsewhere in its frame."""
        frame = self.frame[place]
        self._leave(frame, self.at[place], place)
        self.at[place] = at
        self._cells[self._cell(frame, at)].append(place)

    def relate(self, here: int, there: int, vector: Vector) -> float:
        """Take in that a move leads from one place to another; return by how much it disagrees.

        The first move between two frames joins them and cannot disagree.
        """
        expected = moved(self.at[here], vector)
        if self.frame[here] == self.frame[there]:
            return math.dist(expected, self.at[there])
        if len(self._members[self.frame[there]]) <= len(self._members[self.frame[here]]):
            shift = (expected[0] - self.at[there][0], expected[1] - self.at[there][1])
            self._join(self.frame[there], self.frame[here], shift)
        else:
            shift = (self.at[there][0] - expected[0], self.at[there][1] - expected[1])
            self._join(self.frame[here], self.frame[there], shift)
        return 0.0

    def nearest(self, frame: int, point: Point) -> int | None:
        """Return the place nearest to a point, if there is one within the radius."""
        cx, cy = self._grid(point)
        found = [
            (math.dist(self.at[place], point), place)
            for x in (cx - 1, cx, cx + 1)
            for y in (cy - 1, cy, cy + 1)
            for place in self._cells.get((frame, x, y), ())
        ]
        found = [(distance, place) for distance, place in found if distance <= self.radius]
        return min(found)[1] if found else None

    def neighbours_of(self, place: int) -> list[int]:
        """Return the other places that stand on the same spot."""
        frame, at = self.frame[place], self.at[place]
        cx, cy = self._grid(at)
        return [
            other
            for x in (cx - 1, cx, cx + 1)
            for y in (cy - 1, cy, cy + 1)
            for other in self._cells.get((frame, x, y), ())
            if other != place and math.dist(self.at[other], at) <= self.radius
        ]

    def _join(self, frame: int, into: int, shift: Vector) -> None:
        for place in self._members.pop(frame):
            self._leave(frame, self.at[place], place)
            self.add(place, moved(self.at[place], shift), into)

    def _leave(self, frame: int, at: Point, place: int) -> None:
        cell = self._cell(frame, at)
        self._cells[cell].remove(place)
        if not self._cells[cell]:
            del self._cells[cell]

    def _grid(self, point: Point) -> tuple[int, int]:
        return math.floor(point[0] / self.radius), math.floor(point[1] / self.radius)

    def _cell(self, frame: int, at: Point) -> tuple[int, int, int]:
        return (frame, *self._grid(at))
