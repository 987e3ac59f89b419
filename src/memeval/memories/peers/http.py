"""Any memory behind HTTP: what is sent and where answers stand is said by the preset."""

import json
import os
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Literal
from urllib.parse import quote, urlsplit

from pydantic import Field, model_validator

from memeval.memories.params import MemoryParams
from memeval.memories.peers.calls import CallError
from memeval.memories.peers.mapping import ADD, SEARCH, USER, Counted, Results, filled
from memeval.memories.peers.peer import PeerParams
from memeval.memories.peers.served import Served, longest
from memeval.outside import UnreadableError, read_json, shown


class Request(MemoryParams):
    """One call: places such as {user}, {id}, {text}, {at}, {query} and {k} are filled in."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "POST"
    path: str
    body: dict[str, Any] | None = None


class Search(Request, Results):
    """A search, and where its results stand."""


class Stats(Request, Counted):
    """What tells the size of the store."""


class HttpParams(PeerParams):
    """The server's address and its calls; the defaults are those of one that is made for this."""

    url: str = Field(default="", description="the server's address")
    key_env: str = Field(default="", description="environment variable with the key")
    reset: Request | None = Request(path="/reset", body=USER)
    add: Request = Request(path="/add", body=ADD)
    search: Search = Search(path="/search", body=SEARCH, results="results", id="id", score="score")
    stats: Stats | None = Stats(path="/stats", body=USER, items="items", bytes="bytes")
    settle: Request | None = None

    @model_validator(mode="after")
    def _has_an_address(self) -> "HttpParams":
        if urlsplit(self.url).scheme not in ("http", "https") or not urlsplit(self.url).hostname:
            raise ValueError("a server has a url that begins with http:// or https://")
        return self


class Http(Served):
    """Calls of a server: to begin anew, to add, to search, to tell what is stored."""

    class Params(HttpParams):
        """The server's address and its calls."""

    def _reply(self, call: Request, values: dict[str, object]) -> Any:
        path = filled(call.path, {name: quote(str(value)) for name, value in values.items()})
        body = None if call.body is None else json.dumps(filled(call.body, values)).encode()
        place = urlsplit(self.params.url)
        kind = HTTPSConnection if place.scheme == "https" else HTTPConnection
        connection = kind(place.hostname or "", place.port, timeout=self.params.timeout_s)
        try:
            connection.request(call.method, place.path.rstrip("/") + path, body, self._headers())
            response = connection.getresponse()
            return _data(response.status, response.read(longest(call) + 1), path, longest(call))
        except (HTTPException, UnreadableError) as error:
            raise CallError(f"a server must answer in JSON, got {error!r} from {path}") from error
        finally:
            connection.close()

    def _headers(self) -> dict[str, str]:
        key = os.environ.get(self.params.key_env, "") if self.params.key_env else ""
        known = {"Authorization": f"Bearer {key}"} if key else {}
        return {"Content-Type": "application/json", **known}


def _data(status: int, content: bytes, path: str, most: int) -> Any:
    if len(content) > most:
        raise CallError(f"a reply must have at most {most:,} bytes, got more from {path}")
    if not 200 <= status < 300:
        raise CallError(f"a server must answer with 2xx, got {status} {shown(content)} from {path}")
    return read_json(content) if content.strip() else None
