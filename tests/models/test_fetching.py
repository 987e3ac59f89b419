"""The Hub, asked once for a model that is not here."""

import time

import pytest
from huggingface_hub import constants

from memeval.errors import ModelError
from memeval.models.local.loading import load


@pytest.fixture(autouse=True)
def nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Hub at a port where nothing listens."""
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr(
        constants, "HUGGINGFACE_CO_URL_TEMPLATE", "http://127.0.0.1:9/{repo_id}/{filename}"
    )


def test_a_hub_out_of_reach_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """First that no folder is here, as a name is mistyped more often than a network is down."""
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    began = time.monotonic()
    with pytest.raises(ModelError) as raised:
        load("hub/none", name="hub/none", device="cpu")
    assert str(raised.value) == (
        "a model must be a hub id or folder that transformers loads, got 'hub/none': no folder of "
        "that name is here, and the Hub could not be reached; check the name, or the network"
    )
    assert time.monotonic() - began < 20  # of which most is the import of transformers


def test_offline_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the cache counts."""
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(ModelError, match="not in the Hub's cache, where HF_HUB_OFFLINE keeps to"):
        load("hub/none", name="hub/none", device="cpu")
