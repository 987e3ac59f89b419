"""Sentence encoders that lie in a local folder of sentence-transformers, read by transformers.

Texts are tokenized once and read in batches of like lengths, so that next to nothing is padding.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from memeval.models.local.boundary import reading
from memeval.models.local.fingerprint import fixed_digest
from memeval.models.local.loading import NEXT_STEP, checked_device, read_parts
from memeval.models.local.sentence_folder import Layout, read_layout
from memeval.models.places import check_folder

RULE = "an encoder must be a folder of sentence-transformers that transformers loads"
BATCH_TOKENS = 1024
"""Tokens that are read together on a CPU, whose caches more of them would leave."""
GPU_BATCH_TOKENS = 65536
POOLER = "pooler."
"""The weights of the part of a transformer that is not asked."""
LONGEST = 1_000_000
VERSION = "v1"  # part of the fingerprint: raise it when the same files give other vectors


class SentenceEncoder:
    """Pools what a transformer says of a text's tokens into one vector of length 1."""

    def __init__(self, model: Any, tokenizer: Any, layout: Layout, *, name: str) -> None:
        self.name = name
        self.width: int = model.config.get_text_config().hidden_size
        self._model = model
        self._tokenizer = tokenizer
        self._layout = layout
        self._max_tokens = _max_tokens(model, tokenizer, layout)
        self._batch_tokens = BATCH_TOKENS if model.device.type == "cpu" else GPU_BATCH_TOKENS

    @torch.inference_mode()
    def encode(
        self, texts: Sequence[str], *, kind: Literal["event", "query"]
    ) -> npt.NDArray[np.float32]:
        """Return unit vectors, `(texts, width) float32`, one a text and in order."""
        rows = self._tokens(texts, kind)
        found = np.empty((len(rows), self.width), np.float32)
        for batch in batches([len(row) for row in rows], self._batch_tokens):
            found[batch] = self._vectors([rows[i] for i in batch]).cpu().numpy()
        return found

    def fingerprint(self) -> str:
        """Return a digest of all that decides the vectors: weights, tokenizer, pooling, prompts."""
        return self._digest

    @cached_property
    def _digest(self) -> str:
        layout = self._layout
        told = [layout.pooling, self._max_tokens, layout.lowercase, layout.prompts, VERSION]
        fixed = fixed_digest(self._model, self._tokenizer)
        return hashlib.sha256(json.dumps([fixed, *told], sort_keys=True).encode()).hexdigest()

    def _tokens(self, texts: Sequence[str], kind: str) -> list[list[int]]:
        """Return the tokens of each text, cut to fit, and never none."""
        if not texts:
            return []
        prompt = self._layout.prompts.get(kind, "")
        whole = [prompt + text for text in texts]
        encoded = self._tokenizer(
            [text.lower() for text in whole] if self._layout.lowercase else whole,
            truncation=True,
            max_length=self._max_tokens,
            padding=False,
            return_attention_mask=False,
            return_token_type_ids=False,
        )
        return [row or [self._padding] for row in encoded["input_ids"]]

    @property
    def _padding(self) -> int:
        return self._tokenizer.pad_token_id or 0

    def _vectors(self, rows: Sequence[Sequence[int]]) -> Tensor:
        """Return the vectors of texts that are read together, `(rows, width)`."""
        lengths = torch.tensor([len(row) for row in rows])
        longest = int(lengths.max())
        padded = [[*row, *[self._padding] * (longest - len(row))] for row in rows]
        device = self._model.device
        mask = (torch.arange(longest)[None] < lengths[:, None]).to(device)
        is_padded = int(lengths.min()) < longest
        states = self._model(
            input_ids=torch.tensor(padded, device=device),
            attention_mask=mask.long() if is_padded else None,
        ).last_hidden_state
        return torch.nn.functional.normalize(self._pooled(states.float(), mask), dim=1)

    def _pooled(self, states: Tensor, mask: Tensor) -> Tensor:
        """Return one vector a row of `states`, `(rows, tokens, width)`; padding has no say."""
        if self._layout.pooling == "cls":
            return states[:, 0]
        seen = mask[:, :, None]
        if self._layout.pooling == "max":
            return states.masked_fill(~seen, -torch.inf).amax(1)
        return (states * seen).sum(1) / seen.sum(1)


def load(
    folder: Path, *, name: str, device: str = "auto", threads: int | None = None
) -> SentenceEncoder:
    """Load an encoder from its folder, in float32 everywhere; `threads` pins those of this process.

    No code from the folder is run, weights are safetensors only.

    Raises:
        ConfigError: this machine has no such device.
        ModelError: the folder holds no usable encoder, or one that is not understood.
    """
    import transformers

    device_map = checked_device(device)
    if threads:
        torch.set_num_threads(threads)
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    layout = read_layout(folder)
    check_folder(layout.transformer)
    with reading(RULE, folder, NEXT_STEP):
        model, tokenizer = read_parts(
            layout.transformer,
            transformers.AutoModel,
            device_map=device_map,
            dtype=torch.float32,
            unused=POOLER,
        )
        if getattr(model, "pooler", None) is not None:
            model.pooler = None  # it is not asked, and random where its weights are not there
        encoder = SentenceEncoder(model.eval(), tokenizer, layout, name=name)
        encoder.encode(["a", "a b"], kind="query")  # what does not work is the folder's fault
    return encoder


def batches(lengths: Sequence[int], most: int) -> Iterator[list[int]]:
    """Yield the numbers of rows that are read together, of at most so many tokens when padded.

    Rows of like lengths come together, the longest first, and a row that is longer comes alone.
    """
    batch: list[int] = []
    for i in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        if batch and (len(batch) + 1) * lengths[batch[0]] > most:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch


def _max_tokens(model: Any, tokenizer: Any, layout: Layout) -> int:
    """Return the tokens that a text may have: as its folder says, or all that the model has."""
    positions = getattr(model.config.get_text_config(), "max_position_embeddings", None)
    known = [layout.max_tokens or tokenizer.model_max_length, LONGEST]
    return int(min([*known, positions] if positions and positions > 0 else known))
