"""Causal language models that transformers can load: hub ids, local folders, converted GGUF."""

import hashlib
import json
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from memeval.errors import ModelError
from memeval.models.base import Choice, Generation, Message, Progress, Prompt
from memeval.models.local import chat
from memeval.models.local.attention import use_blocks
from memeval.models.local.engine import Engine
from memeval.models.local.kv import FragmentCache, Rotation
from memeval.models.local.one_by_one import OneByOneEngine
from memeval.models.local.packing import is_exact
from memeval.models.local.rows import Row, Tokens

DEFAULT_WINDOW = 2048
KV_CACHE_MB = 1024
SCORED_ROWS = 64
SAMPLES_PER_TENSOR = 4096


class HuggingFaceModel:
    """A transformers model behind the `LanguageModel` protocol."""

    def __init__(
        self,
        model: Any,
        tokenizer: Any,
        *,
        name: str,
        batch_size: int | None = None,
    ) -> None:
        self.name = name
        self.window = window_of(model.config.get_text_config())
        self._digest = ""
        self._model = model.eval()
        self._tokenizer = tokenizer
        self._bos = _bos_tokens(tokenizer)
        starts = (tokenizer.bos_token_id, tokenizer.eos_token_id, 0)
        self._context = next(id_ for id_ in starts if id_ is not None)
        self._ends = _end_tokens(model, tokenizer)
        self._tokenize_prefix = lru_cache(maxsize=8)(self._tokenize_one)
        use_blocks(model)
        packs = is_exact(model)
        rotation = Rotation.of(model) if packs else None
        self.stitches = rotation is not None
        self._engine: Engine | OneByOneEngine
        self._scorer: Engine | OneByOneEngine
        if packs:
            self._engine = Engine(
                model,
                rotation=rotation,
                fragments=FragmentCache(KV_CACHE_MB * 2**20),
                fingerprint=self.fingerprint,
                max_rows=batch_size,
            )
            self._engine.warm_up(self.window)
            self._scorer = Engine(model, max_rows=SCORED_ROWS)  # so that the prefix stays read
        else:
            self._engine = self._scorer = OneByOneEngine(model)

    def generate(
        self,
        prompts: Sequence[Prompt],
        *,
        max_new_tokens: int,
        stop: Sequence[str],
        stitched: bool = False,
        on_done: Progress = lambda _: None,
    ) -> list[Generation]:
        """Continue each prompt greedily; what all prompts share at their start is read once.

        With `stitched` the notes of a prompt are read apart from one another, as fragments that
        are kept for the next prompt that holds them.
        """
        if not prompts:
            return []
        encoded = [self._encode(prompt) for prompt in prompts]
        lengths = [sum(map(len, (prefix, *notes, own))) for prefix, notes, own in encoded]
        self._check_fit(max(lengths) + max_new_tokens)
        prefix, rows = _rows(encoded, stitched=stitched and self.stitches)
        answers = self._engine.generate(
            prefix,
            rows,
            max_new_tokens=max_new_tokens,
            is_finished=self._stopper(stop),
            on_done=on_done,
        )
        return [
            Generation(
                text=_cut(self._decode(answer.tokens), stop),
                prompt_tokens=length,
                reused_tokens=answer.reused_tokens,
                generated_tokens=len(answer.tokens),
                prefill_ms=answer.prefill_ms,
                decode_ms=answer.decode_ms,
            )
            for length, answer in zip(lengths, answers, strict=True)
        ]

    def render_chat(self, messages: Sequence[Message]) -> str:
        """Return messages as the tokenizer's chat template writes them, up to the answer."""
        return chat.render(self._tokenizer, messages, name=self.name, adds_bos=bool(self._bos))

    def choose(self, prompts: Sequence[Prompt], options: Sequence[Sequence[str]]) -> list[Choice]:
        """Score every option as a continuation of its prompt, by summed log-likelihood in nats."""
        if any(not choices for choices in options):
            raise ValueError("every prompt needs at least one option")
        if not prompts:
            return []
        prefix, rows = _rows([self._encode(prompt) for prompt in prompts], stitched=False)
        branches = [
            [(row.tokens[-1], *self._tokenize_one(option)) for option in choices]
            for row, choices in zip(rows, options, strict=True)
        ]
        trunks = [row.tokens[:-1] for row in rows]
        longest = zip(trunks, branches, strict=True)
        self._check_fit(len(prefix) + max(len(t) + max(map(len, b)) for t, b in longest))
        scored = self._engine.log_likelihoods(prefix, trunks, branches)
        picked = []
        for row, scores in zip(rows, scored, strict=True):
            likelihoods = tuple(float(log_p.sum()) for log_p in scores.log_p)
            picked.append(
                Choice(
                    max(range(len(likelihoods)), key=likelihoods.__getitem__),
                    likelihoods,
                    prompt_tokens=len(prefix) + len(row.tokens),
                    reused_tokens=scores.reused_tokens,
                    prefill_ms=scores.prefill_ms,
                )
            )
        return picked

    def surprise(self, texts: Sequence[str]) -> list[npt.NDArray[np.float32]]:
        """Return -log p of every token given the ones before it in the same text, in nats.

        The first token is conditioned on the beginning-of-text token alone. A text longer than
        the window is read in windows that each start afresh.
        """
        step = self.window - 1
        pieces = [
            (i, tuple(ids[start : start + step]))
            for i, ids in enumerate(self.tokenize(texts))
            for start in range(0, len(ids), step)
        ]
        branches = [[(self._context, *ids)] for _, ids in pieces]
        scores = self._scorer.log_likelihoods((), [()] * len(pieces), branches)
        whole: list[list[npt.NDArray[np.float32]]] = [[] for _ in texts]
        for (i, _), score in zip(pieces, scores, strict=True):
            whole[i].append(-score.log_p[0].numpy())
        return [np.concatenate(parts) if parts else np.empty(0, np.float32) for parts in whole]

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

    def fingerprint(self) -> str:
        """Return a digest of names, shapes, precision and an even sample of every tensor.

        Reading all weights of a large model would take longer than an evaluation; any training
        step moves nearly every weight, so 4,096 values of each tensor tell models apart.
        """
        if self._digest:
            return self._digest
        digest = hashlib.sha256()
        for key, tensor in sorted(self._model.state_dict().items()):
            flat = tensor.detach().flatten()
            sample = flat[:: max(1, flat.numel() // SAMPLES_PER_TENSOR)]
            digest.update(f"{key} {tuple(tensor.shape)} {tensor.dtype}".encode())
            digest.update(sample.float().cpu().numpy().tobytes())
        vocabulary = sorted(self._tokenizer.get_vocab().items())
        digest.update(json.dumps(vocabulary).encode())
        if self._tokenizer.chat_template:
            digest.update(json.dumps(self._tokenizer.chat_template).encode())
        self._digest = digest.hexdigest()
        return self._digest

    @property
    def kv_cache_mb(self) -> int:
        """Bound of the cache of notes read apart, in MB."""
        return self._engine.fragments.max_bytes // 2**20

    @kv_cache_mb.setter
    def kv_cache_mb(self, megabytes: int) -> None:
        self._engine.fragments.resize(megabytes * 2**20)

    def cache_stats(self) -> dict[str, int]:
        """Count hits, misses and evictions of fragments since loading, and what is held now."""
        cache = self._engine.fragments
        return {
            "hits": cache.hits,
            "misses": cache.misses,
            "evictions": cache.evictions,
            "items": len(cache),
            "bytes": cache.nbytes,
        }

    def description(self) -> dict[str, str | int]:
        """Return architecture, parameters, precision, device (a GPU by name too) and window."""
        device = self._model.device
        return _gpu(device) | {
            "architecture": type(self._model).__name__,
            "parameters": sum(p.numel() for p in self._model.parameters()),
            "dtype": str(self._model.dtype).removeprefix("torch."),
            "device": str(device),
            "window": self.window,
            "batch_size": self._engine.max_rows,
            "batch_tokens": self._engine.max_tokens,
        }

    def _encode(self, prompt: Prompt) -> tuple[Tokens, tuple[Tokens, ...], Tokens]:
        """Tokenize piece by piece, so that a piece has the same tokens wherever it stands."""
        prefix = (*self._bos, *self._tokenize_prefix(prompt.prefix))
        *notes, suffix = map(tuple, self.tokenize(prompt.pieces[1:]))
        if not (prefix or notes or suffix):
            suffix = (self._context,)
        return prefix, tuple(notes), suffix

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


def window_of(config: Any) -> int:
    """Return the positions a model can be trusted with.

    Rotary embeddings that change with the length of the pass (longrope, dynamic) would make an
    answer depend on what else is read in it, so these models keep to their original window.
    """
    window = int(getattr(config, "max_position_embeddings", None) or DEFAULT_WINDOW)
    rope = getattr(config, "rope_parameters", None) or {}
    original = rope.get("original_max_position_embeddings") or getattr(
        config, "original_max_position_embeddings", None
    )
    changes = rope.get("rope_type") in {"longrope", "dynamic"}
    return min(window, int(original)) if changes and original else window


def _rows(
    encoded: Sequence[tuple[Tokens, tuple[Tokens, ...], Tokens]], *, stitched: bool
) -> tuple[Tokens, list[Row]]:
    """Return the prefix that all prompts share, and what each adds to it: at least one token."""
    prefixes = {prefix for prefix, _, _ in encoded}
    shared = min(prefixes) if len(prefixes) == 1 else ()
    if any(not suffix for _, _, suffix in encoded):
        shared = ()
    rows = []
    for prefix, notes, suffix in encoded:
        own = prefix[len(shared) :]
        if stitched and not own:
            rows.append(Row(suffix, tuple(note for note in notes if note)))
        else:
            rows.append(Row((*own, *(token for note in notes for token in note), *suffix)))
    return shared, rows


def _gpu(device: Any) -> dict[str, str]:
    if device.type != "cuda":
        return {}
    import torch

    return {"gpu": torch.cuda.get_device_name(device)}


def _bos_tokens(tokenizer: Any) -> list[int]:
    """Return [bos] if this tokenizer puts one before a text of its own accord, else []."""
    bos = tokenizer.bos_token_id
    with_special = tokenizer("a")["input_ids"]
    return [bos] if bos is not None and with_special[:1] == [bos] else []


def _end_tokens(model: Any, tokenizer: Any) -> set[int]:
    ends = chat.end_of_turn(tokenizer)
    generation = getattr(model, "generation_config", None)
    for value in (tokenizer.eos_token_id, getattr(generation, "eos_token_id", None)):
        if value is not None:
            ends.update(value if isinstance(value, list) else [value])
    return ends


def _cut(text: str, stop: Sequence[str]) -> str:
    """Return the text up to the first stop string, without surrounding space."""
    ends = [position for word in stop if (position := text.find(word)) >= 0]
    return text[: min(ends)].strip() if ends else text.strip()
