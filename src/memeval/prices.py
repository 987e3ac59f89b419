"""What calls to language models cost, from a table of prices that the user gives."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from memeval.errors import ConfigError
from memeval.outside import UnreadableError, path_of, read_yaml, shown

EXAMPLE = "MODEL: {prompt: 0.15, completion: 0.6}"
KINDS = {"prompt": "prompt_tokens", "completion": "completion_tokens"}
"""What has a price, and what counts it in a role's usage."""
MILLION = 1e6


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices of a million tokens by model and kind of token, in whatever currency they are told.

    A served model, `openai:NAME@URL`, is found by all of its name or by `NAME` alone.
    """

    by_model: Mapping[str, Mapping[str, float]]

    def money(self, model: str, usage: Mapping[str, Any]) -> float | None:
        """Return what a role's calls cost; None where a price or a count is not known."""
        prices = next((self.by_model[n] for n in _names(model) if n in self.by_model), None)
        if prices is None:
            return None
        counts = {kind: usage.get(name) for kind, name in KINDS.items()}
        if any(prices[kind] and counts[kind] is None for kind in KINDS):
            return None
        return sum(prices[kind] * (counts[kind] or 0) for kind in KINDS) / MILLION

    def of_cell(self, meta: Mapping[str, Any], metrics: Mapping[str, Any]) -> float | None:
        """Return what all calls of a cell cost, each role's by its own model; None if unknown."""
        told = [
            self.money(model, used)
            for role, used in metrics.get("usage", {}).items()
            for model in [model_of(role, meta)]
            if used.get("calls")
        ]
        known = [one for one in told if one is not None]
        return sum(known) if told and len(known) == len(told) else None


def read_prices(told: str) -> Prices:
    """Read a table of prices: by model, what a million tokens of the prompt and completion cost.

    Raises:
        ConfigError: there is no such file, or it is no such table.
    """
    path = path_of(told)
    try:
        content = read_yaml(path.read_text("utf-8"))
    except (OSError, UnreadableError, UnicodeDecodeError) as error:
        raise _wrong("be a YAML file", f"{shown(told)} ({_why(error)})") from error
    if not isinstance(content, dict) or not content:
        raise _wrong("name models", shown(content))
    return Prices({str(model): _checked(str(model), told) for model, told in content.items()})


def model_of(role: str, meta: Mapping[str, Any]) -> str:
    """Return the name of the model whose calls a role's are: the reader's unless another is named.

    A memory's own calls, whatever it does with them, are those of the writer.
    """
    named = {"answer": None, "judge": meta.get("judge", {}).get("model")}
    other = named.get(role, meta.get("config", {}).get("writer"))
    model = meta["model"]
    return str(other or model.get("asked") or model["name"])


def _names(model: str) -> Iterator[str]:
    yield model
    yield model.partition("@http")[0]
    yield model.partition(":")[2].partition("@http")[0]


def _checked(model: str, told: object) -> dict[str, float]:
    if not isinstance(told, dict) or set(told) != set(KINDS):
        raise _wrong("tell prompt and completion of each model", f"{shown(told)} for {model}")
    for price in told.values():
        is_number = isinstance(price, int | float) and not isinstance(price, bool)
        if not (is_number and 0 <= price < math.inf):
            raise _wrong("be numbers from 0 on", f"{shown(price)} for {model}")
    return {kind: float(told[kind]) for kind in KINDS}


def _why(error: Exception) -> str:
    return error.strerror or "" if isinstance(error, OSError) else str(error)


def _wrong(rule: str, got: str) -> ConfigError:
    return ConfigError(f"prices must {rule}, got {got}; write them as in {EXAMPLE}")
