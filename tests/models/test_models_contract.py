"""The contract of models, kept by tiny models of four architectures and by the scripted fake."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tiny_models import ARCHITECTURES

from memeval.models import CAPABILITIES, Message, TextModel, missing
from memeval.testing import ModelContract


class TestModels(ModelContract):
    """Each of them in turn."""

    @pytest.fixture(params=["scripted", *ARCHITECTURES])
    def model_name(self, request: pytest.FixtureRequest, tiny_folder: Callable[[str], Path]) -> str:
        """Return each of them in turn, tiny ones by their folder."""
        return "scripted" if request.param == "scripted" else str(tiny_folder(request.param))

    def test_can_do_the_rest_too(self, model: TextModel) -> None:
        """A model has all capabilities but perhaps stitching."""
        assert set(missing(model, CAPABILITIES)) <= {"stitch"}

    def test_a_turn_begins_behind_a_conversation(self, model: TextModel) -> None:
        """What is rendered ends where the assistant speaks."""
        told = model.render_chat([Message("user", "Where?")])  # type: ignore[attr-defined]
        assert "assistant" in told[told.index("Where?") :]
