"""Forward passes over a pack: in chunks that keep the matrix products busy, each one timed."""

import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import torch
from torch import Tensor

from memeval.models.local.packing import Pack, Piece, split

# Tokens read in one forward pass: enough to keep the matrix products busy. More would only add to
# the attention between rows that the mask throws away.
CHUNK_TOKENS = {"cpu": 512, "cuda": 2048}

T = TypeVar("T")


class Passes:
    """Feeds a pack, chunk by chunk."""

    def __init__(self, model: Any) -> None:
        self.pack = Pack(model)
        self.chunk_tokens = CHUNK_TOKENS["cpu" if model.device.type == "cpu" else "cuda"]
        self.device = model.device

    def read(
        self, pieces: Sequence[Piece], reduce: Callable[[Tensor], T], *, states: bool = False
    ) -> tuple[list[T], list[float]]:
        """Feed pieces in chunks; return each chunk's reduced logits, and milliseconds by piece.

        With `states` it is the states before the output head that are reduced.
        """
        feed = self.pack.feed_states if states else self.pack.feed
        reduced, elapsed = [], [0.0] * len(pieces)
        for chunk in split(pieces, self.chunk_tokens):
            start = time.perf_counter()
            reduced.append(reduce(feed([piece for _, piece in chunk])))
            if self.device.type == "cuda":
                torch.cuda.synchronize(self.device)
            spent = (time.perf_counter() - start) * 1000
            tokens = sum(len(piece.tokens) for _, piece in chunk)
            for number, piece in chunk:
                elapsed[number] += spent * len(piece.tokens) / tokens
        return reduced, elapsed


def most_likely(logits: Tensor) -> list[int]:
    """Return the token with the largest logit at each place."""
    tokens: list[int] = logits.argmax(-1).tolist()
    return tokens
