"""A server of the tests that speaks OpenAI's HTTP interface, and misbehaves as it is told."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SECRET = "sk-test-0123456789"  # noqa: S105 - of no server but this
MODEL = "tiny"
Reply = Callable[[dict[str, Any]], str]


def last_word_of_notes(body: dict[str, Any]) -> str:
    """Answer with the last word of the last note, as a model that reads would."""
    text = body.get("prompt") or body["messages"][-1]["content"]
    notes = [line for line in text.split("Notes:")[-1].splitlines() if line.startswith("- ")]
    return notes[-1].strip(" .").rpartition(" ")[2] if notes else "unknown"


@dataclass
class Served:
    """What a server was asked, and the faults that it still has to show, first come first."""

    url: str = ""
    reply: Reply = last_word_of_notes
    faults: list[str] = field(default_factory=list)
    always: str = ""
    key: str = ""
    usage: bool = True
    scores: bool = False
    scoring: str = ""
    """`unlimited`: 0 tokens are no limit; `silent`: a text is read for ever; `shifted`: a token has
    the score of itself behind itself; `ended`: nothing is generated; `bare`: tokens do not spell
    the text, and begin with one of their own; `unechoed`: only what was generated is told."""
    about: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    answered: int = 0
    delay_s: float = 0.0
    most_at_once: int = 0
    lock: Any = field(default_factory=threading.Lock)
    held: threading.Event = field(default_factory=threading.Event)
    freed: threading.Event = field(default_factory=threading.Event)
    at_once: int = 0

    @property
    def name(self) -> str:
        """What `--model` takes."""
        return f"openai:{MODEL}@{self.url}"

    def bodies(self, path: str = "/completions") -> list[dict[str, Any]]:
        """Return what was asked of a path, other than probes for log-probabilities."""
        return [body for one, body in self.asked if one == path and not body.get("echo")]


@contextmanager
def serving(**told: Any) -> Iterator[Served]:
    """Run a server on this machine until the block ends."""
    served = Served(**told)
    handler = type("Handler", (_Handler,), {"served": served})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    served.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield served
    finally:
        served.freed.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    served: Served
    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        if self._is_refused():
            return
        self._send(200, {"data": [{"id": MODEL, "object": "model", **self.served.about}]})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        path = self.path.removeprefix("/v1")
        served = self.served
        with served.lock:
            served.asked.append((path, body))
            served.at_once += 1
            served.most_at_once = max(served.most_at_once, served.at_once)
            is_asked = not body.get("echo")
            due = served.faults.pop(0) if served.faults and is_asked else ""
            fault = (served.always or due) if is_asked else ""
        try:
            time.sleep(served.delay_s)
            if not self._is_refused():
                self._answer(path, body, fault)
        finally:
            with served.lock:
                served.at_once -= 1

    def _is_refused(self) -> bool:
        got = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if not self.served.key or got == self.served.key:
            return False
        self._send(401, {"error": {"message": f"wrong key {got}"}})
        return True

    def _answer(self, path: str, body: dict[str, Any], fault: str) -> None:
        if fault == "slow":
            time.sleep(0.5)
        elif fault == "hold":
            self.served.held.set()
            self.served.freed.wait()
            return
        elif fault == "close":
            self.close_connection = True
            self.connection.close()
            return
        elif fault.isdigit():
            said = f"no: {self.headers.get('Authorization', '')}"
            self._send(int(fault), {"error": {"message": said}}, retry=True)
            return
        whole = self._whole(path, body)
        if fault == "empty":
            whole["choices"] = []
        text = json.dumps(whole)
        if fault == "half":
            text = text[: len(text) // 2]
        with self.served.lock:
            self.served.answered += not fault and not body.get("echo")
        self._send(200, text)

    def _whole(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        served = self.served
        if path == "/embeddings":
            rows = [
                {"index": i, "embedding": [3.0, float(len(text)), 1.0]}
                for i, text in enumerate(body["input"])
            ]
            return {"data": rows[::-1]}
        if body.get("echo"):
            return self._echoed(body)
        said = served.reply(body)
        one = {"text": said} if path == "/completions" else {"message": {"content": said}}
        usage = {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}
        told = {"usage": usage} if served.usage else {}
        return {"choices": [{**one, "finish_reason": "stop"}], **told}

    def _echoed(self, body: dict[str, Any]) -> dict[str, Any]:
        """Tell what was read and the one word behind it, as far as so many tokens were asked for.

        Words that were in the prompt before are likely, where scores are told at all.
        """
        served, prompt, said = self.served, body["prompt"], " more"
        how = served.scoring
        if how == "silent" or (how == "unlimited" and body["max_tokens"] < 1):
            served.freed.wait()
        count = 0 if how == "ended" else min(1, body["max_tokens"])
        words = prompt.split(" ")
        tokens = [words[0], *(f" {word}" for word in words[1:]), *[said] * count]
        nats = [None, *(-1.0 if w in words[:i] else -5.0 for i, w in enumerate(words[1:], 1))]
        nats += [-9.0] * count
        if how == "shifted":
            tokens, nats = tokens[: len(words)], [None, *[-9.0] * (len(words) - 1)]
        if how == "unechoed":
            tokens, nats = [said] * count, [-9.0] * count
        if how == "bare":
            inner = [token.replace(" ", "_") for token in tokens[: len(words) - 1]]
            tokens = ["<s>", *inner, *tokens[len(words) - 1 :]]
            nats = [None, -5.0, *nats[1:]]
        scores = {"tokens": tokens, "token_logprobs": nats} if served.scores else None
        usage = {"prompt_tokens": len(words), "completion_tokens": count}
        told = {"usage": usage} if served.usage else {}
        return {"choices": [{"text": prompt + said * count, "logprobs": scores}], **told}

    def _send(self, status: int, content: Any, *, retry: bool = False) -> None:
        data = (content if isinstance(content, str) else json.dumps(content)).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        if retry:
            self.send_header("Retry-After-Ms", "1")
        self.end_headers()
        self.wfile.write(data)
