"""Causal language models that transformers can load: hub ids, local folders, converted GGUF."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from memeval.errors import ModelError
from memeval.models.answers import Choice, Generation
from memeval.models.base import Progress, TextModel
from memeval.models.local import chat
from memeval.models.local.attention import use_blocks
from memeval.models.local.encoding import Encoded, Encoding, rows_of
from memeval.models.local.ending import Ending
from memeval.models.local.engine import Engine
from memeval.models.local.fingerprint import fixed_digest, weights_digest, whole_digest
from memeval.models.local.head import Head
from memeval.models.local.kv import FragmentCache, Rotation
from memeval.models.local.likelihood import Scorer
from memeval.models.local.one_by_one import OneByOneEngine
from memeval.models.local.packing import is_exact
from memeval.models.local.rows import Answer
from memeval.models.prompt import Message, Prompt

DEFAULT_WINDOW = 2048


class HuggingFaceModel(TextModel):
    """A transformers model that can do all but read notes apart."""

    def __init__(
        self,
        model: Any,
        encoding: Encoding,
        *,
        name: str,
        engine: Engine | OneByOneEngine,
        scorer: Scorer | OneByOneEngine,
    ) -> None:
        self.name = name
        self._positions = window_of(model.config.get_text_config())
        more = max(0, len(encoding.bos) - 1)  # a reader leaves room for one that begins the text
        self.window: int = self._positions - more
        self._model = model
        self._encoding = encoding
        self._tokenizer = encoding.tokenizer
        self._engine = engine
        self._scorer = scorer  # apart from the engine, so that its prefix stays read

    def generate(
        self,
        prompts: Sequence[Prompt],
        *,
        max_new_tokens: int,
        stop: Sequence[str],
        on_done: Progress = lambda _: None,
    ) -> list[Generation]:
        """Continue each prompt greedily; what all prompts share at their start is read once."""
        return self._generate(prompts, max_new_tokens, stop, on_done, notes=None)

    def _generate(
        self,
        prompts: Sequence[Prompt],
        max_new_tokens: int,
        stop: Sequence[str],
        on_done: Progress,
        *,
        notes: FragmentCache | None,
    ) -> list[Generation]:
        """Read notes apart from one another if there is a cache of notes, and otherwise as text."""
        if not prompts:
            return []
        encoded = [self._encode(prompt) for prompt in prompts]
        self._check_fit(max(one.length for one in encoded) + max_new_tokens)
        prefix, rows = rows_of(encoded, stitched=notes is not None)
        thinking = self._encoding.thoughts.opened_by(prompts[0].suffix)
        ends = self._encoding.ends_of(prompts)
        ending = Ending(self._encoding, ends, stop, max_new_tokens, thinking)
        answers = self._engine.generate(
            prefix,
            rows,
            max_new_tokens=ending.most_tokens,
            window=self._positions,
            is_finished=ending.is_finished,
            notes=notes,
            on_done=on_done,
        )
        return [
            self._generation(answer, one.length, ending)
            for one, answer in zip(encoded, answers, strict=True)
        ]

    def _encode(self, prompt: Prompt) -> Encoded:
        return self._encoding.encode(prompt)

    def _generation(self, answer: Answer, length: int, ending: Ending) -> Generation:
        said = ending.read(answer.tokens)
        return Generation(
            text=said.text,
            finish=said.finish or "length",
            thought_tokens=said.thought_tokens,
            prompt_tokens=length,
            reused_tokens=answer.reused_tokens,
            generated_tokens=len(answer.tokens),
            prefill_ms=answer.prefill_ms,
            decode_ms=answer.decode_ms,
        )

    def render_chat(self, messages: Sequence[Message]) -> str:
        """Return messages as the tokenizer's chat template writes them, up to the answer."""
        encoding = self._encoding
        return chat.render(encoding.tokenizer, messages, name=self.name, begin=encoding.begin)

    def choose(self, prompts: Sequence[Prompt], options: Sequence[Sequence[str]]) -> list[Choice]:
        """Score every option as a continuation of its prompt, by summed log-likelihood in nats."""
        if any(not choices for choices in options):
            raise ValueError("every prompt needs at least one option")
        if not prompts:
            return []
        prefix, rows = rows_of([self._encode(p) for p in prompts], stitched=False)
        branches = [
            [(row.tokens[-1], *self._encoding.option(prompt, option)) for option in choices]
            for prompt, row, choices in zip(prompts, rows, options, strict=True)
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

        The first token is conditioned on what begins every text alone. A text longer than the
        window is read in windows that each start afresh.
        """
        begin = tuple(self._encoding.bos[:-1])
        step = self._positions - len(begin) - 1
        pieces = [
            (i, tuple(ids[start : start + step]))
            for i, ids in enumerate(self.tokenize(texts))
            for start in range(0, len(ids), step)
        ]
        given = (*begin, self._encoding.context)
        scores = self._scorer.log_p([given + ids for _, ids in pieces], given=len(given))
        whole: list[list[npt.NDArray[np.float32]]] = [[] for _ in texts]
        for (i, _), score in zip(pieces, scores, strict=True):
            whole[i].append(-score.numpy())
        return [np.concatenate(parts) if parts else np.empty(0, np.float32) for parts in whole]

    def tokenize(self, texts: Sequence[str]) -> list[list[int]]:
        """Return token ids of each text, without special tokens."""
        return self._encoding.tokenize(texts)

    def piece_lengths(self, pieces: Sequence[str]) -> list[int]:
        """Return the tokens that each text takes at most as a piece of a prompt."""
        return self._encoding.lengths(pieces)

    def token_embeddings(self) -> npt.NDArray[np.float32]:
        """Return the input embedding matrix, `(vocab, width) float32`."""
        weight = self._model.get_input_embeddings().weight
        array: npt.NDArray[np.float32] = weight.detach().float().cpu().numpy()
        return array

    def fingerprint(self) -> str:
        """Return a digest of weights, configuration, tokenizer and chat template."""
        return whole_digest(self._fixed, self._tokenizer)

    @cached_property
    def _fixed(self) -> str:
        return fixed_digest(self._model, self._encoding.tokenizer)

    @cached_property
    def _weights(self) -> str:
        return weights_digest(self._model, self._tokenizer)

    def description(self) -> dict[str, str | int]:
        """Return the weights' digest, architecture, parameters, precision, device and window."""
        device = self._model.device
        return _gpu(device) | {
            "weights": self._weights,
            "architecture": type(self._model).__name__,
            "parameters": sum(p.numel() for p in self._model.parameters()),
            "dtype": str(self._model.dtype).removeprefix("torch."),
            "device": str(device),
            "window": self._positions,
            "batch_size": self._engine.max_rows,
            "batch_tokens": self._engine.max_tokens,
        }

    def _check_fit(self, tokens: int) -> None:
        if tokens > self._positions:
            raise ModelError(
                f"a prompt and its answer must fit the model's window of {self._positions} tokens, "
                f"got {tokens}; give the reader fewer traces or use a model with a longer window"
            )


class StitchingModel(HuggingFaceModel):
    """One whose keys can be moved exactly, so that notes can be read apart and kept."""

    def stitching(self, *, cache_mb: int) -> "Notes":
        """Return a reader of notes with an empty cache of its own, bounded in MB."""
        return Notes(self, FragmentCache(cache_mb * 2**20))


@dataclass(frozen=True, slots=True)
class Notes:
    """Notes that were read by one model for one reader."""

    model: StitchingModel
    cache: FragmentCache

    def generate(
        self,
        prompts: Sequence[Prompt],
        *,
        max_new_tokens: int,
        stop: Sequence[str],
        on_done: Progress = lambda _: None,
    ) -> list[Generation]:
        """Continue each prompt greedily, its notes read apart as fragments that are kept."""
        return self.model._generate(prompts, max_new_tokens, stop, on_done, notes=self.cache)

    def stats(self) -> dict[str, int]:
        """Count hits, misses and evictions of fragments so far, and what is held now."""
        return self.cache.stats()


def model_of(
    model: Any, tokenizer: Any, *, name: str, batch_size: int | None = None
) -> HuggingFaceModel:
    """Put a loaded model and tokenizer behind the protocol, by what reads them exactly."""
    model.eval()
    use_blocks(model)
    encoding = Encoding(model, tokenizer)
    if not is_exact(model):
        slow = OneByOneEngine(model)
        slow.warm_up()
        return HuggingFaceModel(model, encoding, name=name, engine=slow, scorer=slow)
    rotation = Rotation.of(model) if encoding.concatenates else None
    kind = HuggingFaceModel if rotation is None else StitchingModel
    head = Head.of(model)
    engine = Engine(model, rotation=rotation, head=head, max_rows=batch_size)
    engine.warm_up(window_of(model.config.get_text_config()))
    return kind(model, encoding, name=name, engine=engine, scorer=Scorer(model, head))


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
    window = min(window, int(original)) if changes and original else window
    if window < 1:
        raise ValueError(f"it has room for {window} tokens")
    return window


def _gpu(device: Any) -> dict[str, str]:
    if device.type != "cuda":
        return {}
    import torch

    return {"gpu": torch.cuda.get_device_name(device)}
