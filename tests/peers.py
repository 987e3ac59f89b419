"""Servers of the tests' own: a store behind HTTP that may misbehave, and a scripted chat model."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Body = dict[str, Any]


class Answering(ThreadingHTTPServer):
    """Answers posted JSON by what `reply` makes of its path and content; keeps what was sent."""

    daemon_threads = True

    def __init__(self, reply: Callable[[str, Body], Any]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.reply = reply
        self.asked: list[tuple[str, Body, str | None]] = []
        self.url = f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    """A reply is data, or a status alone."""

    server: Answering

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, body, self.headers["Authorization"]))
        told = self.server.reply(self.path, body)
        content = told if isinstance(told, bytes) else json.dumps(told).encode()
        self.send_response(told if isinstance(told, int) else 200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(reply: Callable[[str, Body], Any]) -> Iterator[Answering]:
    """Serve until the block ends."""
    with Answering(reply) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


class WordStore:
    """Finds the texts that share most words with a query; one store a user, unless it `leaks`."""

    def __init__(self, *, leaks: bool = False) -> None:
        self.leaks = leaks
        self.rows: dict[str, list[Body]] = {}

    def __call__(self, path: str, body: Body) -> Any:
        user = "" if self.leaks else body["user"]
        rows = self.rows.setdefault(user, [])
        if path == "/reset" and not self.leaks:
            rows.clear()
        if path == "/add":
            rows.append(body)
        if path == "/search":
            asked = words(body["query"])
            scored = [(len(asked & words(row["text"])), row) for row in rows]
            return {"results": [{**row, "score": s} for s, row in reversed(scored) if s]}
        if path == "/stats":
            texts = [row["text"] for row in rows]
            return {"items": len(rows), "bytes": sum(map(len, texts)), "texts": texts}
        return {}


def words(text: str) -> set[str]:
    return set(text.lower().strip(".?!").split())


def chat(path: str, body: Body) -> Any:
    """Answer as a chat model that repeats what it was told: as a tool's argument, or as facts."""
    told = body["messages"][-1]["content"]
    message: Body = {"role": "assistant", "content": json.dumps({"memory": facts(told)})}
    if body.get("tools"):
        arguments = json.dumps({"content": told.split("<session_")[-1]})
        call = {"name": "Memory", "arguments": arguments}
        message = {"role": "assistant", "content": "", "tool_calls": [
            {"id": "call", "type": "function", "function": call}]}  # fmt: skip
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    usage = {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}
    return {"id": "1", "object": "chat.completion", "created": 0, "model": body["model"],
            "choices": [choice], "usage": usage}  # fmt: skip


def facts(told: str) -> list[Body]:
    """Return what stands under the heading of the new messages, a fact a line."""
    _, _, new = told.partition("## New Messages")
    lines = [line.removeprefix("user: ") for line in new.split("##")[0].strip().splitlines()]
    return [{"id": str(i), "text": line} for i, line in enumerate(lines) if line.strip()]
