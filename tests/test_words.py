"""The words that answers are compared by: what is one answer, what are two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memeval.words import NOT_KNOWN, is_unknown, normalize, words

ARTICLE_LIKE = st.text("athenAT .,'-\n")  # makes articles, and words that become one
NUMBER_LIKE = st.text("0159.,-+$%eE /:'*^<")
TEXTS = st.text() | ARTICLE_LIKE | NUMBER_LIKE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Heron Wharf", "heron wharf"),
        ("Heron Wharf.", "heron wharf"),
        ("  a  brass \n lute ", "brass lute"),
        ("An Otter of the Moor", "otter of moor"),
        ("The theatre", "theatre"),
        ("O'Neil", "oneil"),
        ("U.S.", "us"),
        ("The", "the"),
        ("the the", "the"),
        ("?", "?"),
        ("... !", "... !"),
        ("", ""),
        (" \n", ""),
    ],
)
def test_normalize(text: str, expected: str) -> None:
    """Case, punctuation, articles and extra white space go, but never all that there is."""
    assert normalize(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("O+", "O-"),
        ("A+", "A"),
        ("A*", "A"),
        ("5", "-5"),
        ("-5", "5-"),
        ("+5", "-5"),
        ("3.14", "314"),
        ("1.5%", "15%"),
        ("50%", "50"),
        ("$5", "\u20ac5"),
        ("-$5", "$5"),
        (">5", "<5"),
        (".5", "5"),
        ("1,5", "15"),
        ("1/2", "12"),
        ("\u00bd", "12"),
        ("10\u00b2", "102"),
        ("10:30", "1030"),
        ("1e-5", "1e5"),
        ("2^-3", "2^3"),
        ("6'2", "62"),
        ("2020-21", "202021"),
        ("> 5", "< 5"),
        ("= 5", "5"),
        ("x < y", "x > y"),
        ("2*3*4", "234"),
        ("A*, B*", "A, B"),
        ("3...5", "35"),
        ("3\u20265", "35"),
        ("Na", "N/A"),
        ("C++", "C#"),
        ("C#", "C"),
        ("R&D", "rd"),
        ("Vitamin A", "Vitamin"),
        ("A, C", "C"),
        ("?", ""),
    ],
)
def test_different_answers_have_different_words(one: str, other: str) -> None:
    """Signs, points and symbols that belong to a token tell answers apart."""
    assert words(one) != words(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("No\u00eb", "Noe\u0308"),
        ("Tom\u2019s Pride", "Tom's Pride"),
        ("\u201cLima\u201d", '"Lima"'),
        ("\uff2c\uff49\uff4d\uff41", "Lima"),
        ("\uff11\uff12", "12"),
        ("\u0663", "3"),
        ("\u22125", "-5"),
        ("2020\u201321", "2020-21"),
        ("co\u2011op", "co-op"),
        ("\ufb01ne", "fine"),
        ("Stra\u00dfe", "STRASSE"),
        ("Li\u200bma\u00ad", "Lima"),
        ("Lima\u3002", "Lima"),
        ("**Lima**", "Lima"),
        ("*Lima*, **Oslo**", "Lima, Oslo"),
        ("red\u2026blue", "red blue"),
        ("\uff0b", "+"),
        ("`Lima`", "Lima"),
        ("C++.", "C++"),
        ("(C#)", "C#"),
        ("1,000", "1000"),
        ("1,234,567.80", "1234567.8"),
        ("3.50", "3.5"),
        ("5.0", "5"),
        ("-.5", "-0.5"),
        ("5 %", "5%"),
        ("$ 5", "$5"),
        ("5 \u00b0C", "5\u00b0C"),
        ("5 \u2103", "5\u00b0C"),
    ],
)
def test_one_answer_has_one_set_of_words(one: str, other: str) -> None:
    """Unicode's forms, quotes, white space and numbers of equal value make no difference."""
    assert words(one) == words(other)


@given(TEXTS)
def test_normalize_twice_is_normalize_once(text: str) -> None:
    """A normalised text is its own normal form."""
    assert normalize(normalize(text)) == normalize(text)


@pytest.mark.parametrize(
    "text", ["-" * 10**5, "0." + "0" * 10**5 + "1", "*a" * 10**5, "a+" * 10**5]
)
def test_a_long_text_is_read_in_one_pass(text: str) -> None:
    """Signs, zeros and stars without end take no longer than words do: a slow rule would hang."""
    assert words(text)


@given(TEXTS.filter(lambda text: bool(text.split())))
def test_no_answer_becomes_nothing(text: str) -> None:
    """What is not white space alone has a word."""
    assert words(text)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3), st.integers(-9999, 9999))
def test_numbers_are_equal_by_value_alone(number: object, other: int) -> None:
    """Two numbers have the same words only if they have the same value."""
    value = float(str(number))
    assert (words(f"{value:,.3f}") == words(str(other))) == (value == other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\u4e0a\u6d77\u5e02", ["\u4e0a", "\u6d77", "\u5e02"]),
        ("5\u6708 Lima", ["5", "\u6708", "lima"]),
        ("\u6c17\u6e29-5\u5ea6", ["\u6c17", "\u6e29", "-5", "\u5ea6"]),
        ("\u0e17\u0e35\u0e48", ["\u0e17\u0e35\u0e48"]),  # a Thai consonant with its marks
        (
            "\u0627\u0644\u0642\u0627\u0647\u0631\u0629",
            ["\u0627\u0644\u0642\u0627\u0647\u0631\u0629"],
        ),
    ],
)
def test_a_character_is_a_word_where_no_spaces_part_them(text: str, expected: list[str]) -> None:
    """Han, kana and Thai are read by the character, with its marks; other scripts by spaces."""
    assert words(text) == expected


@pytest.mark.parametrize(
    "text", ["unknown", "Unknown.", "The unknown", "Not mentioned", "I don\u2019t know.", "N/A"]
)
def test_unknown_is_recognised_however_it_is_written(text: str) -> None:
    """One rule for golds and predictions: these say by themselves that nobody knows."""
    assert is_unknown(text)
    assert words(text) == ["unknown"]


@pytest.mark.parametrize("text", ["", "none", "nothing", "no", "Na", "NA", "unknown place", "Lima"])
def test_an_answer_is_not_unknown(text: str) -> None:
    """What may be an answer is none of the spellings, nor is silence."""
    assert not is_unknown(text)


def test_every_spelling_is_as_words_leaves_it() -> None:
    """A spelling that normalisation changes would never be found."""
    assert all(words(spelling) == ["unknown"] for spelling in NOT_KNOWN)
