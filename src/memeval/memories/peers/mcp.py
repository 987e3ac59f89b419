"""Any memory behind the Model Context Protocol: its tools are named by the preset."""

import json
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any, ClassVar

from pydantic import Field, model_validator

from memeval.memories.params import MemoryParams
from memeval.memories.peers.calls import CallError
from memeval.memories.peers.mapping import ADD, SEARCH, Counted, Results, filled
from memeval.memories.peers.peer import PeerParams
from memeval.memories.peers.served import Served, longest
from memeval.outside import shown


class Tool(MemoryParams):
    """One call: places such as {user}, {id}, {text}, {at}, {query} and {k} are filled in."""

    tool: str
    arguments: dict[str, Any] = {}


class Search(Tool, Results):
    """A search, and where its results stand."""


class Stats(Tool, Counted):
    """What tells the size of the store."""


class McpParams(PeerParams):
    """How the server is reached, and its tools."""

    command: list[str] = Field(default=[], description="what starts a server, with arguments")
    env: dict[str, str] = Field(default={}, description="its environment, besides the usual")
    url: str = Field(default="", description="the address of one that runs")
    server_version: str = Field(default="", description="the version that it must be of")
    reset: Tool | None = None
    add: Tool = Tool(tool="add", arguments=ADD)
    search: Search = Search(
        tool="search", arguments=SEARCH, results="results", id="id", score="score"
    )
    stats: Stats | None = None
    settle: Tool | None = None

    @model_validator(mode="after")
    def _has_a_server(self) -> "McpParams":
        if bool(self.url) == bool(self.command):
            raise ValueError("a server has either a command that starts it, or a url")
        return self


class Mcp(Served):
    """Tools of a server that runs at an address, or that is started, a folder to each store."""

    packages: ClassVar[dict[str, str]] = {"mcp": ">=2,<3"}

    class Params(McpParams):
        """How the server is reached, and its tools."""

    def _open(self) -> None:
        from anyio.from_thread import start_blocking_portal
        from mcp import Client

        self._held = ExitStack()
        with ExitStack() as begun:
            place = self._place(begun)
            self._portal = begun.enter_context(start_blocking_portal())
            client = Client(place, read_timeout_seconds=self.params.timeout_s)
            self._client = begun.enter_context(self._portal.wrap_async_context_manager(client))
            self._check_version()
            self._held = begun.pop_all()
        super()._open()

    def _place(self, begun: ExitStack) -> Any:
        """Return the server as the client takes it: its address, or how it is started."""
        if self.params.url:
            return self.params.url
        from mcp.client.stdio import StdioServerParameters, stdio_client

        folder = begun.enter_context(tempfile.TemporaryDirectory(prefix="memeval-mcp-"))
        values = {"user": self.user, "folder": folder}
        program, *arguments = filled(self.params.command, values)
        env = filled(self.params.env, values)
        server = StdioServerParameters(command=program, args=arguments, env=env, cwd=folder)
        log = begun.enter_context((Path(folder) / "server.log").open("w", encoding="utf-8"))
        return stdio_client(server, errlog=log)

    def _check_version(self) -> None:
        info, wanted = self._client.server_info, self.params.server_version
        if wanted and (info is None or info.version != wanted):
            raise CallError(
                f"a server must be of the version that its preset pins, {wanted}, got "
                f"{info.version if info else 'none'}; install that, or pin the other"
            )

    def _close(self) -> None:
        self._held.close()

    def _reply(self, call: Tool, values: dict[str, object]) -> Any:
        reply = self._portal.call(self._client.call_tool, call.tool, filled(call.arguments, values))
        texts = [block.text for block in reply.content if hasattr(block, "text")]
        if reply.is_error:
            raise CallError(f"a tool must not fail, got {shown(' '.join(texts))} from {call.tool}")
        if sum(map(len, texts)) > (most := longest(call)):
            raise CallError(f"a reply must have at most {most:,} characters, got more")
        return reply.structured_content or _data(texts)


def _data(texts: list[str]) -> Any:
    """Return a text that is JSON as what it holds, and others as results with a text each."""
    try:
        return json.loads(texts[0]) if len(texts) == 1 else [json.loads(text) for text in texts]
    except ValueError:
        return [{"text": text} for text in texts]
