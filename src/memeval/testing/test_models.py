"""Every registered model keeps its contract: `pytest --pyargs memeval.testing -k NAME`."""

import pytest

from memeval.registry import MODELS
from memeval.testing.model import ModelContract


class TestRegistered(ModelContract):
    """The contract, for one name after another."""

    @pytest.fixture(params=MODELS.names())
    def model_name(self, request: pytest.FixtureRequest) -> str:
        """Return each registered name in turn."""
        name: str = request.param
        return name
