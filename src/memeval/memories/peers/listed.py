"""Systems that run in this process and list what they hold."""

import tempfile
from abc import abstractmethod
from collections.abc import Iterable
from pathlib import Path

from memeval.memories.peers.peer import Found, Peer


class ListedPeer(Peer):
    """A system that lists what it holds, so that it is known which events are still there."""

    def stored_events(self) -> set[str]:
        """Return the ids of the events behind what is listed."""
        held = self._calls.must("stats", self._listed) if self._added else []
        return {event for one in held for key in one.keys for event in self._added.get(key, ())}

    def _size(self) -> tuple[int, int]:
        held = list(self._listed())
        return len(held), sum(len(one.text.encode()) for one in held)

    def _content(self) -> object:
        return sorted((one.keys, one.text) for one in self._listed())

    @abstractmethod
    def _listed(self) -> Iterable[Found]:
        """Return all that is stored."""


class FolderPeer(ListedPeer):
    """One that keeps its store in a folder, a temporary one, whose bytes are what it takes."""

    def _open(self) -> None:
        self._folder = tempfile.TemporaryDirectory(
            prefix="memeval-peer-", ignore_cleanup_errors=True
        )
        self._begin(Path(self._folder.name))

    @abstractmethod
    def _begin(self, folder: Path) -> None:
        """Begin an empty store in a folder."""

    def _size(self) -> tuple[int, int]:
        files = Path(self._folder.name).rglob("*")
        size = sum(path.stat().st_size for path in files if path.is_file())
        return len(list(self._listed())), size

    def _close(self) -> None:
        self._folder.cleanup()
