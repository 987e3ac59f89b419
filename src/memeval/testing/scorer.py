"""What every scorer must do."""

import pytest

from memeval.scoring.scorer import Scorer, load_scorers
from memeval.testing import stream

ANSWERS = ("", "unknown", "a man from Porto", "Porto 🙂", "雨", "yes\nno", "x" * 5000)


class ScorerContract:
    """Subclass it, name it `Test...`, and set `name` to a scorer's registered name."""

    name: str

    @pytest.fixture
    def scorer_name(self) -> str:
        """Return the name of the scorer under test."""
        return self.name

    def scorer(self, name: str) -> Scorer:
        """Return the scorer under test; what it returns is checked."""
        return next(one for one in load_scorers([name]) if one.name == name)

    def test_gives_numbers_by_name_for_any_answer(self, scorer_name: str) -> None:
        """Whatever was answered, scores are finite numbers or None, under the same names."""
        scorer = self.scorer(scorer_name)
        items = stream.session().items
        names = {frozenset(scorer(item, answer)) for item in items for answer in ANSWERS}
        assert len(names) == 1
        assert names != {frozenset()}

    def test_is_repeatable(self, scorer_name: str) -> None:
        """The same answer gets the same score."""
        scorer = self.scorer(scorer_name)
        [item, *_] = stream.session().items
        assert scorer(item, "Porto") == scorer(item, "Porto")
