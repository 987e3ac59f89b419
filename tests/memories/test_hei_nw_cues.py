"""What a trace scores for a cue: by itself, by what is bound to it, and by who said it."""

import numpy as np
import pytest

from memeval.memories.hei_nw.cues import Context, context_of, fit, standardised
from memeval.memories.hei_nw.params import CueParams
from memeval.memories.hei_nw.store import StoredTrace

PARAMS = CueParams(forward=0.3, answer=0.4, backward=0.2, speaker=2.0)
SCORES = np.array([0, 0, 1, 0, 0], np.float32)


def spoken(position: int, *, asks: bool = False, follows: int = -1) -> StoredTrace:
    return StoredTrace(
        text="words", speaker="Bo Lind" if position % 2 else "Ann", date="", events=["e"],
        time=position, salience=1.0, pinned=False, key=("words",), position=position,
        seen=position, asks=asks, follows=follows,
    )  # fmt: skip


def context(*, asking: int = -1) -> Context:
    """Return five traces, each bound to the one before."""
    told = [spoken(i, asks=i == asking, follows=i - 1) for i in range(5)]
    return context_of(list(enumerate(told)), PARAMS)


@pytest.mark.parametrize(("asking", "handed_on"), [(-1, 0.3), (2, 0.7)])
def test_a_trace_hands_a_part_of_its_score_to_its_neighbours(asking: int, handed_on: float) -> None:
    """To the one behind it more, and more yet where it asks; to the one before it less."""
    alone = standardised(SCORES)
    expected = alone.copy()
    for i in range(5):
        expected[i] += (handed_on if i - 1 == asking else 0.3) * alone[i - 1] if i else 0
        expected[i] += 0.2 * alone[i + 1] if i < 4 else 0
    assert fit([SCORES], [], context(asking=asking), PARAMS) == pytest.approx(
        standardised(expected), abs=1e-5
    )


def test_what_is_not_bound_gets_nothing() -> None:
    """Traces that no replay has bound score by themselves."""
    alone = context_of([(i, spoken(i)) for i in range(5)], PARAMS)
    assert fit([SCORES], [], alone, PARAMS) == pytest.approx(standardised(SCORES), abs=1e-5)


@pytest.mark.parametrize(
    ("cue", "said"), [(["lind"], {1, 3}), (["ann"], {0, 2, 4}), (["words"], set())]
)
def test_a_speaker_whom_the_cue_names_counts(cue: list[str], said: set[int]) -> None:
    """All that somebody of that name has said gains as much; a word of the text is no name."""
    gained = fit([SCORES], cue, context(), PARAMS) - fit([SCORES], [], context(), PARAMS)
    assert gained == pytest.approx([2.0 if i in said else 0.0 for i in range(5)])


def test_every_ranker_has_the_same_say() -> None:
    """Whatever the scale of its scores; one that finds all alike has none."""
    small, silent = SCORES[::-1] / 1000, np.ones(5, np.float32)
    both = fit([SCORES, small, silent], [], context(), PARAMS)
    assert both == pytest.approx(
        fit([SCORES], [], context(), PARAMS) + fit([small], [], context(), PARAMS), abs=1e-4
    )


@pytest.mark.parametrize("value", [0.0, 0.1, 3.3, -1e6])
def test_equal_scores_speak_for_none(value: float) -> None:
    """Also where their mean is not quite what each of them is."""
    assert not standardised(np.full(1001, value, np.float32)).any()
