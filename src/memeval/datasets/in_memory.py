"""A dataset made of sessions that are already there."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from memeval.datasets import store
from memeval.datasets.dataset import PRIMARY, Data
from memeval.types import PromptFormat, Session


@dataclass(frozen=True)
class InMemory:
    """Sessions under a name: the shortest way from a suite of one's own to a dataset.

    Two are equal when they hold the same, whichever process made them.
    """

    suite: str
    sessions: Sequence[Session] = field(compare=False, repr=False)
    seed: int = 0
    prompt: PromptFormat | None = field(default=None, compare=False, repr=False)
    scorers: tuple[str, ...] = ()
    primary: str = PRIMARY
    source: str = ""
    licence: str = ""
    left_out: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)
    private: bool = False
    citation: str = ""
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        """Work out what tells it from others.

        Raises:
            ValueError: there is no session with an item, or two sessions have one id.
        """
        ids = [session.id for session in self.sessions]
        if not any(session.items for session in self.sessions):
            raise ValueError(f"a dataset needs a session with an item, {len(ids)} have none")
        if twice := [id_ for id_, count in Counter(ids).items() if count > 1]:
            raise ValueError(f"sessions need ids of their own, two have {twice[0]!r}")
        object.__setattr__(self, "digest", sessions_digest(self.sessions))

    @property
    def size(self) -> int:
        """How many items are asked."""
        return sum(len(session.items) for session in self.sessions)

    def open(self) -> Data:
        """Return what it was made of."""
        return Data(
            self.sessions,
            self.digest,
            self.prompt,
            self.scorers,
            self.primary,
            self.source,
            self.licence,
            left_out=self.left_out,
            private=self.private,
            citation=self.citation,
        )


def sessions_digest(sessions: Sequence[Session]) -> str:
    """Return a sha256 over all that sessions say: ids, events, labels of worth, and items."""
    digest = hashlib.sha256()
    for session in sessions:
        for part in (session.id, store.event_lines(session), store.item_lines(session)):
            digest.update(part.encode() + b"\0")
    return digest.hexdigest()
