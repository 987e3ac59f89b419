"""Sparse and dense indices against slow references."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memeval.memories.hei_nw.dense import DenseIndex
from memeval.memories.hei_nw.evidence import Index
from memeval.memories.hei_nw.homeostasis import Homeostasis
from memeval.memories.hei_nw.lexicon import Lexicon
from memeval.memories.hei_nw.sparse import SparseIndex
from memeval.models.scripted import ScriptedModel

LEXICON = Lexicon(ScriptedModel(), components=2)
STORED = [f"word{i}" for i in range(12)]
STRANGE = [f"other{i}" for i in range(4)]
KEYS = st.lists(st.lists(st.sampled_from(STORED), min_size=1, max_size=6, unique=True), max_size=9)
CUES = st.lists(st.sampled_from(STORED + STRANGE), min_size=1, max_size=6, unique=True)


def sparse(
    keys: list[list[str]], *, neighbours: int = 3, floor: float = 0.05
) -> tuple[SparseIndex, Homeostasis]:
    homeostasis = Homeostasis(LEXICON)
    index = SparseIndex(LEXICON, homeostasis, neighbours=neighbours, floor=floor)
    for key in keys:
        index.add(tuple(key))
        homeostasis.learn(key)
    return index, homeostasis


def spread_slowly(word: str, keys: list[list[str]]) -> dict[str, float]:
    """Return the weights of the stored words that a word of a cue activates."""
    stored = list(dict.fromkeys(w for key in keys for w in key))
    if word in stored:
        return {word: 1.0}
    [target] = LEXICON.vectors([word])
    strength = {w: float(LEXICON.vectors([w])[0] @ target) - 0.05 for w in stored}
    nearest = sorted((w for w in stored if strength[w] > 0), key=lambda w: -strength[w])[:3]
    return {w: strength[w] / strength[nearest[0]] for w in nearest}


@settings(deadline=None)
@given(KEYS, CUES)
def test_evidence_is_what_a_slow_sum_gives(keys: list[list[str]], cue: list[str]) -> None:
    """A word adds its best match in a trace, times its gain; all words together are possible."""
    index, homeostasis = sparse(keys)
    evidence = index.compare(cue, np.arange(len(keys)))
    possible, expected = 0.0, np.zeros(len(keys))
    for word in cue:
        weights = spread_slowly(word, keys)
        gain = homeostasis.gain(word, sum(v * homeostasis.fired[w] for w, v in weights.items()))
        possible += gain
        expected += [gain * max((weights.get(w, 0.0) for w in key), default=0.0) for key in keys]
    assert evidence.possible == pytest.approx(max(possible, 1e-9), rel=1e-4)
    assert evidence.share() == pytest.approx(expected / max(possible, 1e-9), abs=1e-4)
    assert evidence.known.tolist() == [any(word in key for key in keys) for word in cue]


@settings(deadline=None)
@given(KEYS, CUES)
def test_candidates_are_all_that_share_something_best_first(
    keys: list[list[str]], cue: list[str]
) -> None:
    """With room for all, the candidates are the slots with any evidence, in its order."""
    index, _ = sparse(keys)
    found = index.candidates(cue, 100)
    share = index.compare(cue, np.arange(len(keys))).share()
    assert set(found.tolist()) == set(np.flatnonzero(share > 0).tolist())
    assert (np.diff(share[found]) <= 1e-6).all()


@settings(deadline=None)
@given(KEYS.filter(bool), st.data())
def test_nearest_is_what_a_slow_cosine_gives(keys: list[list[str]], data: st.DataObject) -> None:
    """The nearest key has the highest gain-weighted cosine, 1 for a key that is held."""
    index, homeostasis = sparse(keys)
    own = data.draw(st.lists(st.sampled_from(STORED), min_size=1, max_size=6, unique=True))

    def mass(words: set[str]) -> float:
        return sum(homeostasis.gain(word) for word in words)

    cosines = [
        mass({*own} & {*key}) / (mass({*own}) * mass({*key})) ** 0.5
        for key in keys
    ]  # fmt: skip
    slot, cosine = index.nearest(tuple(own))
    assert cosine == pytest.approx(max(cosines), abs=1e-5)
    assert slot == -1 or cosines[slot] == pytest.approx(max(cosines), abs=1e-5)
    assert index.nearest(tuple(own), but=slot)[0] != slot or slot == -1


@pytest.mark.parametrize("kind", ["sparse", "dense"])
def test_what_is_removed_is_not_found(kind: str) -> None:
    """A removed key is neither nearest nor a candidate; other slots keep their numbers."""
    keys = [["word1", "word2"], ["word3", "word4"]]
    index: Index = DenseIndex(LEXICON) if kind == "dense" else sparse(keys)[0]
    for key in keys if kind == "dense" else ():
        index.add(tuple(key))
    index.remove(0)
    assert index.nearest(("word1", "word2"))[0] != 0
    assert 0 not in index.candidates(["word1", "word2"], 5).tolist()
    assert index.nearest(("word3", "word4")) == (1, pytest.approx(1.0))


def test_a_new_word_means_its_nearest_stored_one() -> None:
    """However far it is, the nearest stored word fires fully; a known word means only itself."""
    index, _ = sparse([["word1"], ["word2"], ["word3"]], neighbours=1, floor=0.0)
    cosines = LEXICON.vectors(["word1", "word2", "word3"]) @ LEXICON.vectors(["other1"])[0]
    matches = index.compare(["other1", "word2"], np.arange(3)).matches
    assert matches[0].tolist() == [float(i == cosines.argmax()) for i in range(3)]
    assert matches[1].tolist() == [0.0, 1.0, 0.0]


@settings(deadline=None)
@given(KEYS.filter(bool), CUES)
def test_dense_candidates_are_those_of_a_slow_search(keys: list[list[str]], cue: list[str]) -> None:
    """Without sparse codes traces are ranked by the cosine of their mean word vectors."""
    index = DenseIndex(LEXICON)
    for key in keys:
        index.add(tuple(key))

    def pooled(words: list[str]) -> np.ndarray:
        total = LEXICON.vectors(words).sum(axis=0)
        return total / np.linalg.norm(total)

    cosines = np.array([pooled(key) @ pooled(cue) for key in keys])
    found = index.candidates(cue, 3)
    assert cosines[found] == pytest.approx(np.sort(cosines[cosines > 0])[::-1][:3], abs=1e-5)
    assert index.compare(cue, found).share() == pytest.approx(cosines[found], abs=1e-5)


def test_bytes_by_hand() -> None:
    """A unit counts 8 bytes in its key and 8 in its posting; a dense key 4 for each dimension."""
    assert sparse([["word1", "word2"], ["word2"]])[0].nbytes() == 3 * 8 + 3 * 8
    dense = DenseIndex(LEXICON)
    dense.add(("word1",))
    assert dense.nbytes() == 4 * 32  # the scripted model's width
