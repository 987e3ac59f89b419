"""Greedy decoding over a shared prefix: the arithmetic between token ids and answers."""

import copy
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

MAX_BATCH_TOKENS = 32_768  # bounds the KV cache of a batch: 1.5 GB for 46 KB a token


@dataclass(slots=True)
class Answer:
    """Token ids generated for one row, and the row's share of the time spent."""

    tokens: list[int]
    prefill_ms: float = 0.0
    decode_ms: float = 0.0


def shared_prefix_length(rows: Sequence[list[int]]) -> int:
    """Return how many leading tokens all rows share, leaving every row at least one of its own."""
    low, high = min(rows), max(rows)  # the shared prefix of the extremes is that of all rows
    limit = min(len(row) for row in rows) - 1
    shared = 0
    while shared < limit and low[shared] == high[shared]:
        shared += 1
    return shared


class Prefilled:
    """A prefix that the model has read once; its KV cache is cloned for every batch."""

    def __init__(self, model: Any, tokens: Sequence[int]) -> None:
        from transformers import DynamicCache

        self.tokens = list(tokens)
        self.cache = DynamicCache(config=model.config)
        start = time.perf_counter()
        if self.tokens:
            ids = torch.tensor([self.tokens], device=model.device)
            model(input_ids=ids, past_key_values=self.cache, use_cache=True, logits_to_keep=1)
            synchronize(model.device)
        self.elapsed_ms = (time.perf_counter() - start) * 1000

    def cache_for(self, rows: int) -> Any:
        """Return a copy of the cache with the prefix standing before each of `rows` rows."""
        cache = copy.deepcopy(self.cache)
        if self.tokens:
            cache.batch_repeat_interleave(rows)
        return cache


@dataclass(slots=True)
class Batch:
    """Left-padded rows behind a shared prefix: ids, mask and positions for one forward pass."""

    ids: Tensor  # (rows, width) int64
    mask: Tensor  # (rows, prefix + width) int64
    positions: Tensor  # (rows, width) int64


def pad_left(rows: Sequence[Sequence[int]], prefix: int, device: torch.device) -> Batch:
    """Pad rows to one width on the left, counting positions from the end of the prefix."""
    width = max(len(row) for row in rows)
    ids = torch.zeros(len(rows), width, dtype=torch.long)
    own = torch.zeros(len(rows), width, dtype=torch.long)
    for i, row in enumerate(rows):
        ids[i, width - len(row) :] = torch.tensor(row)
        own[i, width - len(row) :] = 1
    positions = prefix + (own.cumsum(1) - 1).clamp(min=0)
    mask = torch.cat([torch.ones(len(rows), prefix, dtype=torch.long), own], dim=1)
    return Batch(ids.to(device), mask.to(device), positions.to(device))


def by_length(
    lengths: Sequence[int],
    size: int,
    max_tokens: int = MAX_BATCH_TOKENS,
    *,
    same_length: bool = False,
) -> Iterator[tuple[int, ...]]:
    """Yield batches of indices, longest first, so that rows of a batch differ little in length.

    A batch holds at most `size` rows and, padding included, `max_tokens` tokens; a longer row
    stands alone. With `same_length` a batch needs no padding at all.
    """
    order = sorted(range(len(lengths)), key=lambda i: -lengths[i])
    batch: list[int] = []
    for i in order:
        longest = lengths[batch[0]] if batch else lengths[i]
        full = len(batch) >= size or (len(batch) + 1) * longest > max_tokens
        if batch and (full or (same_length and lengths[i] != longest)):
            yield tuple(batch)
            batch = []
        batch.append(i)
    if batch:
        yield tuple(batch)


def has_sliding_layers(model: Any) -> bool:
    """Whether some layers see only a window of past positions.

    Padding between prefix and row would push the prefix out of such a window, so rows of these
    models are batched by equal length.
    """
    from transformers import DynamicCache

    return any(DynamicCache(config=model.config).is_sliding)


def forward(model: Any, batch: Batch, cache: Any, *, keep: int) -> Tensor:
    """Run the model and return the logits of the last `keep` positions, `(rows, keep, vocab)`."""
    logits: Tensor = model(
        input_ids=batch.ids,
        attention_mask=batch.mask,
        position_ids=batch.positions,
        past_key_values=cache,
        use_cache=True,
        logits_to_keep=keep,
    ).logits
    return logits


def decode_greedily(
    model: Any,
    prefix: Prefilled,
    rows: Sequence[Sequence[int]],
    *,
    max_new_tokens: int,
    is_finished: Any,
) -> list[Answer]:
    """Continue each row greedily; `is_finished(tokens)` says when a row is done.

    The finishing token stays in the row: whoever decodes the tokens cuts at the stop string.
    """
    start = time.perf_counter()
    batch = pad_left(rows, len(prefix.tokens), model.device)
    cache = prefix.cache_for(len(rows))
    tokens = forward(model, batch, cache, keep=1)[:, -1].argmax(-1)
    own_tokens = sum(len(row) for row in rows)
    picked = tokens.tolist()
    prefill_ms = (time.perf_counter() - start) * 1000
    answers = [Answer([], prefill_ms=prefill_ms * len(row) / own_tokens) for row in rows]
    alive = list(range(len(rows)))
    for step in range(max_new_tokens):
        for row in alive:
            answers[row].tokens.append(picked[row])
        running = [row for row in alive if not is_finished(answers[row].tokens)]
        if not running or step == max_new_tokens - 1:
            break
        start = time.perf_counter()
        batch = _advance(batch, tokens)
        tokens = forward(model, batch, cache, keep=1)[:, -1].argmax(-1)
        picked = tokens.tolist()
        step_ms = (time.perf_counter() - start) * 1000
        for row in running:
            answers[row].decode_ms += step_ms / len(running)
        alive = running
    return answers


def _advance(batch: Batch, tokens: Tensor) -> Batch:
    """Return the batch that feeds each row the token it has just produced."""
    mask = torch.cat([batch.mask, batch.mask.new_ones(len(tokens), 1)], dim=1)
    return Batch(tokens[:, None], mask, batch.positions[:, -1:] + 1)


def synchronize(device: torch.device) -> None:
    """Wait for the device, so that a clock read next to it tells the truth."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
