"""Chains of facts in words: what a question about their end would say, without any name."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from memeval.memories.sgc_rss.relations import Key
from memeval.memories.sgc_rss.words import AUXILIARIES
from memeval.models import Encoder

MAX_CACHED = 100_000
IT = "it"
"""Stands for whatever a question or a fact is about."""


class Told(NamedTuple):
    """A phrasing, told of its head or, back, of its tail."""

    key: Key
    is_back: bool = False


Path = tuple[Told, ...]
"""The phrasings of a chain, in order."""


def restated(path: Path) -> str:
    """Return a chain in words, each step about what the step before leads to."""
    return ", ".join(_back(one.key) if one.is_back else _step(one.key) for one in path)


def _step(key: Key) -> str:
    form, phrase = key
    if form == "noun":
        return f"The {phrase} of {IT} is"
    return f"The {phrase.replace('_', IT)}" if form == "clause" else f"{IT} {phrase}"


def _back(key: Key) -> str:
    """Return what is told of the tail of a fact: "works for it", "it is the capital of"."""
    form, phrase = key
    if form == "verb":
        return f"{phrase} {IT}"
    if form == "noun":
        return f"{IT} is the {phrase} of"
    words = [word for word in phrase.split() if word != "_"]
    if words[-1:] and words[-1] in AUXILIARIES:
        words.pop()
    return f"{IT} is the {' '.join(words)}"


class Meanings:
    """Cosines between questions and chains; a chain's vector is that of its words, worked out once.

    What is compared holds no names, so that a question and its chain agree in what they say, and
    chains of the same relations cost one vector, wherever they lead.
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._vectors: dict[Path, npt.NDArray[np.float32]] = {}

    def read(self, paths: Sequence[Path]) -> None:
        """Encode what was not read before, all at once."""
        missing = [path for path in dict.fromkeys(paths) if path not in self._vectors]
        if len(self._vectors) + len(missing) > MAX_CACHED:
            self._vectors.clear()
            missing = list(dict.fromkeys(paths))
        if missing:
            rows = self._encoder.encode([restated(path) for path in missing], kind="event")
            self._vectors.update(zip(missing, rows, strict=True))

    def questions(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return the vectors of questions, `(texts, width) float32`."""
        return self._encoder.encode(texts, kind="query")

    def alike(self, asked: Key, relations: Sequence[Sequence[Key]]) -> list[float]:
        """Return how alike words are to each relation's phrasings, the best of them."""
        cue, *told = ([(Told(key),) for key in keys] for keys in ([asked], *relations))
        self.read([*cue, *(path for paths in told for path in paths)])
        vector = self._vectors[cue[0]]
        return [max(float(self._vectors[path] @ vector) for path in paths) for paths in told]

    def cosines(
        self, question: npt.NDArray[np.float32], paths: Sequence[Path]
    ) -> npt.NDArray[np.float32]:
        """Return how well each chain, read before, says what is asked, `(paths,) float32`."""
        rows = np.stack([self._vectors[path] for path in paths])
        found: npt.NDArray[np.float32] = rows @ question
        return found
