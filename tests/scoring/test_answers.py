"""Scores of one answer: tables of hand-worked cases, and bounds that hold for any text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memeval.scoring.answers import (
    abstains,
    contains,
    exact_match,
    raw_exact_match,
    token_f1,
)

ARTICLE_LIKE = st.text("athenAT .,'-\n")  # makes articles, and words that become one
TEXTS = st.text() | ARTICLE_LIKE


@pytest.mark.parametrize(
    ("prediction", "answers", "expected"),
    [
        ("a brass lute.", ["brass lute"], True),
        ("Heron wharf", ["Alder Mill", "Heron Wharf"], True),
        ("brass", ["brass lute"], False),
        ("brass lute now", ["brass lute"], False),
        ("lute brass", ["brass lute"], False),
        ("", ["brass lute"], False),
        ("brass lute", [], False),
        ("A.", ["A"], True),  # the option A of a choice
        ("", ["A"], False),
        ("the", ["A"], False),
        ("-5 degrees", ["5 degrees"], False),
        ("C++", ["C#"], False),
        ("?", ["."], False),
        ("Noe\u0308", ["No\u00eb"], True),
        ("1000", ["1,000"], True),
        ("Not mentioned.", ["unknown"], True),
    ],
)
def test_exact_match(prediction: str, answers: list[str], expected: bool) -> None:
    """Only the whole answer counts, up to case, punctuation and articles."""
    assert exact_match(prediction, answers) is expected


@pytest.mark.parametrize(
    ("prediction", "expected"),
    [
        ("Heron Wharf", True),
        ("heron wharf", False),
        ("Heron Wharf.", False),
        (" Heron Wharf", False),
    ],
)
def test_raw_exact_match(prediction: str, expected: bool) -> None:
    """Every letter counts before normalisation."""
    assert raw_exact_match(prediction, ["Heron Wharf"]) is expected


@pytest.mark.parametrize(
    ("prediction", "answers", "expected"),
    [
        ("the brass lute", ["brass lute"], 1.0),
        # 2 shared words; precision 2/4, recall 2/2; 2 * 2 / (4 + 2)
        ("brass lute at Heron", ["brass lute"], 2 / 3),
        # 1 shared word; precision 1/2, recall 1/2; 2 * 1 / (2 + 2)
        ("red lute", ["brass lute"], 1 / 2),
        # a word counts as often as both have it: 1 shared; 2 * 1 / (2 + 1)
        ("lute lute", ["lute"], 2 / 3),
        # against the first 0, against the second 1/2
        ("red lute", ["harp", "brass lute"], 1 / 2),
        ("harp", ["brass lute"], 0.0),
        ("", ["brass lute"], 0.0),
        ("the", ["a"], 0.0),
        ("-5 degrees", ["5 degrees"], 1 / 2),
        # 2 shared characters, each a word; 2 * 2 / (3 + 2)
        ("\u4e0a\u6d77\u5e02", ["\u4e0a\u6d77"], 4 / 5),
        ("harp", [], 0.0),
    ],
)
def test_token_f1(prediction: str, answers: list[str], expected: float) -> None:
    """The score is twice the shared words over the words of both, best of all answers."""
    assert token_f1(prediction, answers) == pytest.approx(expected)


@given(TEXTS, st.lists(TEXTS, max_size=3))
def test_token_f1_is_a_share(prediction: str, answers: list[str]) -> None:
    """No text scores below 0 or above 1."""
    assert 0 <= token_f1(prediction, answers) <= 1


@given(st.lists(ARTICLE_LIKE.map("{} lute".format), min_size=1, max_size=3), st.integers(0, 2))
def test_exact_match_is_the_top_of_token_f1(answers: list[str], pick: int) -> None:
    """What matches an answer exactly has a token F1 of 1."""
    prediction = f"The {answers[pick % len(answers)].swapcase()}!"
    assert exact_match(prediction, answers)
    assert token_f1(prediction, answers) == 1


@pytest.mark.parametrize(
    ("prediction", "expected"),
    [
        ("brass lute", True),
        ("It was a Brass Lute, I think.", True),
        ("brass lutes", False),
        ("lute of brass", False),
        ("+brass lute", True),
        ("-brass lute-", False),
        ("", False),
    ],
)
def test_contains(prediction: str, expected: bool) -> None:
    """An answer inside a sentence counts if it stands there as whole words, in order."""
    assert contains(prediction, ["harp", "brass lute"]) is expected


@given(TEXTS, st.text("brstlue.,' \n").filter(lambda answer: any(map(str.isalpha, answer))))
def test_exact_match_contains(prediction: str, answer: str) -> None:
    """An answer without articles is found, whatever it is wrapped in."""
    assert contains(f"{prediction} {answer} {prediction}", [answer])


def test_an_article_is_found_at_the_end() -> None:
    """Before another word it is dropped as any article is, so an option A must be said last."""
    assert contains("A.", ["A"])
    assert contains("It is A.", ["A"])
    assert not contains("A lute", ["A"])
    assert not contains("", ["A"])


@pytest.mark.parametrize(
    ("prediction", "expected"),
    [
        ("unknown", True),
        ("Unknown.", True),
        ("The unknown", True),
        ("", True),
        (" \n", True),
        (".", True),
        ("Not mentioned.", True),
        ("\u221e", False),
        ("unknown place", False),
        ("Heron Wharf", False),
    ],
)
def test_abstains(prediction: str, expected: bool) -> None:
    """Only what says by itself that nobody knows, or says nothing, is an abstention."""
    assert abstains(prediction) is expected
