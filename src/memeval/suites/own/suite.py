"""A suite that generates: any size and seed, the same bytes on every machine."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from memeval.config import Settings
from memeval.datasets.dataset import PRIMARY
from memeval.datasets.generated import Generated
from memeval.datasets.validity import Solver
from memeval.errors import ConfigError
from memeval.types import PromptFormat, Session

SIZES = (50, 200, 1000)
SEEDS = (1337, 2025, 4242)


class Generate(Protocol):
    """Makes a session from its size and seed alone."""

    def __call__(self, *, size: int, seed: int) -> Session:
        """Generate."""
        ...


@dataclass(frozen=True, slots=True)
class GeneratedSuite:
    """A seeded generator, the solver that checks it, its prompt, its slices and their shares."""

    name: str
    generate: Generate
    solve: Solver
    prompt: PromptFormat
    shares: Mapping[str, float]
    max_size: int
    primary: str = PRIMARY
    sizes: tuple[int, ...] = SIZES
    seeds: tuple[int, ...] = SEEDS

    def dataset(
        self,
        *,
        size: int | None = None,
        seed: int | None = None,
        path: Path | None = None,
        **options: Any,
    ) -> Generated:
        """Return a dataset whose files lie below `path`, or below the data folder.

        Raises:
            ConfigError: a size or seed that cannot be made, or any option.
        """
        size = self.sizes[0] if size is None else size
        seed = self.seeds[0] if seed is None else seed
        self.check(size, seed)
        if options:
            raise ConfigError(
                f"{self.name} takes no options, got {', '.join(sorted(options))}; leave them out"
            )
        return Generated(self.name, size, seed, path or Settings().data_dir)

    def session(self, *, size: int, seed: int) -> Session:
        """Generate a session.

        Raises:
            ConfigError: a size or seed that cannot be made.
        """
        self.check(size, seed)
        return self.generate(size=size, seed=seed)

    def check(self, size: int, seed: int) -> None:
        """Raise `ConfigError` unless such a dataset can be made."""
        if not 1 <= size <= self.max_size:
            raise ConfigError(
                f"the size of {self.name} must be 1 to {self.max_size} items, got {size}; "
                f"the run matrix uses {', '.join(map(str, self.sizes))}"
            )
        if seed < 0:
            raise ConfigError(
                f"a seed must be 0 or more, got {seed}; "
                f"the run matrix uses {', '.join(map(str, self.seeds))}"
            )
