"""Adapters to packages: the contract against the real ones, and nothing but this machine reached.

Each needs its extra: `nox -s peers`.
"""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from peers import chat, serving

from memeval.encoders.scripted import ScriptedEncoder
from memeval.errors import ConfigError, PluginError
from memeval.memories.contract import Memory
from memeval.memories.installed import is_installed
from memeval.memories.kinds import memory_class
from memeval.memories.loading import load_memory
from memeval.testing import MemoryContract
from memeval.types import Event, Query, Recall, Usage

EVENTS = [
    Event("e0", "Vera keeps the cello in the attic.", 0),
    Event("e1", "Otto sold the boat to a dentist.", 1, speaker="Ben", at="2024-03-01"),
]
NAMES = ("chroma", "mem0", "langmem")
pytestmark = pytest.mark.filterwarnings("ignore")  # packages of other people warn as they like


@pytest.fixture(autouse=True)
def reached(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """Refuse and note every connection that is not to this machine; there must be none."""
    tried: list[object] = []
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1", "localhost"):
            tried.append(address)
            raise OSError("nothing but this machine may be reached")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
    monkeypatch.setattr(socket, "getaddrinfo", _resolve(tried))
    yield tried
    assert not tried


def _resolve(tried: list[object]) -> Any:
    real = socket.getaddrinfo

    def resolve(host: Any, *args: Any, **options: Any) -> Any:
        if host not in ("127.0.0.1", "::1", "localhost", None):
            tried.append(host)
            raise socket.gaierror("nothing but this machine may be looked for")
        return real(host, *args, **options)

    return resolve


@pytest.fixture(scope="module")
def model() -> Iterator[dict[str, str]]:
    """Return the address of a scripted chat model."""
    with serving(chat) as server:
        yield {"base_url": f"{server.url}/v1", "model": "scripted"}


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    """Return the name of each adapter whose package is there."""
    if not is_installed(memory_class(request.param)):
        pytest.skip("what it rests on is not installed: nox -s peers")
    return str(request.param)


def made(name: str, model: dict[str, str], **params: Any) -> Memory:
    chats = {"chat": model} if "chat" in memory_class(name).Params.model_fields else {}
    return load_memory(name, encoder=ScriptedEncoder(), **chats, **params)


def asked(memory: Memory, text: str = "Where does Vera keep the cello?") -> Recall:
    [recall] = memory.recall([Query("q", text, 2)])
    assert recall.error is None
    return recall


class TestStores(MemoryContract):
    """The contract, for those that keep what they are told."""

    @pytest.fixture(params=["chroma", "mem0"])
    def memory_name(self, request: pytest.FixtureRequest) -> str:
        if not is_installed(memory_class(request.param)):
            pytest.skip("what it rests on is not installed: nox -s peers")
        return str(request.param)

    def empty(self, name: str) -> Memory:
        return load_memory(name, encoder=ScriptedEncoder())

    def test_any_text_is_taken(self, memory_name: str) -> None:  # type: ignore[override]
        """As the contract has it, once: to begin a store takes such systems seconds."""
        memory = self.empty(memory_name)
        memory.observe([Event("e0", "", 0), Event("e1", "שלום 🙂 \x00", 1)])
        assert set(asked(memory, "🙂").events) <= {"e0", "e1"}


def test_what_comes_back_names_its_events(name: str, model: dict[str, str]) -> None:
    """A system that makes something of what it is told keeps the events with it as well."""
    memory = made(name, model)
    memory.observe(EVENTS)
    memory.replay()
    assert set(asked(memory).events) == {"e0", "e1"}
    assert memory.stored_events() == {"e0", "e1"}  # type: ignore[attr-defined]
    memory.close()  # type: ignore[attr-defined]


def test_two_stores_at_once_do_not_leak(name: str, model: dict[str, str]) -> None:
    """Each recalls what it was told itself."""
    first, second = made(name, model), made(name, model)
    first.observe(EVENTS[:1])
    second.observe(EVENTS[1:])
    assert asked(first).events == ("e0",)
    assert asked(second).events == ("e1",)


def test_facts_are_found_by_what_they_were_made_of(model: dict[str, str]) -> None:
    """mem0 that infers asks its model once an event, and counts what that costs."""
    if not is_installed(memory_class("mem0")):
        pytest.skip("what it rests on is not installed: nox -s peers")
    memory = made("mem0", model, infer=True)
    memory.observe(EVENTS)
    assert asked(memory).traces[0].text.startswith("Vera keeps the cello")
    used: Usage = memory.usage()  # type: ignore[attr-defined]
    assert (used.calls, used.prompt_tokens, used.completion_tokens) == (2, 14, 6)


def test_a_model_that_is_down_is_an_error_of_each_add() -> None:
    """What cannot be written is counted, with the failures of the calls."""
    if not is_installed(memory_class("mem0")):
        pytest.skip("what it rests on is not installed: nox -s peers")
    gone = {"base_url": "http://127.0.0.1:9/v1", "model": "gone"}
    memory = made("mem0", gone, infer=True)
    memory.observe(EVENTS[:1])
    assert memory.stats()["add_failures"] == 1
    used: Usage = memory.usage()  # type: ignore[attr-defined]
    assert used.failures == used.calls > 0


def test_graphiti_without_its_database_is_one_sentence(model: dict[str, str]) -> None:
    """Where no Neo4j answers, that is said when the store is opened."""
    if not is_installed(memory_class("graphiti")):
        pytest.skip("what it rests on is not installed: nox -s peers")
    with pytest.raises(PluginError, match="a call to open of graphiti must not fail, got "):
        made("graphiti", model, uri="bolt://127.0.0.1:9")
    with pytest.raises(ConfigError, match="a system that asks a chat model must be given one"):
        load_memory("graphiti", encoder=ScriptedEncoder(), uri="bolt://127.0.0.1:9")
