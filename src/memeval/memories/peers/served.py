"""A memory behind a server, whichever way it is reached: its calls are mapped by the preset."""

import re
from abc import abstractmethod
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from memeval.memories.peers.mapping import Results, at, results, size
from memeval.memories.peers.peer import Found, Peer

LONGEST_REPLY = 2**20
"""Of a reply to a search; more is no answer to a question."""
LONGEST = 2**26
"""Of any other reply: some tell all that they hold where they are asked how much that is."""
WORD = re.compile(r"\w{3,}")
"""What is searched for where a question is not: short words are in every text."""


def longest(call: object) -> int:
    """Return the length that a reply to a call may have."""
    return LONGEST_REPLY if isinstance(call, Results) else LONGEST


def _by_hits(told: Sequence[Sequence[Found]]) -> list[Found]:
    """Return the results of several searches, those that most of them found first."""
    hits = Counter((one.keys, one.text) for found in told for one in found)
    return [Found(text, keys, float(count)) for (keys, text), count in hits.items()]


class Served(Peer):
    """Calls `add` and `search`, and `reset`, `stats` and `settle` where the preset has them.

    Where nothing tells what is stored, that is taken to be what was added.
    """

    def _open(self) -> None:
        self._send("reset")

    def _add(self, key: str, text: str, at: str) -> None:
        self._send("add", id=key, text=text, at=at)

    def _settle(self) -> None:
        self._send("settle")

    def _search(self, text: str) -> Iterable[Found]:
        where = self.params.search
        asked = WORD.findall(text) if where.by_word else [text]
        told = [results(self._send("search", query=one, k=self.params.k), where) for one in asked]
        return _by_hits(told) if where.by_word else told[0]

    def _size(self) -> tuple[int, int]:
        where = self.params.stats
        return size(self._send("stats"), where) if where else (len(self._added), 0)

    def _content(self) -> object:
        where = self.params.stats
        return at(self._send("stats"), where.content) if where else sorted(self._added)

    def _close(self) -> None:
        self._send("reset")

    def _send(self, name: str, **values: object) -> Any:
        """Make a call, if the preset has it, and return the reply as data."""
        call = getattr(self.params, name)
        return None if call is None else self._reply(call, {**values, "user": self.user})

    @abstractmethod
    def _reply(self, call: Any, values: dict[str, object]) -> Any:
        """Make a call with its places filled in, and return the reply as data."""
