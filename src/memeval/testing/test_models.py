"""Every registered model keeps its contract: `pytest --pyargs memeval.testing -k NAME`."""

import pytest

from memeval.models import TextModel
from memeval.registry import MODELS
from memeval.testing.model import ModelContract


class TestRegistered(ModelContract):
    """The contract, for one name after another."""

    @pytest.fixture(params=MODELS.names(), scope="class")
    def model(self, request: pytest.FixtureRequest) -> TextModel:
        """Return each registered model in turn."""
        return self.loaded(request.param)
