"""Datasets of memeval's own suites, as tests of files want them."""

from pathlib import Path

from memeval.datasets.generated import Generated
from memeval.suites.own import SUITES
from memeval.types import Session


def dataset(data_dir: Path, suite: str, *, size: int, seed: int) -> Generated:
    """Return a dataset whose files lie below a folder."""
    return SUITES[suite].dataset(size=size, seed=seed, path=data_dir)


def build(data_dir: Path, suite: str, *, size: int, seed: int) -> Session:
    """Build one, enter it into the manifest, and return its session."""
    made = dataset(data_dir, suite, size=size, seed=seed)
    session = made.build()
    made.record()
    return session


def load(data_dir: Path, suite: str, *, size: int, seed: int) -> tuple[Session, str]:
    """Open one, and return its session and digest."""
    data = dataset(data_dir, suite, size=size, seed=seed).open()
    return data.sessions[0], data.digest
