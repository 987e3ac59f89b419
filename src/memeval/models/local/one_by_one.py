"""The engine of last resort: one prompt at a time, for models whose texts cannot be packed.

Models that tell positions from the order of tokens alone (ALiBi) or carry a recurrent state give
other answers when texts lie side by side. They are read through transformers' own `generate`.
"""

import math
import time
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from memeval.models.local.kv import FragmentCache
from memeval.models.local.rows import Answer, Row, Scored, Tokens


class OneByOneEngine:
    """Does what `Engine` does, slowly and for any causal model."""

    max_rows = 1
    max_tokens = 0

    def __init__(self, model: Any) -> None:
        self._model = model

    @torch.inference_mode()
    def warm_up(self) -> None:
        """Read a token for nothing, so that a model that cannot read fails before it is asked."""
        self._model(input_ids=torch.tensor([[0]], device=self._model.device))

    @torch.inference_mode()
    def generate(
        self,
        prefix: Tokens,
        rows: Sequence[Row],
        *,
        max_new_tokens: int,
        is_finished: Callable[[list[int]], bool],
        window: float = math.inf,
        notes: FragmentCache | None = None,  # noqa: ARG002 - rows have none here
        on_done: Callable[[int], None] = lambda _: None,
    ) -> list[Answer]:
        """Continue each row greedily until `is_finished(tokens)`, the limit or the window's end."""
        answers = []
        for row in rows:
            ids = torch.tensor([[*prefix, *row.tokens]], device=self._model.device)
            clock = _Clock(ids.shape[1], is_finished)
            start = time.perf_counter()
            whole = self._model.generate(
                ids,
                attention_mask=torch.ones_like(ids),
                max_new_tokens=int(min(max_new_tokens, window - ids.shape[1])),
                do_sample=False,
                stopping_criteria=[clock],
            )
            end = time.perf_counter()
            answers.append(
                Answer(
                    whole[0, ids.shape[1] :].tolist(),
                    prefill_ms=(clock.first - start) * 1000,
                    decode_ms=(end - clock.first) * 1000,
                )
            )
            on_done(1)
        return answers

    @torch.inference_mode()
    def log_likelihoods(
        self, prefix: Tokens, trunks: Sequence[Tokens], branches: Sequence[Sequence[Tokens]]
    ) -> list[Scored]:
        """Score every token of every branch but its first: log p in nats, `(tokens - 1,)`."""
        found = []
        for trunk, options in zip(trunks, branches, strict=True):
            start = time.perf_counter()
            log_p = [self._score((*prefix, *trunk), branch) for branch in options]
            found.append(Scored(prefill_ms=(time.perf_counter() - start) * 1000, log_p=log_p))
        return found

    @torch.inference_mode()
    def log_p(self, texts: Sequence[Tokens], *, given: int) -> list[Tensor]:
        """Return log p in nats of every token of each text but the first ones, `(tokens,)`."""
        return [self._score(text[: given - 1], text[given - 1 :]) for text in texts]

    def _score(self, before: Tokens, branch: Tokens) -> Tensor:
        ids = torch.tensor([[*before, *branch]], device=self._model.device)
        log_p = self._model(input_ids=ids).logits[0, len(before) : -1].float().log_softmax(-1)
        picked: Tensor = log_p.gather(1, ids[0, len(before) + 1 :, None])[:, 0]
        return picked.cpu()


class _Clock:
    """Stops generation where a row is finished, and notes when its first token came."""

    def __init__(self, prompt: int, is_finished: Callable[[list[int]], bool]) -> None:
        self.first = 0.0
        self._prompt = prompt
        self._is_finished = is_finished

    def __call__(self, ids: Tensor, _scores: Any, **_kwargs: Any) -> Tensor:
        self.first = self.first or time.perf_counter()
        done = self._is_finished(ids[0, self._prompt :].tolist())
        return torch.tensor([done], device=ids.device)
