"""Plugins by name: memories, suites, scorers, models and encoders, a group of entry points each.

A name with a path in front, `path/to/file.py:Name`, stands for what a file of one's own defines.
"""

import hashlib
import importlib.util
import os
import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

from memeval.errors import ConfigError, blaming, one, unknown_name
from memeval.naming import DISTRIBUTION
from memeval.outside import find_file, shown
from memeval.trial import TRIAL, Verdict

FILE = ".py:"
OWN = __name__.partition(".")[0]
_FILES: dict[str, Path] = {}
"""The files that were imported, by the names of their modules."""


@dataclass(frozen=True, slots=True)
class Plugin:
    """A registered name, not yet imported: `value` is `module:attribute`."""

    kind: str
    name: str
    value: str
    group: str
    distribution: str | None

    @property
    def is_file(self) -> bool:
        """Whether it is a file of one's own, which is not registered."""
        return FILE in self.name

    @property
    def is_own(self) -> bool:
        """Whether it comes with memeval."""
        return self.distribution == DISTRIBUTION

    def __str__(self) -> str:
        """Say which one it is, and where it is registered."""
        if self.is_file:
            return f"{self.kind} {self.name!r}"
        where = f" of {self.distribution}" if self.distribution else ""
        return f"{self.kind} {self.name!r} (entry point {self.group}: {self.value}{where})"

    def load(self) -> Any:
        """Import what the name stands for.

        Raises:
            PluginError: it cannot be imported, whatever it raises on the way.
        """
        module = self.value.partition(":")[0]
        with importing(self, None if self.is_own else TRIAL.verdict(module)):
            return EntryPoint(self.name, self.value, self.group).load()


def importing(plugin: Plugin, verdict: Verdict | None = None) -> AbstractContextManager[None]:
    """Name the plugin whose import fails, or is known to end its process.

    Raises:
        PluginError: the verdict of a trial says so.
    """
    rule = f"{one(plugin.kind)} must be importable"
    next_step = "mend the file" if plugin.is_file else "install what it needs, or uninstall it"
    if verdict:
        verdict.refuse(rule, plugin, next_step)
    return blaming(rule, plugin, next_step, doing="import")


@dataclass(frozen=True, slots=True)
class Registry:
    """All plugins of one kind."""

    kind: str
    group: str

    def plugins(self) -> dict[str, Plugin]:
        """Return what is registered, by name; nothing is imported."""
        return dict(_registered(self.kind, self.group, _places()))

    def names(self) -> list[str]:
        """Return the registered names in order."""
        return sorted(self.plugins())

    def plugin(self, name: str) -> Plugin:
        """Return a plugin by its name, or one for `path/to/file.py:Name`.

        Raises:
            ConfigError: no such name or file; the near names are told.
        """
        known = self.plugins()
        if name in known:
            return known[name]
        if FILE in name:
            return self._of_file(name)
        raise ConfigError(unknown_name(one(self.kind), name, known))

    def load(self, name: str) -> Any:
        """Import what a name stands for.

        Raises:
            ConfigError: no such name.
            PluginError: it cannot be imported.
        """
        return self.plugin(name).load()

    def _of_file(self, name: str) -> Plugin:
        """Make a file importable under a name of its own, and return what it defines there."""
        file, _, attribute = name.rpartition(":")
        found = find_file(file)
        if found is None:
            raise ConfigError(
                f"{one(self.kind)} of one's own must be FILE.py:NAME, got no file {shown(file)}; "
                "check the path"
            )
        path = found.resolve()
        digest = hashlib.sha256(os.fsencode(path)).hexdigest()[:8]
        module = f"{path.stem}_{digest}"
        plugin = Plugin(self.kind, name, f"{module}:{attribute}", self.group, None)
        if module not in sys.modules:
            _execute(path, module, plugin)
            _FILES[module] = path
        return plugin


@lru_cache(maxsize=16)
def _registered(kind: str, group: str, places: object) -> dict[str, Plugin]:  # noqa: ARG001 - a key
    """Return a group's plugins; to read what every package registers was most of a small run."""
    return {
        point.name: Plugin(
            kind, point.name, point.value, group, point.dist.name if point.dist else None
        )
        for point in entry_points(group=group)
    }


def _places() -> tuple[tuple[str, int], ...]:
    """Return where packages are looked for, and when one was last put there or taken away."""
    return tuple((folder, _changed_ns(Path(folder))) for folder in sys.path)


def _changed_ns(folder: Path) -> int:
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return 0


def files() -> dict[str, Path]:
    """Return the files of one's own that were imported, by the names of their modules."""
    return dict(_FILES)


def import_files(known: Mapping[str, Path]) -> None:
    """Import the files that another process has, so that what it sends can be understood.

    Raises:
        PluginError: one cannot be imported here.
    """
    for module, path in known.items():
        if module not in sys.modules:
            _execute(path, module, Plugin("plugin", f"{path}:", f"{module}:", "", None))
            _FILES[module] = path


def _execute(path: Path, module: str, plugin: Plugin) -> None:
    """Run a file as a module; what it raises is the plugin's failure."""
    verdict = TRIAL.verdict(module, str(path))
    spec = importlib.util.spec_from_file_location(module, path)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    with importing(plugin, verdict):
        sys.modules[module] = made
        try:
            spec.loader.exec_module(made)
        except BaseException:
            del sys.modules[module]
            raise


MEMORIES = Registry("memory", "memeval.memories")
SUITES = Registry("suite", "memeval.suites")
SCORERS = Registry("scorer", "memeval.scorers")
MODELS = Registry("model", "memeval.models")
ENCODERS = Registry("encoder", "memeval.encoders")
REGISTRIES: Mapping[str, Registry] = {
    "memories": MEMORIES,
    "suites": SUITES,
    "scorers": SCORERS,
    "models": MODELS,
    "encoders": ENCODERS,
}
