"""A memory server of the tests' own, over stdio: tools that the presets' defaults call."""

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
    server.run("stdio")
