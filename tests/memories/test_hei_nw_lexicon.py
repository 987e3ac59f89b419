"""Words, their vectors and their gain."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from memeval.memories.hei_nw.homeostasis import Homeostasis
from memeval.memories.hei_nw.lexicon import Lexicon, words_of
from memeval.models.scripted import ScriptedModel


class ThreeWords(ScriptedModel):
    """Tokens 0 to 3 stand for a, b, c and ab's second half; all lean one way."""

    table = np.array([[9, 1, 0], [9, -1, 0], [9, 0, 1], [9, 0, -1]], np.float32)

    def tokenize(self, texts: list[str]) -> list[list[int]]:  # type: ignore[override]
        return [["abcd".index(letter) for letter in text.strip()] for text in texts]

    def token_embeddings(self) -> np.ndarray:
        return self.table


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Nora bought a lute, a brass lute.", ["nora", "bought", "a", "lute", "brass"]),
        ("Größe GRÖSSE", ["grösse"]),  # case folding, by which ß is ss
        ("東京 tower", ["東", "京", "tower"]),
        ("שלום עולם", ["שלום", "עולם"]),
        ("🎉🎉 !", ["🎉", "!"]),
        ("  ", []),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    """Words are distinct, in order and in lower case, in any script."""
    assert words_of(text) == words


def test_a_vector_is_the_mean_of_its_tokens() -> None:
    """A word of two tokens lies between them, and has length 1."""
    vector = Lexicon(ThreeWords(), components=0).vectors(["ac"])[0]
    # centred tokens (0, 1, 0) and (0, 0, 1): their mean, scaled to length 1
    assert vector == pytest.approx([0, 0.5**0.5, 0.5**0.5], abs=1e-6)


def test_common_directions_are_taken_out() -> None:
    """What all tokens vary in most no longer counts."""

    class Leaning(ThreeWords):
        table = np.array([[5, 1, 0], [-5, 1, 0], [5, -1, 0], [-5, -1, 0]], np.float32)

    first, second = Lexicon(Leaning(), components=1).vectors(["a", "b"])
    assert first @ second == pytest.approx(1.0, abs=1e-5)  # they differ in the first axis alone
    first, second = Lexicon(Leaning(), components=0).vectors(["a", "b"])
    assert first @ second < 0


def test_a_word_without_tokens_has_no_direction() -> None:
    """Nothing is zeros, not NaN."""
    assert not Lexicon(ThreeWords(), components=1).vectors([""]).any()


def test_rarity_rises_with_the_rank_of_the_first_token() -> None:
    """Late entries of a vocabulary are rare words."""

    class Ranked(ScriptedModel):
        def tokenize(self, texts: list[str]) -> list[list[int]]:  # type: ignore[override]
            return [[int(text)] for text in texts]

    lexicon = Lexicon(Ranked(), components=0)
    assert lexicon.rarity("0") < lexicon.rarity("600") < lexicon.rarity("40000")
    assert lexicon.rarity("600") == pytest.approx(math.log(4) ** 0.5)  # 2 + 600 / 300


def test_gain_by_hand() -> None:
    """The gain is rarity times the squared log of 1 + N / (mass + 1/2)."""
    lexicon = Lexicon(ScriptedModel(), components=0)
    homeostasis = Homeostasis(lexicon)
    for words in (["a", "lute"], ["a", "drum"], ["a"]):
        homeostasis.learn(words)
    # N = 3; "lute" came once: log(1 + 3 / 1.5) = log 3
    assert homeostasis.gain("lute") == pytest.approx(lexicon.rarity("lute") * math.log(3) ** 2)
    assert homeostasis.gain("a", mass=1) == pytest.approx(lexicon.rarity("a") * math.log(3) ** 2)


@given(st.integers(1, 50), st.floats(0, 1000), st.floats(0.01, 1000))
def test_gain_falls_with_mass(events: int, mass: float, more: float) -> None:
    """A word that comes more often is turned down, but never off."""
    homeostasis = Homeostasis(Lexicon(ScriptedModel(), components=0))
    homeostasis.observed = events
    assert homeostasis.gain("lute", mass) > homeostasis.gain("lute", mass + more) > 0


def test_what_a_word_tells_does_not_rise_with_the_stream() -> None:
    """A word that no event had yet tells all it can, at the start as later; a common one less."""
    lexicon = Lexicon(ScriptedModel(), components=1)
    homeostasis = Homeostasis(lexicon)
    told = [homeostasis.telling("lute")]
    for _ in range(9):
        homeostasis.learn(["a"])
        told.append(homeostasis.telling("lute"))
    assert told == pytest.approx([lexicon.rarity("lute")] * 10)
    assert homeostasis.telling("a") < lexicon.rarity("a") / 2
