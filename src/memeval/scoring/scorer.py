"""Scorers by name, and the check of what they return: numbers by name, or nothing."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from inspect import iscoroutinefunction
from numbers import Real

from memeval.errors import PluginError, blaming
from memeval.outside import shown
from memeval.registry import SCORERS, Plugin
from memeval.types import Item

STANDARD = ("exact_match", "raw_exact_match", "f1", "contains")
"""The scorers that always run."""


@dataclass(frozen=True, slots=True)
class Scorer:
    """A function `(item, answer) -> {score name: float or None}`, by its registered name."""

    plugin: Plugin
    function: Callable[[Item, str], Mapping[str, float | None]]

    @property
    def name(self) -> str:
        """The name that it is registered under."""
        return self.plugin.name

    def __call__(self, item: Item, answer: str) -> dict[str, float | None]:
        """Score an answer.

        Raises:
            PluginError: it raised, or returned something else than numbers by name.
        """
        whose = f"{self.plugin} on item {shown(item.query.id)}"
        with blaming("a scorer must not raise", whose, "mend the scorer", doing="score"):
            found = self.function(item, answer)
            if not isinstance(found, Mapping):
                raise self._refused("a mapping of scores by name", found, item)
            return {self._name(key, item): self._value(key, found[key], item) for key in found}

    def _name(self, key: object, item: Item) -> str:
        if not isinstance(key, str) or not key:
            raise self._refused("scores by name", key, item)
        return key

    def _value(self, key: str, value: object, item: Item) -> float | None:
        """Return a score as a plain number; numpy's are taken, text and NaN are not."""
        if value is None:
            return None
        number = float(value) if isinstance(value, Real) else math.nan
        if not math.isfinite(number):
            raise self._refused(f"a finite number or None for {shown(key)}", value, item)
        return number

    def _refused(self, rule: str, got: object, item: Item) -> PluginError:
        return PluginError(
            f"a scorer must return {rule}, got {shown(got)} from {self.plugin} "
            f"on item {shown(item.query.id)}; mend the scorer"
        )


def load_scorers(names: Iterable[str] = ()) -> tuple[Scorer, ...]:
    """Return the scorers that always run, then those of other names.

    Raises:
        ConfigError: no such name.
        PluginError: one cannot be imported, or is no function.
    """
    plugins = [SCORERS.plugin(name) for name in dict.fromkeys((*STANDARD, *names))]
    return tuple(_load(plugin) for plugin in plugins)


def _load(plugin: Plugin) -> Scorer:
    function = plugin.load()
    if not callable(function) or iscoroutinefunction(function):
        raise PluginError(
            f"a scorer must be a plain function of item and answer, got {shown(function)} from "
            f"{plugin}; register the function"
        )
    return Scorer(plugin, function)


def score_all(scorers: Iterable[Scorer], item: Item, answer: str) -> dict[str, float | None]:
    """Return the scores of all scorers.

    Raises:
        PluginError: one broke its contract, or two gave a score of the same name.
    """
    scores: dict[str, float | None] = {}
    for scorer in scorers:
        found = scorer(item, answer)
        if twice := sorted(found.keys() & scores):
            raise PluginError(
                f"a score must come from one scorer alone, got {shown(twice[0])} again from "
                f"{scorer.plugin}; rename it"
            )
        scores |= found
    return scores
