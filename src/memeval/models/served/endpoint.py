"""Asks a server, again where that may help, and tells failures without the key.

The official client waits between tries and heeds `Retry-After`; a reply that is no reply is asked
for again here. An error is raised without its cause: what the client raises holds the request.
"""

import os
import time
import weakref
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from memeval.config import Settings
from memeval.errors import MemevalError, ModelError, unknown_name
from memeval.models.served.address import KEY, Address
from memeval.models.served.replies import Replies, Reply, key_of
from memeval.outside import UnreadableError, read_json, shown, shown_text

if TYPE_CHECKING:
    import openai

TRIES = 3
"""For a reply that is broken or empty."""
RETRIES = 5
"""For a server that is busy, broken for now, or does not answer in time."""
REFUSED, ABSENT = (401, 403), (404, 405, 501)
"""What a server says to a key that is wrong, and to what it does not do at all."""
COMPLETIONS = "/completions"
NO_KEY = "none"
"""What a server gets that wants no key; the client insists on one."""
CONNECT_S = 10.0
HIDDEN = "[key]"
SHORTEST_KEY = 6
"""A shorter one is no secret, and would be hidden in the middle of words."""
Check = Callable[[Mapping[str, Any]], str | None]
"""Says what is wrong with a reply, if anything is."""


class CallError(MemevalError):
    """A request that got no answer: the failure of what was asked, and of nothing else."""


class LateError(CallError):
    """A request that was not answered in time."""


class Endpoint:
    """One model of a server. `ask` returns its reply, from disk if it was given before."""

    def __init__(self, address: Address, cache_dir: Path | None) -> None:
        self.address = address
        self._key = os.environ.get(KEY, "")
        self._timeout_s = Settings().request_timeout_s
        self._replies = Replies(cache_dir, address)
        self._client = _client(address, self._key, self._timeout_s)
        weakref.finalize(self, self._client.close)

    def ask(
        self,
        path: str,
        body: Mapping[str, Any],
        *,
        check: Check,
        sample: int = 0,
        is_probe: bool = False,
    ) -> Reply:
        """Return the reply to a request that `check` finds nothing wrong with.

        `sample` tells requests apart that are alike, and are each to be answered anew. A probe,
        which asks what a server can do, takes its first reply, and is sent twice at most, which
        together may take as long as any other request.

        Raises:
            CallError: the server did not answer it; LateError: not in time.
            ModelError: the server answers nothing of the kind: the key, model or path is wrong.
        """
        body = {"model": self.address.model, **body}
        key = key_of(path, body, sample)
        kept = self._replies.find(key)
        if kept is not None and check(kept.content) is None:
            return kept
        reply = self._asked(path, body, check, is_probe=is_probe)
        self._replies.keep(key, reply)
        return reply

    def about(self) -> Mapping[str, Any]:
        """Return what the server says of this model, nothing where it lists none at all.

        Raises:
            ModelError: it cannot be reached, refuses the key, or lists others; near ones are told.
        """
        listed = {str(one["id"]): one for one in self._models()}
        if listed and self.address.model not in listed:
            rule = f"a model of {self.address.base_url}"
            raise ModelError(unknown_name(rule, self.address.model, listed))
        return listed.get(self.address.model, {})

    def _models(self) -> list[Mapping[str, Any]]:
        import openai

        try:
            text = self._client.with_options(max_retries=1).get("/models", cast_to=str)
            listed = read_json(self._without_key(text))["data"]
            return [one for one in listed if isinstance(one, dict) and "id" in one]
        except openai.APIStatusError as error:
            if error.status_code in REFUSED:
                raise self._refused(error.status_code) from None
            return []  # it does not tell, and may answer all the same
        except openai.APIConnectionError as error:
            raise self._unreachable(error) from None
        except (UnreadableError, KeyError, TypeError):
            return []

    def _asked(self, path: str, body: Mapping[str, Any], check: Check, *, is_probe: bool) -> Reply:
        wrong: str | None = ""
        for _ in range(1 if is_probe else TRIES):
            start = time.perf_counter()
            text = self._without_key(self._send(path, body, is_probe=is_probe))
            seconds = time.perf_counter() - start
            try:
                content = read_json(text)
                wrong = check(content) if isinstance(content, dict) else shown(content)
            except UnreadableError:
                wrong = f"no JSON but {shown(text)}"
            if wrong is None:
                return Reply(content, seconds)
        raise CallError(f"a server must give whole replies, got {wrong}; ask again")

    def _send(self, path: str, body: Mapping[str, Any], *, is_probe: bool) -> str:
        """Return what the server says to a request; the client tries again by itself."""
        import openai

        client, limit_s = self._client, self._timeout_s
        if is_probe:
            limit_s /= 2
            client = client.with_options(timeout=limit_s, max_retries=1)
        try:
            text: str = client.post(path, body=dict(body), cast_to=str)
            return text
        except openai.APIStatusError as error:
            raise self._failure(path, error.status_code, error.response.text) from None
        except openai.APITimeoutError:
            raise LateError(
                f"a server must answer within {limit_s:g} s, got nothing; set "
                "MEMEVAL_REQUEST_TIMEOUT_S to more, or lower --concurrency"
            ) from None
        except openai.APIConnectionError as error:
            raise CallError(str(self._unreachable(error))) from None

    def _failure(self, path: str, status: int, body: str) -> MemevalError:
        """Return the error that a status stands for: of the whole server, or of one request."""
        told = self._told(body)
        if status in REFUSED:
            return self._refused(status)
        if status in ABSENT:
            other = "; take --prompt-style chat" if path == COMPLETIONS else "; check the address"
            return ModelError(
                f"a server must answer {path}, got {status} from {self.address.base_url}: "
                f"{told}{other}"
            )
        return CallError(f"a server must answer, got {status}: {told}; look into its log")

    def _refused(self, status: int) -> ModelError:
        what = "the wrong one" if self._key else "none"
        return ModelError(
            f"a server must accept the key in {KEY}, got {what} ({status} from "
            f"{self.address.base_url}); put the right one into the environment"
        )

    def _unreachable(self, error: Exception) -> ModelError:
        why = self._without_key(str(error.__cause__ or error)) or "nothing"
        return ModelError(
            f"a server must be there, got {shown_text(why)} from {self.address.base_url}; start "
            "it, or check the address"
        )

    def _told(self, body: str) -> str:
        """Return what an error's body says, in a line and without the key."""
        try:
            content = read_json(body)
            told = content["error"]["message"]
        except (UnreadableError, KeyError, TypeError):
            told = body
        return shown_text(self._without_key(" ".join(str(told).split()))) or "nothing"

    def _without_key(self, text: str) -> str:
        """Return what a server said, the key struck out should it have repeated it."""
        return text.replace(self._key, HIDDEN) if len(self._key) >= SHORTEST_KEY else text


def _client(address: Address, key: str, timeout_s: float) -> "openai.OpenAI":
    try:
        import openai
    except ImportError:
        raise ModelError(
            "a served model needs the package openai, got none; install memeval-bench[served]"
        ) from None
    return openai.OpenAI(
        api_key=key or NO_KEY,
        base_url=address.base_url,
        max_retries=RETRIES,
        timeout=openai.Timeout(timeout_s, connect=CONNECT_S),
    )
