"""Every registered scorer keeps its contract: `pytest --pyargs memeval.testing -k NAME`."""

import pytest

from memeval.registry import SCORERS
from memeval.testing.scorer import ScorerContract


class TestRegistered(ScorerContract):
    """The contract, for one name after another."""

    @pytest.fixture(params=SCORERS.names())
    def scorer_name(self, request: pytest.FixtureRequest) -> str:
        """Return each registered name in turn."""
        name: str = request.param
        return name
