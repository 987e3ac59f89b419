"""A published benchmark as a suite: its files are found, its options checked, its size counted."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from memeval.config import Settings
from memeval.errors import ConfigError, DataError, unknown_name
from memeval.outside import encodable, shown
from memeval.suites.public.form import Form, Options
from memeval.suites.public.published import Published, read_through


@dataclass(frozen=True, eq=False)
class Benchmark(Form):
    """A benchmark by the form of its files: `--suite NAME:PATH` asks it for a dataset."""

    def dataset(
        self,
        *,
        size: int | None = None,
        seed: int | None = None,
        path: Path | None = None,
        **options: Any,
    ) -> Published:
        """Return the dataset of a published file, or of the files below a folder.

        Without a path it is the folder of this name in MEMEVAL_BENCHMARKS_DIR. Without a size, or
        with one that is not below what there is, all questions are asked.

        Raises:
            ConfigError: there is no path, or an option that it does not take.
            DataError: the files are missing, or are not what was published.
        """
        chosen = self._chosen(options)
        place = (path or self._usual_place()).resolve()
        paths = self.found(place)
        count = len(read_through(self, paths, chosen).asked)
        whole = Published(
            self,
            place,
            tuple(paths),
            suite="-".join([self.name, *self._unusual(chosen)]),
            size=count,
            seed=0,
            options=tuple(sorted(chosen.items())),
        )
        if size is None or size >= count:
            return whole
        return replace(whole, size=size, seed=seed or 0, is_drawn=True)

    def found(self, path: Path) -> list[Path]:
        """Return its files at a path: that file, or those below a folder by name and number.

        Raises:
            DataError: there is none.
        """
        if path.is_file():
            return [path]
        below = {one for p in self.files for one in path.rglob(p) if one.is_file()}
        if not below:
            raise DataError(
                f"{self.name} must be read from its published file, or a folder that holds "
                f"{' or '.join(self.files)}, got no such file at {str(path)!r}; get it from "
                f"{self.home}"
            )
        return sorted(below, key=_by_number)

    def _usual_place(self) -> Path:
        folder = Settings().benchmarks_dir
        if folder is None:
            raise ConfigError(
                f"{self.name} must be given its published file, as in {self.name}:PATH, got none; "
                f"name it, or set MEMEVAL_BENCHMARKS_DIR to a folder that holds {self.name}/; get "
                f"it from {self.home}"
            )
        if not (folder / self.name).exists():
            raise ConfigError(
                f"MEMEVAL_BENCHMARKS_DIR must be a folder that holds {self.name}/, got "
                f"{encodable(str(folder))!r} without it; set it to another, or name the file, as "
                f"in {self.name}:PATH; get it from {self.home}"
            )
        return folder / self.name

    def _chosen(self, options: Mapping[str, Any]) -> dict[str, str]:
        """Return every option with its value, the default where it is not given."""
        chosen = {name: values[0] if values else "" for name, values in self.options.items()}
        if options and not self.options:
            raise ConfigError(
                f"{self.name} takes no options, got {', '.join(sorted(options))}; leave them out"
            )
        for name, value in options.items():
            if name not in self.options:
                raise ConfigError(unknown_name(f"an option of {self.name}", name, self.options))
            values = self.options[name]
            if not isinstance(value, str) or (values and value not in values):
                raise ConfigError(
                    f"data.{name} of {self.name} must be {' or '.join(values) or 'text'}, got "
                    f"{shown(value)}; {self._advice(is_text=isinstance(value, str))}"
                )
            chosen[name] = value
        return chosen

    def _advice(self, *, is_text: bool) -> str:
        """Return what to do about a value that an option does not have."""
        free = [f"data.{name}" for name, values in self.options.items() if not values]
        return f"mend it, or name a file by {free[0]}" if free and is_text else "mend it"

    def _unusual(self, chosen: Options) -> list[str]:
        """Return the values that stand in the dataset's name: those that are not the default."""
        return [
            value
            for name, value in chosen.items()
            if self.options[name] and value != self.options[name][0]
        ]


def _by_number(path: Path) -> list[tuple[int, str]]:
    """Return what puts `qa2` before `qa10`: numbers in a path by value, the rest by letters."""
    parts = re.split(r"([0-9]{1,18})", path.as_posix())
    return [(int(part) if i % 2 else 0, part) for i, part in enumerate(parts)]
