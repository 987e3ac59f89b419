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
        self, pieces: Sequence[Piece], reduce: Callable[[Tensor], T]
    ) -> tuple[list[T], list[float]]:
        """Feed pieces in chunks; return each chunk's reduced logits, and milliseconds by piece."""
        reduced, elapsed = [], [0.0] * len(pieces)
        for chunk in split(pieces, self.chunk_tokens):
            start = time.perf_counter()
            reduced.append(reduce(self.pack.feed([piece for _, piece in chunk])))
            if self.device.type == "cuda":
                torch.cuda.synchronize(self.device)
            spent = (time.perf_counter() - start) * 1000
            tokens = sum(len(piece.tokens) for _, piece in chunk)
            for number, piece in chunk:
                elapsed[number] += spent * len(piece.tokens) / tokens
        return reduced, elapsed


class LogLikelihood:
    """Turns logits into the log p of the tokens that follow, in order."""

    def __init__(self, targets: Sequence[int]) -> None:
        self._targets = torch.tensor(targets)
        self._done = 0

    def __call__(self, logits: Tensor) -> Tensor:
        """Return log p of the next targets, `(kept,) float32`, on the CPU."""
        targets = self._targets[self._done : self._done + len(logits)].to(logits.device)
        self._done += len(logits)
        logits = logits.float()
        picked = logits.gather(1, targets[:, None])[:, 0]
        return (picked - logits.logsumexp(1)).cpu()


def most_likely(logits: Tensor) -> list[int]:
    """Return the token with the largest logit at each place."""
    tokens: list[int] = logits.argmax(-1).tolist()
    return tokens
