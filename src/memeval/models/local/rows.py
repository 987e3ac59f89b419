"""What an engine works on: rows of tokens, how they are put together, and what became of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from torch import Tensor

Tokens = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """What one prompt adds to the prefix: notes to be stitched in as fragments, then tokens."""

    tokens: Tokens
    notes: tuple[Tokens, ...] = ()

    @property
    def length(self) -> int:
        """Tokens of the row, notes included."""
        return len(self.tokens) + sum(map(len, self.notes))


@dataclass(slots=True)
class Answer:
    """What became of a row: the tokens generated, its share of the time, what was found read."""

    tokens: list[int] = field(default_factory=list)
    prefill_ms: float = 0.0
    decode_ms: float = 0.0
    reused_tokens: int = 0


@dataclass(slots=True)
class Scored(Answer):
    """What became of a trunk: log p of its branches' tokens, in nats, and the cost as above."""

    log_p: list[Tensor] = field(default_factory=list)


def groups(lengths: Sequence[int], *, max_rows: int, max_tokens: int) -> Iterator[list[int]]:
    """Yield indices of rows to be worked on together, longest first.

    A group holds at most so many rows and tokens; a longer row stands alone.
    """
    group: list[int] = []
    total = 0
    for i in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        if group and (len(group) == max_rows or total + lengths[i] > max_tokens):
            yield group
            group, total = [], 0
        group.append(i)
        total += lengths[i]
    if group:
        yield group


def shared_length(rows: Sequence[Tokens]) -> int:
    """Return how many leading tokens all rows share, leaving every row at least one of its own."""
    low, high = min(rows), max(rows)  # what the extremes share, all share
    return max(0, min(common_length(low, high), min(map(len, rows)) - 1))


def common_length(a: Tokens, b: Tokens) -> int:
    """Return how many leading tokens two texts share."""
    pairs = zip(a, b, strict=False)
    return next((i for i, (x, y) in enumerate(pairs) if x != y), min(len(a), len(b)))
