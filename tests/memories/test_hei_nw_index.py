"""The indexes of words and of vectors against slow references."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memeval.memories.hei_nw.homeostasis import Homeostasis
from memeval.memories.hei_nw.lexicon import Lexicon
from memeval.memories.hei_nw.sparse import SparseIndex
from memeval.memories.hei_nw.vectors import EXACT, VectorKeys, single
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
    possible, expected = 0.0, np.zeros(len(keys))
    for word in cue:
        weights = spread_slowly(word, keys)
        gain = homeostasis.gain(word, sum(v * homeostasis.fired[w] for w, v in weights.items()))
        possible += gain
        expected += [gain * max((weights.get(w, 0.0) for w in key), default=0.0) for key in keys]
    assert index.scores(cue) == pytest.approx(expected / max(possible, 1e-9), abs=1e-4)


@settings(deadline=None)
@given(KEYS.filter(bool), CUES)
def test_what_is_missing_is_known_and_not_held(keys: list[list[str]], cue: list[str]) -> None:
    """Of a cue whose words are all known, a trace holds what it does not miss."""
    index, _ = sparse(keys)
    known = [word for word in cue if any(word in key for key in keys)]
    for slot in range(len(keys)):
        held = float(index.scores(known)[slot]) if known else 1.0
        assert index.missing(known, [slot]) == pytest.approx(1 - held if known else 0.0, abs=1e-4)
    assert index.missing([word for word in cue if word not in known], [0]) == 0.0


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


def test_what_is_removed_is_not_found() -> None:
    """A removed key is not nearest and scores nothing; other slots keep their numbers."""
    index, _ = sparse([["word1", "word2"], ["word3", "word4"]])
    index.remove(0)
    assert index.nearest(("word1", "word2"))[0] != 0
    assert index.scores(["word1", "word2"])[0] == 0
    assert index.nearest(("word3", "word4")) == (1, pytest.approx(1.0))


def test_a_new_word_means_its_nearest_stored_one() -> None:
    """However far it is, the nearest stored word fires fully; a known word means only itself."""
    index, _ = sparse([["word1"], ["word2"], ["word3"]], neighbours=1, floor=0.0)
    cosines = LEXICON.vectors(["word1", "word2", "word3"]) @ LEXICON.vectors(["other1"])[0]
    assert index.scores(["other1"]).tolist() == [float(i == cosines.argmax()) for i in range(3)]
    assert index.scores(["word2"]).tolist() == [0.0, 1.0, 0.0]


def unit(count: int, width: int, seed: int = 0) -> np.ndarray:
    rows = np.random.default_rng(seed).standard_normal((count, width)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_few_vectors_are_compared_exactly() -> None:
    """In a small store every cosine is right, but for the rounding to half precision."""
    rows, keys = unit(100, 32), VectorKeys(32)
    keys.add(rows[:40])
    keys.add(rows[40:])
    assert len(keys) == 100
    assert keys.scores(rows[:3]) == pytest.approx(rows[:3] @ rows.T, abs=1e-3)


def test_of_many_vectors_the_nearest_are_compared_exactly() -> None:
    """In a large store the best ten are those of a slow search, with their cosines."""
    rows, cue = unit(2 * EXACT, 384), unit(1, 384, seed=1)[0]
    near = unit(20, 384, seed=2) * 0.6 + cue  # twenty that resemble the cue
    rows[100:120] = near / np.linalg.norm(near, axis=1, keepdims=True)
    keys = VectorKeys(384)
    keys.add(rows)
    found, slow = keys.scores(cue[None])[0], rows @ cue
    best = np.argsort(-slow)[:10]
    assert set(np.argsort(-found)[:10]) == set(best)
    assert found[best] == pytest.approx(slow[best], abs=1e-3)
    assert np.corrcoef(found, slow)[0, 1] > 0.8


def test_bytes_by_hand() -> None:
    """A unit counts 8 bytes in its key and 8 in its posting; a component 2 and an eighth."""
    assert sparse([["word1", "word2"], ["word2"]])[0].nbytes() == 3 * 8 + 3 * 8
    keys = VectorKeys(384)
    keys.add(unit(1, 384))
    assert keys.nbytes() == 2 * 384 + 384 // 8


@pytest.mark.parametrize("count", [3, EXACT + 1])
def test_no_cue_has_no_scores(count: int) -> None:
    """In a small store and in a large one."""
    keys = VectorKeys(8)
    keys.add(unit(count, 8))
    assert keys.scores(np.zeros((0, 8), np.float32)).shape == (0, count)


def test_half_precision_is_read_to_the_last_digit() -> None:
    """Every finite number of it, zeros of both signs and the smallest ones included."""
    halves = np.arange(2**16, dtype=np.uint16).view(np.float16)
    halves = halves[np.isfinite(halves)]

    np.testing.assert_array_equal(
        single(halves).view(np.uint32), halves.astype(np.float32).view(np.uint32)
    )
