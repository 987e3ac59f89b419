"""The meter before a system's own chat model."""

import json
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest
from peers import chat, serving

from memeval.memories.peers.chat import ChatParams, Meter


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
