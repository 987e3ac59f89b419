"""A memory server of the tests' own: tools that the presets' defaults call.

Over stdio, or over HTTP at the port that is given.
"""

import sys
from typing import Any

from mcp.server.mcpserver import MCPServer
from peers import WordStore

store = WordStore(leaks="--leaks" in sys.argv)
server = MCPServer("word store", version="1.2.3")


@server.tool()
def add(user: str, id: str, text: str) -> str:
    store("/add", {"user": user, "id": id, "text": text})
    return "stored"


@server.tool()
def search(user: str, query: str, k: int) -> dict[str, Any]:
    if query == "fail":
        raise ValueError("the index is gone")
    return dict(store("/search", {"user": user, "query": query, "k": k}))


@server.tool()
def count(user: str) -> dict[str, Any]:
    return dict(store("/stats", {"user": user}))


if __name__ == "__main__":
    if ports := [one for one in sys.argv[1:] if one.isdecimal()]:
        server.run("streamable-http", host="127.0.0.1", port=int(ports[0]))
    else:
        server.run("stdio")
