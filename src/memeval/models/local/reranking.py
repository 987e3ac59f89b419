"""Cross-encoders in a local folder: they read a query and a text together, and say how they fit."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from memeval.models.local.boundary import reading
from memeval.models.local.loading import read_parts
from memeval.models.local.reranker_folder import folder_of
from memeval.models.local.sentences import BATCH_TOKENS, batches

RULE = "a cross-encoder must be a folder of a sequence classifier that transformers loads"
NEXT_STEP = "name another folder"
LONGEST = 512
"""Tokens of query and text together, where neither model nor tokenizer says fewer."""


class CrossEncoder:
    """Scores texts against a query by a classifier's last label, which is that they fit."""

    def __init__(self, model: Any, tokenizer: Any) -> None:
        self._model = model
        self._tokenizer = tokenizer
        positions = getattr(model.config.get_text_config(), "max_position_embeddings", LONGEST)
        self._max_tokens = min(positions, tokenizer.model_max_length, LONGEST)

    @torch.inference_mode()
    def scores(self, query: str, texts: Sequence[str]) -> npt.NDArray[np.float64]:
        """Return `(texts,) float64`, the higher the better; what is too long is read in part."""
        limits = {"truncation": True, "max_length": self._max_tokens}
        rows = [self._tokenizer(query, text, **limits) for text in texts]
        found = np.empty(len(rows), np.float64)
        for batch in batches([len(row["input_ids"]) for row in rows], BATCH_TOKENS):
            read = self._tokenizer.pad([rows[i] for i in batch], return_tensors="pt")
            found[batch] = self._model(**read.to(self._model.device)).logits[:, -1].double().cpu()
        return found


def load(folder: str) -> CrossEncoder:
    """Load a cross-encoder from its folder, in float32.

    No code from the folder is run, weights are safetensors only.

    Raises:
        ModelError: there is no such folder, or it holds no usable cross-encoder.
    """
    import transformers

    place = folder_of(folder)
    with reading(RULE, place, NEXT_STEP):
        kind = transformers.AutoModelForSequenceClassification
        model, tokenizer = read_parts(place, kind, device_map="cpu", dtype=torch.float32)
        encoder = CrossEncoder(model.eval(), tokenizer)
        encoder.scores("a", ["a", "a b"])  # what does not work is the folder's fault
    return encoder
