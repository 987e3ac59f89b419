"""Cohen's kappa, by hand."""

import pytest

from memeval.scoring.agreement import cohens_kappa


def test_kappa_is_agreement_beyond_chance() -> None:
    """Of 50 pairs 35 agree (0.7); by chance 0.5 * 0.6 + 0.5 * 0.4 would (0.5): kappa 0.4."""
    pairs = [(True, True)] * 20 + [(True, False)] * 5 + [(False, True)] * 10 + [(False, False)] * 15
    assert cohens_kappa(pairs) == pytest.approx(0.4)


def test_kappa_of_what_cannot_disagree_is_not_known() -> None:
    """No pairs, or two raters who only ever say no, tell nothing."""
    assert cohens_kappa([]) is None
    assert cohens_kappa([(False, False)] * 5) is None
