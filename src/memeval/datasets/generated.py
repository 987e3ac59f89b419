"""Datasets that a seeded generator makes: built once, listed in the manifest, read from files."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from filelock import FileLock

from memeval.atomic import write_text
from memeval.datasets import manifest, store
from memeval.datasets.dataset import Data
from memeval.datasets.validity import Fault, Solver, find_faults
from memeval.errors import DataError
from memeval.registry import SUITES
from memeval.types import PromptFormat, Session

LOCK = ".datasets.lock"


class Generator(Protocol):
    """What makes such data: a suite that is asked for by its name."""

    prompt: PromptFormat

    @property
    def solve(self) -> Solver:
        """What checks its questions."""
        ...

    def session(self, *, size: int, seed: int) -> Session:
        """Return a session that follows from its size and seed alone."""
        ...


@dataclass(frozen=True, slots=True)
class Generated:
    """A dataset of a suite that generates, in files below `data_dir`."""

    suite: str
    size: int
    seed: int
    data_dir: Path

    @property
    def folder(self) -> str:
        """Where it lies below the data folder."""
        return f"{self.suite}/{self.size}_{self.seed}"

    @property
    def files(self) -> tuple[str, str]:
        """The names of its files below the data folder."""
        return f"{self.folder}/{store.EVENTS}", f"{self.folder}/{store.ITEMS}"

    @property
    def _session_id(self) -> str:
        return f"{self.suite}-{self.size}-{self.seed}"

    @property
    def _unfinished(self) -> Path:
        """The mark of a build that has begun."""
        return self.data_dir / f".unfinished-{self.folder.replace('/', '-')}"

    def open(self) -> Data:
        """Read the files, building them first where there are none.

        Raises:
            DataError: a file differs from the manifest.
        """
        with self._whole():
            if not self.is_built():
                self._rebuild()
            hashes = [manifest.check_file(self.data_dir, name) for name in self.files]
            session = self._read()
        return self._data(session, hashes)

    def peek(self) -> Data:
        """Return what `open` does, without building the files that are missing.

        Raises:
            DataError: a file differs from the manifest.
        """
        if self.is_built() and not self._unfinished.exists():
            return self.open()
        session = self._generator().session(size=self.size, seed=self.seed)
        hashes = [manifest.digest(text.encode()) for text in self._contents(session).values()]
        return self._data(replace(session, id=self._session_id), hashes)

    def _data(self, session: Session, hashes: Sequence[str]) -> Data:
        digest = manifest.digest("".join(hashes).encode())
        return Data([session], digest, self._generator().prompt, is_generated=True)

    def is_built(self) -> bool:
        """Whether it can be opened without being built first."""
        return any((self.data_dir / name).exists() for name in self.files)

    def build(self) -> Session:
        """Generate the session and write its files, entered into the manifest by `record`.

        Raises:
            DataError: a file of somebody else's is in the place of one of them.
        """
        session = self._generator().session(size=self.size, seed=self.seed)
        contents = self._contents(session)
        self._check_ours(contents)
        for name, content in contents.items():
            write_text(self.data_dir / name, content)
        return session

    def record(self) -> None:
        """Enter the files into the manifest."""
        manifest.record_files(self.data_dir, self.files)

    def faults(self) -> list[Fault]:
        """Re-hash the files, and return every rule that the session breaks.

        Raises:
            DataError: a file is missing or differs from the manifest.
        """
        for name in self.files:
            manifest.check_file(self.data_dir, name)
        return find_faults(self._read(), self._generator().solve)

    def _generator(self) -> Generator:
        generator: Generator = SUITES.load(self.suite)
        return generator

    def _read(self) -> Session:
        events, worth = store.read_events(self.data_dir / self.files[0])
        items = store.read_items(self.data_dir / self.files[1], events)
        return Session(self._session_id, events, items, self._generator().prompt, worth)

    def _rebuild(self) -> None:
        """Build what is missing; what the manifest already lists must come out the same."""
        listed = manifest.read_manifest(self.data_dir)
        session = self._generator().session(size=self.size, seed=self.seed)
        for name, content in self._contents(session).items():
            if name in listed and listed[name]["sha256"] != manifest.digest(content.encode()):
                raise DataError(
                    f"a dataset must come out as {manifest.NAME} lists it, got another {name}: the "
                    "generator has changed; accept it with: memeval datasets build"
                )
            write_text(self.data_dir / name, content)
        self.record()

    def _check_ours(self, contents: Mapping[str, str]) -> None:
        """Refuse to write over a file that neither the manifest lists nor a build has begun."""
        listed = manifest.read_manifest(self.data_dir)
        for name, content in contents.items():
            path = self.data_dir / name
            is_ours = name in listed or self._unfinished.exists() or not path.exists()
            if not is_ours and path.read_bytes() != content.encode():
                raise DataError(
                    f"a dataset must be built where nothing else lies, got {str(path)!r}, which "
                    f"{manifest.NAME} does not list; move it away, and build again"
                )

    def _contents(self, session: Session) -> dict[str, str]:
        """Return the text of the files by their names."""
        texts = (store.event_lines(session), store.item_lines(session))
        return dict(zip(self.files, texts, strict=True))

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """Let one process at a time build, and begin anew what one that was killed had begun.

        A dataset that is there needs no writing, so that a data folder may be read-only then.
        """
        unfinished = self._unfinished
        if self.is_built() and not unfinished.exists():
            yield
            return
        self.data_dir.mkdir(parents=True, exist_ok=True)
        with FileLock(self.data_dir / LOCK):
            if unfinished.exists():
                for name in self.files:  # what else lies there is not ours
                    (self.data_dir / name).unlink(missing_ok=True)
            elif self.is_built():  # built by another command while this one waited
                yield
                return
            unfinished.touch()
            try:
                yield
            except Exception:
                unfinished.unlink()
                raise
            unfinished.unlink()
