"""How likely tokens are, without the logits of a text being held.

The logits of a chunk are a hundred times its states. They are made by blocks of the vocabulary that
stay in a core's cache, and only their running maximum and sum are kept (Milakov and Gimelshein
2018, arXiv:1805.02867).
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import linear

from memeval.models.local.packing import PROBE, Pack, Piece

BLOCK = {"cpu": 1024, "cuda": 16_384}  # of the vocabulary; fewer make the products too small
SAME = 1e-5  # of the largest logit: both ways are the same product


class Head:
    """A model's output head, where it is one product and nothing is done to the logits."""

    def __init__(self, weight: Tensor, bias: Tensor | None) -> None:
        self._weight = weight
        self._bias = bias
        self._block = BLOCK["cpu" if weight.device.type == "cpu" else "cuda"]

    @classmethod
    @torch.inference_mode()
    def of(cls, model: Any) -> "Head | None":
        """Return a model's head, or None where its logits are not the product.

        Whatever the architecture claims (some scale or cap their logits), a few tokens are read
        both ways and compared.
        """
        try:
            layer = model.get_output_embeddings()
            head = cls(layer.weight, layer.bias)
            tokens, packs = list(range(1, PROBE + 1)), (Pack(model), Pack(model))
            pieces = [[Piece(pack.new_segment(), tokens, 0, keep=PROBE)] for pack in packs]
            expected = packs[0].feed(pieces[0]).float()
            states = packs[1].feed_states(pieces[1]).to(layer.weight.device)
            found = linear(states, layer.weight, layer.bias).float().to(expected.device)
            allowed = SAME * float(expected.abs().max())
            return head if float((found - expected).abs().max()) <= allowed else None
        except torch.OutOfMemoryError:
            raise
        except (TypeError, ValueError, RuntimeError, AttributeError, IndexError, KeyError):
            return None

    def log_p(self, states: Tensor, places: Tensor, tokens: Tensor) -> Tensor:
        """Return log p of `tokens` behind the states at `places`, `(tokens,) float32`."""
        states = states.to(self._weight.device)
        rows = self._weight[tokens].float()
        picked = (states[places].float() * rows).sum(1)
        if self._bias is not None:
            picked += self._bias[tokens].float()
        return picked - self._log_sum(states)[places]

    def _log_sum(self, states: Tensor) -> Tensor:
        """Return the logarithm of the sum of exp of each state's logits, `(states,) float32`."""
        top = states.new_full((len(states), 1), -torch.inf, dtype=torch.float32)
        total = torch.zeros_like(top)
        buffer = states.new_empty(len(states), self._block)
        for start in range(0, len(self._weight), self._block):
            weight = self._weight[start : start + self._block]
            logits = torch.mm(states, weight.T, out=buffer[:, : len(weight)]).float()
            if self._bias is not None:
                logits += self._bias[start : start + self._block].float()
            higher = torch.maximum(top, logits.amax(1, keepdim=True))
            summed = logits.sub_(higher).exp_().sum(1, keepdim=True)
            total = total * (top - higher).exp() + summed
            top = higher
        return (top + total.log())[:, 0]


class LogLikelihood:
    """Turns what a pass keeps into the log p of the tokens that may follow, place by place."""

    def __init__(self, following: Sequence[Sequence[int]], head: Head | None) -> None:
        self._following = following
        self._head = head
        self._done = 0

    def __call__(self, kept: Tensor) -> Tensor:
        """Return log p of what follows the next places, `(tokens,) float32`, on the CPU.

        `kept` are states where there is a head, logits where there is none.
        """
        following = self._following[self._done : self._done + len(kept)]
        self._done += len(kept)
        pairs = [(place, token) for place, tokens in enumerate(following) for token in tokens]
        if not pairs:
            return torch.empty(0)
        places, tokens = torch.tensor(pairs).T
        if self._head is not None:
            return self._head.log_p(kept, places, tokens).cpu()
        logits = kept.float()
        places, tokens = places.to(kept.device), tokens.to(kept.device)
        return (logits[places, tokens] - logits.logsumexp(1)[places]).cpu()
