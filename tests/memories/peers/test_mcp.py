"""A memory behind the Model Context Protocol; needs its extra: `nox -s peers`."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from memeval.errors import ConfigError, PluginError
from memeval.evaluating import evaluate
from memeval.memories.contract import Memory
from memeval.memories.installed import is_installed
from memeval.memories.kinds import memory_class
from memeval.memories.loading import load_memory
from memeval.models.scripted import ScriptedModel
from memeval.testing import stream
from memeval.types import Event, Query, Recall

HERE = Path(__file__).parent
COMMAND = [sys.executable, str(HERE / "mcp_store.py")]
EVENTS = [Event("e0", "Vera keeps the cello.", 0), Event("e1", "Otto sold the boat.", 1)]
STATS = {"tool": "count", "arguments": {"user": "{user}"}, "items": "items", "bytes": "bytes"}
pytestmark = pytest.mark.skipif(
    not is_installed(memory_class("mcp")), reason="mcp is not installed: nox -s peers"
)


ENV = {"PYTHONPATH": os.pathsep.join([str(HERE.parents[1]), *sys.path])}


def started(*arguments: str, **params: Any) -> Memory:
    command = [*COMMAND, *arguments]
    return load_memory("mcp", command=command, env=ENV, stats=STATS, **params)


@pytest.fixture
def url() -> Iterator[str]:
    """Return the address of a server that runs on this machine."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with subprocess.Popen([*COMMAND, str(port)], env={**os.environ, **ENV}) as server:
        try:
            wait_for(port, server)
            yield f"http://127.0.0.1:{port}/mcp"
        finally:
            server.terminate()


def wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    """Return once it answers."""
    for _ in range(600):
        with socket.socket() as tried:
            if not tried.connect_ex(("127.0.0.1", port)):
                return
        assert server.poll() is None
        time.sleep(0.1)
    raise AssertionError("the server did not begin")


def asked(memory: Memory, text: str = "Who keeps the cello?") -> Recall:
    [recall] = memory.recall([Query("q", text, 2)])
    return recall


def test_a_server_that_is_started_is_measured() -> None:
    """It is told events, found in, counted and ended."""
    memory = started(server_version="1.2.3")
    memory.observe(EVENTS)
    memory.replay()
    assert [trace.events for trace in asked(memory).traces] == [("e0",), ("e1",)]
    assert memory.stats()["store_items"] == 2
    memory.close()  # type: ignore[attr-defined]


def test_a_server_that_runs_is_reached_by_its_address(url: str) -> None:
    """Two stores on it are told, found in and counted apart."""
    first, second = (load_memory("mcp", url=url, stats=STATS) for _ in range(2))
    first.observe(EVENTS)
    second.observe(EVENTS[1:])
    assert [trace.events for trace in asked(first).traces] == [("e0",), ("e1",)]
    assert [trace.events for trace in asked(second).traces] == [("e1",)]
    assert (first.stats()["store_items"], second.stats()["store_items"]) == (2, 1)
    for memory in (first, second):
        memory.close()  # type: ignore[attr-defined]


def test_an_address_where_nothing_answers_is_one_sentence() -> None:
    """It is told when the store is opened."""
    with pytest.raises(PluginError, match="a call to open of mcp must"):
        load_memory("mcp", url="http://127.0.0.1:9/mcp", timeout_s=10)


def test_a_whole_cell_runs() -> None:
    """The runner finds the store as it was after the questions."""
    result = evaluate(stream.session(), started, ScriptedModel(), reader="text")
    assert result.metrics["errors"] == 0


def test_a_tool_that_fails_is_an_error_of_its_item() -> None:
    """What the server says is told."""
    memory = started()
    memory.observe(EVENTS)
    assert "a tool must not fail, got 'Error executing tool search" in (
        asked(memory, "fail").error or ""
    )
    assert asked(memory).events == ("e0", "e1")


def test_another_version_than_the_preset_pins_is_refused() -> None:
    """Figures of a preset are of one version."""
    with pytest.raises(PluginError, match=r"pins, 9\.9, got 1\.2\.3"):
        started(server_version="9.9")


def test_a_server_that_does_not_start_is_one_sentence() -> None:
    """A command that is not there is told when the store is opened."""
    with pytest.raises(PluginError, match="a call to open of mcp must"):
        load_memory("mcp", command=["no-such-server"], timeout_s=10)


def test_a_server_is_either_started_or_reached() -> None:
    """Neither, or both, is no preset."""
    with pytest.raises(ConfigError, match="either a command that starts it, or a url"):
        load_memory("mcp")
