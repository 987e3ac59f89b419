"""Every registered memory keeps its contract: `pytest --pyargs memeval.testing -k NAME`."""

import pytest

from memeval.registry import MEMORIES
from memeval.testing.memory import MemoryContract


class TestRegistered(MemoryContract):
    """The contract, for one name after another."""

    @pytest.fixture(params=MEMORIES.names())
    def memory_name(self, request: pytest.FixtureRequest) -> str:
        """Return each registered name in turn."""
        name: str = request.param
        return name
