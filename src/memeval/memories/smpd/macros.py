"""Macros: pieces of way that were walked again and again, to be taken as one decision."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from memeval.memories.smpd.params import MacroParams
from memeval.memories.smpd.tracking import Walk

Piece = tuple[int, ...]


@dataclass(slots=True)
class Macro:
    """A piece of way; `uses` counts the walks that hold it, `rewards` those of them that paid off.

    `failures` counts the replays that found it broken; a macro that failed comes after all others.
    """

    places: Piece
    uses: int
    rewards: int
    failures: int = 0

    @property
    def rank(self) -> float:
        """What it is worth: decisions saved, more if walks paid off, less if it failed."""
        saved = len(self.places) - 2
        return saved * (self.uses + self.rewards) / (1 + self.failures)


def distill(walks: Iterable[Walk], params: MacroParams) -> list[Macro]:
    """Cut walks into the pieces they share, best first.

    A piece within a longer one that was walked as often is left out: the longer one serves for it.
    """
    courses = Counter((walk.places, walk.rewards > 0) for walk in walks)
    uses, rewards = _shared_pieces(courses, params)
    inner = {
        part for piece in uses for part in (piece[1:], piece[:-1]) if uses.get(part) == uses[piece]
    }
    macros = [Macro(p, n, rewards[p]) for p, n in uses.items() if p not in inner]
    macros.sort(key=lambda macro: (-macro.rank, macro.places))
    return macros[: params.max_macros]


def _shared_pieces(
    courses: Counter[tuple[Piece, bool]], params: MacroParams
) -> tuple[dict[Piece, int], Counter[Piece]]:
    """Count pieces by length; only what two shared pieces make up can be shared (apriori)."""
    shared: dict[Piece, int] = {}
    rewards: Counter[Piece] = Counter()
    parts: set[Piece] | None = None
    for moves in range(params.min_moves, params.max_moves + 1):
        counts: Counter[Piece] = Counter()
        for (course, pays), times in courses.items():
            pieces = set(_pieces(course, moves + 1, parts))
            counts.update(dict.fromkeys(pieces, times))
            if pays:
                rewards.update(dict.fromkeys(pieces, times))
        parts = {piece for piece, n in counts.items() if n >= params.min_uses}
        if not parts:
            break
        shared |= {piece: counts[piece] for piece in parts}
    return shared, rewards


def _pieces(course: Piece, places: int, parts: set[Piece] | None) -> Iterable[Piece]:
    for i in range(len(course) - places + 1):
        piece = course[i : i + places]
        known = parts is None or (piece[1:] in parts and piece[:-1] in parts)
        if known and len(set(piece)) == places:  # no walk in a circle
            yield piece


class MacroLibrary:
    """Macros, found by any place they go through."""

    def __init__(self, macros: Sequence[Macro] = ()) -> None:
        self.macros = list(macros)
        self._through: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for number, macro in enumerate(self.macros):
            for i, place in enumerate(macro.places):
                self._through[place].append((number, i))

    def along(self, way: Sequence[int]) -> tuple[Macro, int] | None:
        """Return the macro that does most of a way's beginning, and how many moves it does."""
        best: tuple[int, float, int] | None = None
        for number, start in self._through.get(way[0], ()):
            macro = self.macros[number]
            moves = _common(macro.places[start:], way) - 1
            fits = (moves, macro.rank, -number)
            if not macro.failures and moves > 1 and (best is None or fits > best):
                best = fits
        return (self.macros[-best[2]], best[0]) if best else None


def _common(a: Sequence[int], b: Sequence[int]) -> int:
    """Return how many places two ways share from their beginning."""
    for i, (x, y) in enumerate(zip(a, b, strict=False)):
        if x != y:
            return i
    return min(len(a), len(b))
