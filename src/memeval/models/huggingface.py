"""Causal language models that transformers can load: hub ids, local folders, converted GGUF."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from memeval.errors import ModelError
from memeval.models.base import Choice, Generation, Progress, Prompt
from memeval.models.decoding import (
    Prefilled,
    by_length,
    decode_greedily,
    forward,
    has_sliding_layers,
    pad_left,
    shared_prefix_length,
)

DEFAULT_BATCH_SIZE = 16
SAMPLES_PER_TENSOR = 4096
SURPRISE_TOKENS_PER_BATCH = 1024  # bounds the logits: 1024 x 49,152 x 4 bytes = 200 MB


class HuggingFaceModel:
    """A transformers model behind the `LanguageModel` protocol."""

    def __init__(
        self, model: Any, tokenizer: Any, *, name: str, batch_size: int = DEFAULT_BATCH_SIZE
    ) -> None:
        self.name = name
        self.batch_size = batch_size
        self.window = int(getattr(model.config, "max_position_embeddings", 2048))
        self._model = model.eval()
        self._tokenizer = tokenizer
        self._bos = _bos_tokens(tokenizer)
        starts = (tokenizer.bos_token_id, tokenizer.eos_token_id, 0)
        self._context = next(id_ for id_ in starts if id_ is not None)
        self._ends = _end_tokens(model, tokenizer)
        self._sliding = has_sliding_layers(model)
        self._tokenize_prefix = lru_cache(maxsize=8)(self._tokenize_one)

    @torch.inference_mode()
    def generate(
        self,
        prompts: Sequence[Prompt],
        *,
        max_new_tokens: int,
        stop: Sequence[str],
        on_done: Progress | None = None,
    ) -> list[Generation]:
        """Continue each prompt greedily; what all prompts share at their start is read once."""
        if not prompts:
            return []
        rows = [self._encode(prompt) for prompt in prompts]
        self._check_fit(max(map(len, rows)) + max_new_tokens)
        shared = shared_prefix_length(rows)
        prefix = Prefilled(self._model, rows[0][:shared])
        finished = self._stopper(stop)
        done: dict[int, Generation] = {}
        for batch in self._batches([len(row) for row in rows]):
            answers = decode_greedily(
                self._model,
                prefix,
                [rows[i][shared:] for i in batch],
                max_new_tokens=max_new_tokens,
                is_finished=finished,
            )
            for i, answer in zip(batch, answers, strict=True):
                done[i] = Generation(
                    text=_cut(self._decode(answer.tokens), stop),
                    prompt_tokens=len(rows[i]),
                    reused_tokens=shared if i else 0,  # the first row pays for the prefix
                    generated_tokens=len(answer.tokens),
                    prefill_ms=answer.prefill_ms + prefix.elapsed_ms / len(rows),
                    decode_ms=answer.decode_ms,
                )
            if on_done:
                on_done(len(batch))
        return [done[i] for i in range(len(rows))]

    @torch.inference_mode()
    def choose(self, prompts: Sequence[Prompt], options: Sequence[Sequence[str]]) -> list[Choice]:
        """Score every option as a continuation of its prompt, by summed log-likelihood in nats."""
        if any(not choices for choices in options):
            raise ValueError("every prompt needs at least one option")
        pairs = [
            (self._encode(prompt), self._tokenize_one(option))
            for prompt, choices in zip(prompts, options, strict=True)
            for option in choices
        ]
        scores = iter(self._continuation_scores(pairs))
        picked = []
        for choices in options:
            likelihoods = tuple(next(scores) for _ in choices)
            best = max(range(len(choices)), key=likelihoods.__getitem__)
            picked.append(Choice(best, likelihoods))
        return picked

    def _batches(self, lengths: Sequence[int]) -> Iterator[tuple[int, ...]]:
        return by_length(lengths, self.batch_size, same_length=self._sliding)

    def _continuation_scores(self, pairs: Sequence[tuple[list[int], list[int]]]) -> list[float]:
        if not pairs:
            return []
        self._check_fit(max(len(prompt) + len(option) for prompt, option in pairs))
        shared = shared_prefix_length([prompt for prompt, _ in pairs])
        prefix = Prefilled(self._model, pairs[0][0][:shared])
        scores: dict[int, float] = {}
        lengths = [len(prompt) + len(option) for prompt, option in pairs]
        for batch in self._batches(lengths):
            rows = [(pairs[i][0] + pairs[i][1])[shared:] for i in batch]
            keep = max(len(pairs[i][1]) for i in batch) + 1
            padded = pad_left(rows, shared, self._model.device)
            logits = forward(self._model, padded, prefix.cache_for(len(rows)), keep=keep)
            log_p = logits[:, :-1].float().log_softmax(-1).cpu()
            for row, i in enumerate(batch):
                option = pairs[i][1]
                picked = log_p[row, log_p.shape[1] - len(option) :]
                scores[i] = float(picked[range(len(option)), option].sum())
        return [scores[i] for i in range(len(pairs))]

    @torch.inference_mode()
    def surprise(self, texts: Sequence[str]) -> list[npt.NDArray[np.float32]]:
        """Return -log p of every token given the ones before it in the same text, in nats.

        The first token is conditioned on the beginning-of-text token alone. A text longer than
        the window is read in windows that each start afresh.
        """
        token_ids = self.tokenize(texts)
        step = self.window - 1
        pieces = [
            (i, ids[start : start + step])
            for i, ids in enumerate(token_ids)
            for start in range(0, len(ids), step)
        ]
        found: dict[int, npt.NDArray[np.float32]] = {}
        lengths = [len(piece) for _, piece in pieces]
        for batch in by_length(lengths, len(lengths), SURPRISE_TOKENS_PER_BATCH):
            for j, values in zip(batch, self._nats([pieces[j][1] for j in batch]), strict=True):
                found[j] = values
        whole: list[list[npt.NDArray[np.float32]]] = [[] for _ in texts]
        for j, (i, _) in enumerate(pieces):
            whole[i].append(found[j])
        return [np.concatenate(parts) if parts else np.empty(0, np.float32) for parts in whole]

    def _nats(self, rows: Sequence[list[int]]) -> list[npt.NDArray[np.float32]]:
        """Read rows padded on the right (causal attention never looks there)."""
        width = max(len(row) for row in rows)
        ids = torch.full((len(rows), width + 1), self._context)
        for i, row in enumerate(rows):
            ids[i, 1 : len(row) + 1] = torch.tensor(row)
        ids = ids.to(self._model.device)
        logits = self._model(input_ids=ids, use_cache=False).logits[:, :-1].float()
        targets = ids[:, 1:, None]
        nats = (logits.logsumexp(-1) - logits.gather(2, targets)[..., 0]).cpu().numpy()
        return [nats[i, : len(row)] for i, row in enumerate(rows)]

    def tokenize(self, texts: Sequence[str]) -> list[list[int]]:
        """Return token ids of each text, without special tokens."""
        if not texts:
            return []
        ids: list[list[int]] = self._tokenizer(list(texts), add_special_tokens=False)["input_ids"]
        return ids

    def token_embeddings(self) -> npt.NDArray[np.float32]:
        """Return the input embedding matrix, `(vocab, width) float32`."""
        weight = self._model.get_input_embeddings().weight
        array: npt.NDArray[np.float32] = weight.detach().float().cpu().numpy()
        return array

    @lru_cache(maxsize=1)  # noqa: B019 - one model per object, alive as long as the object
    def fingerprint(self) -> str:
        """Return a digest of names, shapes, precision and an even sample of every tensor.

        Reading all weights of a large model would take longer than an evaluation; any training
        step moves nearly every weight, so 4,096 values of each tensor tell models apart.
        """
        digest = hashlib.sha256()
        for key, tensor in sorted(self._model.state_dict().items()):
            flat = tensor.detach().flatten()
            sample = flat[:: max(1, flat.numel() // SAMPLES_PER_TENSOR)]
            digest.update(f"{key} {tuple(tensor.shape)} {tensor.dtype}".encode())
            digest.update(sample.float().cpu().numpy().tobytes())
        vocabulary = sorted(self._tokenizer.get_vocab().items())
        digest.update(json.dumps(vocabulary).encode())
        return digest.hexdigest()

    def description(self) -> dict[str, str | int]:
        """Return architecture, parameter count, precision, device and window."""
        return {
            "architecture": type(self._model).__name__,
            "parameters": sum(p.numel() for p in self._model.parameters()),
            "dtype": str(self._model.dtype).removeprefix("torch."),
            "device": str(self._model.device),
            "window": self.window,
            "batch_size": self.batch_size,
        }

    def _encode(self, prompt: Prompt) -> list[int]:
        """Tokenize piece by piece, so that a piece has the same tokens wherever it stands."""
        ids = [*self._bos, *self._tokenize_prefix(prompt.prefix)]
        for piece in self.tokenize(prompt.pieces[1:]):
            ids.extend(piece)
        return ids or [self._context]

    def _tokenize_one(self, text: str) -> list[int]:
        return self.tokenize([text])[0] if text else []

    def _decode(self, tokens: Sequence[int]) -> str:
        text: str = self._tokenizer.decode(list(tokens), skip_special_tokens=True)
        return text

    def _stopper(self, stop: Sequence[str]) -> Callable[[list[int]], bool]:
        def is_finished(tokens: list[int]) -> bool:
            if tokens[-1] in self._ends:
                return True
            text = self._decode(tokens)
            return any(word in text for word in stop)

        return is_finished

    def _check_fit(self, tokens: int) -> None:
        if tokens > self.window:
            raise ModelError(
                f"a prompt and its answer must fit the model's window of {self.window} tokens, "
                f"got {tokens}; give the reader fewer traces or use a model with a longer window"
            )


def _bos_tokens(tokenizer: Any) -> list[int]:
    """Return [bos] if this tokenizer puts one before a text of its own accord, else []."""
    bos = tokenizer.bos_token_id
    with_special = tokenizer("a")["input_ids"]
    return [bos] if bos is not None and with_special[:1] == [bos] else []


def _end_tokens(model: Any, tokenizer: Any) -> set[int]:
    ends: set[int] = set()
    generation = getattr(model, "generation_config", None)
    for value in (tokenizer.eos_token_id, getattr(generation, "eos_token_id", None)):
        if value is not None:
            ends.update(value if isinstance(value, list) else [value])
    return ends


def _cut(text: str, stop: Sequence[str]) -> str:
    """Return the text up to the first stop string, without surrounding space."""
    ends = [position for word in stop if (position := text.find(word)) >= 0]
    return text[: min(ends)].strip() if ends else text.strip()
