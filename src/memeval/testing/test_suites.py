"""Every registered suite keeps its contract: `pytest --pyargs memeval.testing -k NAME`."""

import pytest

from memeval.registry import SUITES
from memeval.testing.suite import SuiteContract


class TestRegistered(SuiteContract):
    """The contract, for one name after another."""

    @pytest.fixture(params=SUITES.names())
    def suite_name(self, request: pytest.FixtureRequest) -> str:
        """Return each registered name in turn."""
        name: str = request.param
        return name
