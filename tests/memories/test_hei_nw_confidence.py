"""HEI-NW's confidence: what speaks for a recall, and that it is a probability."""

import math

from hypothesis import given
from hypothesis import strategies as st

from memeval.memories.hei_nw.confidence import WORDS, Fit, confidence, fit_of
from memeval.memories.hei_nw.params import ConfidenceParams

PARAMS = ConfidenceParams()


@given(st.floats(0, 1), st.floats(-1, 1), st.floats(0, 4))
def test_a_confidence_is_a_probability(missing: float, cosine: float, notes: float) -> None:
    """Whatever speaks for a recall."""
    assert 0 <= confidence(Fit(missing, cosine, notes), PARAMS) <= 1


@given(st.floats(0, 0.9), st.floats(-1, 0.9), st.floats(0, 4))
def test_what_speaks_for_a_recall_makes_it_surer(
    missing: float, cosine: float, notes: float
) -> None:
    """Less missing, a closer vector, room for more notes."""
    base = confidence(Fit(missing, cosine, notes), PARAMS)
    assert confidence(Fit(missing + 0.1, cosine, notes), PARAMS) < base
    assert confidence(Fit(missing, cosine + 0.1, notes), PARAMS) > base
    assert confidence(Fit(missing, cosine, notes + 0.1), PARAMS) > base


def test_notes_count_as_far_as_a_reader_has_room() -> None:
    """Of ten notes of 50 words three fit; one that is longer than all the room is one note."""
    assert fit_of(["word " * 50] * 10, missing=0.5, cosine=0.2) == Fit(
        0.5 * math.log(WORDS // 50), 0.2, math.log(WORDS // 50)
    )
    assert fit_of(["word " * 500], missing=0.5, cosine=0.2).notes == 0
