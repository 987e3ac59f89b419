"""Every registered encoder keeps its contract: `pytest --pyargs memeval.testing -k NAME`."""

import pytest

from memeval.registry import ENCODERS
from memeval.testing.encoder import EncoderContract


class TestRegistered(EncoderContract):
    """The contract, for one name after another."""

    @pytest.fixture(params=ENCODERS.names())
    def encoder_name(self, request: pytest.FixtureRequest) -> str:
        """Return each registered name in turn."""
        name: str = request.param
        return name
