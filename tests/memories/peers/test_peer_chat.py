"""The meter before a system's own chat model."""

import json
from argparse import Namespace
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest
from peers import chat, serving

from memeval.errors import ConfigError
from memeval.matrix.cells import check_required
from memeval.memories.peers.chat import ChatParams, Meter, chat_of
from memeval.models.scripted import ScriptedModel
from memeval.models.served.address import Address
from memeval.models.served.model import ServedModel
from memeval.preset import load_preset

SERVED = "openai:small@http://127.0.0.1:8000/v1"


def writer() -> ServedModel:
    """Return a served model that nothing is asked of."""
    place: Any = Namespace(address=Address("small", "http://127.0.0.1:8000/v1"))
    return ServedModel(place, {}, name=SERVED, concurrency=1, window=64)


def asked(meter: Meter, body: Any) -> tuple[int, Any]:
    connection = HTTPConnection(urlsplit(meter.url).netloc)
    connection.request("POST", "/v1/chat/completions", json.dumps(body))
    response = connection.getresponse()
    told = response.status, json.loads(response.read())
    connection.close()
    return told


def test_what_passes_is_counted_and_gets_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replies come back as they are; the key is put in here, and a client needs none."""
    monkeypatch.setenv("CHAT_KEY", "secret")
    body = {"model": "m", "messages": [{"role": "user", "content": "hello"}]}
    with serving(chat) as server:
        meter = Meter(ChatParams(base_url=f"{server.url}/v1", model="m", key_env="CHAT_KEY"))
        assert asked(meter, body) == (200, chat("", body))
        used = meter.usage()
        meter.close()
        assert server.asked == [("/v1/chat/completions", body, "Bearer secret")]
    assert (used.calls, used.prompt_tokens, used.completion_tokens, used.failures) == (1, 7, 3, 0)


@pytest.mark.parametrize("reply", [500, b"no JSON", None])
def test_a_reply_that_tells_no_tokens_is_counted_all_the_same(reply: Any) -> None:
    """A call is a call; one that failed is a failure."""
    with serving(lambda *_: reply) as server:
        meter = Meter(ChatParams(base_url=server.url, model="m"))
        meter.passed_on("/v1/chat/completions", b"{}")
        used = meter.usage()
        meter.close()
    assert (used.calls, used.prompt_tokens, used.failures) == (1, 0, int(reply == 500))


def test_a_server_that_is_down_is_a_failure() -> None:
    """The client is told so, as a gateway tells it."""
    with serving(chat) as server:
        url = server.url
    meter = Meter(ChatParams(base_url=url, model="m"))
    status, told = asked(meter, {})
    assert (status, meter.usage().failures) == (502, 1)
    assert "refused" in told["error"]["message"]
    meter.close()


def test_a_served_writer_is_the_chat_model() -> None:
    """Its name and address are taken, and the rest stays as it is set."""
    assert chat_of(ChatParams(timeout_s=9.0), writer()) == ChatParams(
        base_url="http://127.0.0.1:8000/v1", model="small", timeout_s=9.0
    )


def test_a_chat_model_that_is_set_goes_before_the_writer() -> None:
    """What is said of a preset is more than what is said of all."""
    told = ChatParams(base_url="http://127.0.0.1:1/v1", model="other")
    assert chat_of(told, writer()) == told


def test_a_writer_in_this_process_is_no_chat_model() -> None:
    """A client needs an address."""
    with pytest.raises(ConfigError, match="got scripted; give --writer openai:NAME@BASE_URL, or"):
        chat_of(ChatParams(), ScriptedModel())
    with pytest.raises(ConfigError, match="must be given one that is served, got none"):
        chat_of(ChatParams(), None)


@pytest.mark.parametrize("name", ["memory/mem0_infer", "memory/langmem"])
def test_a_preset_that_asks_a_chat_model_is_refused_without_one(name: str) -> None:
    """Before anything runs; a served model will do."""
    check_required(load_preset(name), SERVED)
    with pytest.raises(ConfigError, match=r"given chat\.base_url, got none; .*, or --writer"):
        check_required(load_preset(name), "smollm2")


def test_a_writer_is_no_database() -> None:
    """Graphiti needs the address of its own besides."""
    with pytest.raises(ConfigError, match=r"given uri, got none; give it by --set uri=VALUE$"):
        check_required(load_preset("memory/graphiti"), SERVED)
