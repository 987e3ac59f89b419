"""Every registered memory keeps its contract: `pytest --pyargs memeval.testing -k NAME`."""

import pytest

from memeval.errors import ConfigError
from memeval.memories.installed import is_installed
from memeval.memories.kinds import memory_class
from memeval.memories.params import check_params
from memeval.registry import MEMORIES
from memeval.testing.memory import MemoryContract


class TestRegistered(MemoryContract):
    """The contract, for one name after another."""

    @pytest.fixture(params=MEMORIES.names())
    def memory_name(self, request: pytest.FixtureRequest) -> str:
        """Return each registered name in turn, of those that can be made as they stand."""
        name: str = request.param
        kind = memory_class(name)
        if not is_installed(kind):
            pytest.skip("what it rests on is not installed")
        try:
            check_params(name, kind, {})
        except ConfigError as error:
            pytest.skip(f"it has no defaults that would do: {error}")
        return name
