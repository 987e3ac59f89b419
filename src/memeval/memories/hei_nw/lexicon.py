"""Words in the model's token-embedding space: which mean nearly the same, and how rare each is."""

import math
import re
from collections.abc import Iterable, Sequence
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from memeval.memories.word_model import WordModel

Floats = npt.NDArray[np.float32]

SAMPLED_TOKENS = 16_384  # of a vocabulary, to find the directions that all embeddings share
FREQUENT_RANK = 300  # about where a vocabulary's words begin, behind bytes and letter pairs
IDEOGRAPH = "\u3040-\u30ff\u3400-\u9fff"
WORD = re.compile(rf"[{IDEOGRAPH}]|[^\W{IDEOGRAPH}]+")


def words_of(text: str) -> list[str]:
    """Return the distinct words of a text in order, in lower case.

    Ideographs are written without spaces and count one by one; a text without any word (emoji) is
    its characters.
    """
    found = WORD.findall(text.casefold()) or re.findall(r"\S", text)
    return list(dict.fromkeys(found))


class Lexicon:
    """Vectors and rarity of words, each looked up once.

    A word's vector is the mean of its tokens' embeddings after centring and taking out the leading
    principal components, which all tokens share and which hide what sets them apart ("all but the
    top", Mu and Viswanath 2018, arXiv:1702.01417).
    """

    def __init__(self, model: WordModel, *, components: int) -> None:
        self._model = model
        self._embeddings: Floats = model.token_embeddings()
        self._mean, self._common = _directions(model, components)
        self._tokens: dict[str, tuple[int, ...]] = {}
        self._rarity: dict[str, float] = {}

    @property
    def width(self) -> int:
        """The length of a word's vector."""
        return int(self._embeddings.shape[1])

    def read(self, words: Iterable[str]) -> None:
        """Tokenize words that are new, all at once."""
        new = [word for word in dict.fromkeys(words) if word not in self._tokens]
        for word, ids in zip(new, self._model.tokenize([f" {w}" for w in new]), strict=True):
            self._tokens[word] = tuple(ids)
            self._rarity[word] = math.sqrt(math.log(2 + (ids[0] if ids else 0) / FREQUENT_RANK))

    def tokens(self, word: str) -> tuple[int, ...]:
        """Return the token ids of a word as it stands inside a sentence."""
        if word not in self._tokens:
            self.read([word])
        return self._tokens[word]

    def vectors(self, words: Sequence[str]) -> Floats:
        """Return unit vectors, `(words, width) float32`; zeros for a word without tokens."""
        self.read(words)
        made = np.zeros((len(words), self.width), np.float32)
        for row, word in enumerate(words):
            if ids := self._tokens[word]:
                tokens = self._embeddings[list(ids)] - self._mean
                tokens -= (tokens @ self._common.T) @ self._common
                made[row] = unit_rows(tokens).mean(axis=0)
        return unit_rows(made)

    def rarity(self, word: str) -> float:
        """Return how much a word says for being rare in text at large, at least 0.83.

        A vocabulary made by merging or pruning lists its tokens by frequency, so the first token's
        rank is a guess of the word's (Zipf). It keeps words of questions, which no stream holds
        and so look rare, from outweighing names.
        """
        if word not in self._rarity:
            self.read([word])
        return self._rarity[word]


def unit_rows(rows: Floats) -> Floats:
    """Scale rows to length 1; zeros stay zeros."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True).astype(np.float32)
    scaled: Floats = rows / np.maximum(lengths, np.float32(1e-9))
    return scaled


_KNOWN: WeakKeyDictionary[WordModel, dict[int, tuple[Floats, Floats]]] = WeakKeyDictionary()
"""What was worked out for a model: sessions of a cell make a memory each."""


def _directions(model: WordModel, components: int) -> tuple[Floats, Floats]:
    """Return the mean of a model's embeddings and their leading directions, worked out once."""
    known = _KNOWN.setdefault(model, {})
    if components not in known:
        embeddings = model.token_embeddings()
        mean: Floats = embeddings.mean(axis=0)
        known[components] = (mean, _leading(embeddings, mean, components))
    return known[components]


def _leading(embeddings: Floats, mean: Floats, components: int) -> Floats:
    """Return the leading principal directions of a sample, `(components, width)`."""
    sample = embeddings[:: max(1, len(embeddings) // SAMPLED_TOKENS)] - mean
    directions = np.linalg.eigh(sample.T @ sample)[1].T
    found: Floats = directions[len(directions) - min(components, len(directions) - 1) :]
    return found.astype(np.float32)
