"""Texts found by their words, with Okapi BM25 as bm25s computes it (Lù 2024, arXiv:2407.03618)."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from pydantic import Field

from memeval.memories.baselines.language import Language, language_of
from memeval.memories.baselines.ranking import RankingParams, Scores
from memeval.memories.baselines.terms import terms


class WordParams(RankingParams):
    """`k1` saturates repeats, `b` corrects for length.

    `stems` counts the forms of a word as one, `stop_words` asks for none of the words that tell
    nothing, both in the stream's language and where it is told.
    """

    k1: float = Field(default=1.5, ge=0, description="how soon repeats of a word count no more")
    b: float = Field(default=0.75, ge=0, le=1, description="correction for a text's length")
    stems: bool = Field(default=True, description="whether the forms of a word are one")
    stop_words: bool = Field(default=True, description="whether words that tell nothing are left")


class WordIndex:
    """Scores texts by the words they share with a query.

    Stop words stay in the index and are left out of queries, so that a query of nothing else can
    be asked with them.
    """

    def __init__(self, params: WordParams) -> None:
        self.params = params
        self.clear()

    def clear(self) -> None:
        """Forget all texts."""
        self._told: list[list[str]] = []
        self._indexed = 0
        self._language: Language | None = None
        self._index: Any = None

    def add(self, texts: Sequence[str]) -> None:
        """Take in texts; they are indexed when they are asked for."""
        self._told += map(terms, texts)

    def scores(self, texts: Sequence[str]) -> Scores:
        """Return `(texts, added texts) float64`, 0 where no word is shared."""
        index = self._fresh_index()
        if index is None:
            return np.zeros((len(texts), len(self._told)))
        asked = [index.get_tokens_ids(self._asked(text)) for text in texts]
        return np.array([index.get_scores_from_ids(ids) for ids in asked], np.float64)

    def _fresh_index(self) -> Any:
        """Return the index of all texts, None if none has a word in it."""
        if self._indexed != len(self._told):
            self._build()
        return self._index

    def _build(self) -> None:
        """Index all texts, or nothing if none has a word in it."""
        import bm25s

        self._indexed = len(self._told)
        if not any(self._told):
            return
        self._language = language_of(self._told)
        self._index = bm25s.BM25(k1=self.params.k1, b=self.params.b)
        self._index.index([self._stemmed(words) for words in self._told], show_progress=False)

    def _asked(self, text: str) -> list[str]:
        """Return the words that a text is looked for by: those that tell, or all where none does.

        Where none that tells is in the index its letters are looked for, which may be names. The
        other words must not be: their vote would be chance, and fusion weighs every vote alike.
        """
        words = terms(text)
        if self.params.stop_words and self._language:
            telling = [word for word in words if word not in self._language.stop_words]
            words = telling or words
            if not self._index.get_tokens_ids(self._stemmed(words)):
                words = [word for word in terms(text) if len(word) == 1] or words
        return self._stemmed(words)

    def _stemmed(self, words: list[str]) -> list[str]:
        return self._language.stem(words) if self.params.stems and self._language else words
