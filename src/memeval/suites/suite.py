"""The contract of a suite: a name that gives datasets."""

from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from memeval.datasets.dataset import Dataset
from memeval.types import PromptFormat


@runtime_checkable
class Suite(Protocol):
    """Something that `--suite NAME` asks for a dataset.

    The registered object may be an instance or a class without parameters.
    """

    prompt: PromptFormat | None
    """How its questions are put by default; None for the general prompt."""
    primary: str
    """The score that reports follow."""

    def dataset(
        self, *, size: int | None, seed: int | None, path: Path | None, **options: Any
    ) -> Dataset:
        """Return the dataset of a size and seed, or all there is where they are None.

        `path` is what stands behind the colon of `NAME:PATH`.

        Raises:
            ConfigError: there is no such dataset.
            DataError: its files are missing or broken.
        """
        ...


@runtime_checkable
class Sized(Protocol):
    """A suite that makes datasets of any size: those of its run matrix, the default first."""

    sizes: tuple[int, ...]
    seeds: tuple[int, ...]


@runtime_checkable
class FromFiles(Protocol):
    """A suite that reads files which others published, and where they can be had."""

    files: tuple[str, ...]
    home: str
