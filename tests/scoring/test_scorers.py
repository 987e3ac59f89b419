"""Scorers: the four that every answer gets, and what a scorer may return."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from memeval.errors import ConfigError, PluginError
from memeval.registry import Plugin
from memeval.scoring.scorer import STANDARD, Scorer, load_scorers, score_all
from memeval.types import Item, Navigation, Query

ASKED = Item(Query("q7", "Where?", 1), ("Heron Wharf",), ("e",), ("e",), "all")
WAY = Navigation(
    "a", "c", "", {"a": {"east": "b"}, "b": {"east": "c", "west": "a"}, "c": {"west": "b"}}, {}
)
WALKED = Item(Query("q8", "Which way?", 1), (), ("e",), ("e",), "walk", WAY)


def scorer(function: Callable[..., Any], name: str = "own") -> Scorer:
    """Return a scorer that no package has registered."""
    return Scorer(Plugin("scorer", name, f"pack.mod:{name}", "memeval.scorers", "pack"), function)


def test_an_answer_gets_the_four_standard_scores() -> None:
    """Right but for the case, with a word too many: found within, half of the words right."""
    scores = score_all(load_scorers(), ASKED, "the heron quay")
    assert scores == {"exact_match": 0, "raw_exact_match": 0, "f1": 0.5, "contains": 0}
    assert tuple(scores) == STANDARD


@pytest.mark.parametrize(
    ("moves", "arrives"),
    [
        ("east, east", 1.0),
        ("east, east, west", 1.0),  # a walk ends at the goal
        ("east", 0.0),
        ("north, east, east", 0.0),  # nothing goes north, so the walk ends there
        ("", 0.0),
    ],
)
def test_a_walk_is_scored_by_where_it_ends(moves: str, arrives: float) -> None:
    """Its moves are made again, whatever they are called."""
    assert set(score_all(load_scorers(), WALKED, moves).values()) == {arrives}


def test_a_scorer_of_ones_own_stands_beside_the_standard_ones() -> None:
    """It may give several scores, of numpy too, and none where it cannot tell."""
    own = scorer(lambda _item, _answer: {"own a": np.float32(0.5), "own b": None})
    scores = score_all([*load_scorers(), own], ASKED, "Heron Wharf")
    assert scores == {**dict.fromkeys(STANDARD, 1.0), "own a": 0.5, "own b": None}
    assert type(scores["own a"]) is float


@pytest.mark.parametrize(
    ("returned", "rule"),
    [
        (0.5, "must return a mapping of scores by name, got 0.5"),
        ("good", "must return a mapping of scores by name, got 'good'"),
        (None, "must return a mapping of scores by name, got None"),
        ({3: 0.5}, "must return scores by name, got 3"),
        ({"own": "good"}, "must return a finite number or None for 'own', got 'good'"),
        ({"own": math.nan}, "must return a finite number or None for 'own', got nan"),
        ({"own": math.inf}, "must return a finite number or None for 'own', got inf"),
    ],
)
def test_what_is_no_score_is_refused_by_name(returned: object, rule: str) -> None:
    """One sentence: the rule, what was got, which scorer, where it is registered, which item."""
    with pytest.raises(PluginError) as refused:
        scorer(lambda _item, _answer: returned)(ASKED, "x")
    assert str(refused.value) == (
        f"a scorer {rule} from scorer 'own' (entry point memeval.scorers: pack.mod:own of pack) "
        "on item 'q7'; mend the scorer"
    )


def test_what_a_scorer_raises_is_kept_as_the_cause() -> None:
    """Its author needs the traceback, its user the sentence."""

    def broken(item: Item, answer: str) -> dict[str, float]:
        raise KeyError("gold")

    with pytest.raises(PluginError, match="must not raise, got KeyError: 'gold' from") as refused:
        scorer(broken)(ASKED, "x")
    assert isinstance(refused.value.__cause__, KeyError)


def test_a_score_has_one_source() -> None:
    """A second exact match would silently take the place of the first."""
    twice = scorer(lambda _item, _answer: {"exact_match": 1.0})
    with pytest.raises(PluginError, match="one scorer alone, got 'exact_match' again from"):
        score_all([*load_scorers(), twice], ASKED, "x")


def test_an_unknown_scorer_is_refused_with_the_near_names() -> None:
    """As every other name is."""
    with pytest.raises(ConfigError, match="got 'exactmatch'; did you mean exact_match"):
        load_scorers(["exactmatch"])


def test_standard_scorers_run_once_even_if_they_are_named() -> None:
    """A dataset may say that its primary score is F1."""
    assert [one.name for one in load_scorers(["f1"])] == list(STANDARD)
