"""The chat model that a system calls of its own accord: an address, and a meter in front of it."""

import json
import os
import threading
import time
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from pydantic import Field

from memeval.errors import ConfigError
from memeval.memories.params import MemoryParams
from memeval.models import TextModel
from memeval.models.served.model import ServedModel
from memeval.types import Usage

Writer = TextModel | None
JSON = "application/json"
NO_KEY = "none"
"""What clients are given, who insist on a key; the real one is put in here."""


class ChatParams(MemoryParams):
    """A chat model behind an address as OpenAI's, that of a served writer unless it is set.

    The key is read from the environment.
    """

    base_url: str = Field(default="", description="the address, up to /v1")
    model: str = Field(default="", description="its name there")
    key_env: str = Field(default="OPENAI_API_KEY", description="environment variable with the key")
    timeout_s: float = Field(default=120.0, gt=0, description="seconds that a reply may take")


def chat_of(chat: ChatParams, writer: Writer) -> ChatParams:
    """Return the chat model that is set, or the writer that is served.

    Raises:
        ConfigError: there is neither.
    """
    if chat.base_url and chat.model:
        return chat
    if not isinstance(writer, ServedModel):
        raise ConfigError(
            "a system that asks a chat model must be given one that is served, got "
            f"{writer.name if writer else 'none'}; give --writer openai:NAME@BASE_URL, or set "
            "chat.base_url and chat.model"
        )
    place = writer.endpoint.address
    return chat.model_copy(update={"base_url": place.base_url, "model": place.model})


class Meter:
    """An address on this machine that passes requests on, and counts what they cost.

    Whatever client a system brings, and however often it asks again: all calls go through here.
    """

    def __init__(self, chat: ChatParams) -> None:
        self._chat = chat
        self.model = chat.model
        self._lock = threading.Lock()
        self._usage = Usage()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def usage(self) -> Usage:
        """Return what was used so far."""
        with self._lock:
            return self._usage

    def close(self) -> None:
        """Take no more requests."""
        self._server.shutdown()
        self._server.server_close()

    def passed_on(self, path: str, body: bytes) -> tuple[int, bytes]:
        """Return status and content of the reply to a request."""
        start = time.perf_counter()
        try:
            status, content = self._sent(path.removeprefix("/v1"), body)
        except (OSError, HTTPException) as error:
            status, content = 502, json.dumps({"error": {"message": str(error)}}).encode()
        used = _used(status, content, time.perf_counter() - start)
        with self._lock:
            self._usage += used
        return status, content

    def _sent(self, path: str, body: bytes) -> tuple[int, bytes]:
        place = urlsplit(self._chat.base_url)
        kind = HTTPSConnection if place.scheme == "https" else HTTPConnection
        connection = kind(place.hostname or "", place.port, timeout=self._chat.timeout_s)
        key = os.environ.get(self._chat.key_env) or NO_KEY
        headers = {"Content-Type": JSON, "Authorization": f"Bearer {key}"}
        try:
            connection.request("POST", place.path.rstrip("/") + path, body, headers)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()


def _used(status: int, content: bytes, seconds: float) -> Usage:
    """Return what one call took; tokens where the server tells them."""
    parts = ("prompt", "completion")
    try:
        told = json.loads(content).get("usage") or {}
        asked, answered = (int(told.get(f"{part}_tokens") or 0) for part in parts)
    except (ValueError, AttributeError, TypeError):
        asked = answered = 0
    return Usage(1, asked, answered, seconds, int(not 200 <= status < 300))


def _handler(meter: Meter) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, content = meter.passed_on(self.path, body)
            self.send_response(status)
            self.send_header("Content-Type", JSON)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            """Say nothing of requests."""

    return Handler
