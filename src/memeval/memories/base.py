"""The memory contract, and how memories are found by name."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, runtime_checkable

from pydantic import BaseModel, ConfigDict, ValidationError

from memeval.errors import ConfigError, unknown_name
from memeval.registry import MEMORIES
from memeval.types import Event, Query, Recall

if TYPE_CHECKING:
    from memeval.models.base import LanguageModel


class MemoryParams(BaseModel):
    """Parameters of a memory: checked, frozen, unknown keys forbidden. Subclass it."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


@runtime_checkable
class Memory(Protocol):
    """Something that writes down events and gives them back for queries.

    The constructor is `(params, *, model, seed)`, where `params` is an instance of the class
    attribute `Params`. Two methods are optional, and are for the scorer alone: `stored_events() ->
    set[str]` tells which events are still held, so that a loss can be put down to writing or to
    reading; `saliences() -> Mapping[str, float]` tells how much every event observed seemed worth.

    Three class attributes are optional, and are for `memeval ablate`: `knobs: tuple[str, ...]` are
    the switches, by dotted name, that are turned off one at a time; `knobs_together` are groups of
    them, `tuple[tuple[str, ...], ...]`, turned off at once; `home_suite: str` is the suite that the
    memory is made for.
    """

    Params: ClassVar[type[MemoryParams]]

    def observe(self, events: Sequence[Event]) -> None:
        """Take in events, in order of time."""
        ...

    def replay(self) -> None:
        """Consolidate; called once between the last event and the first query."""
        ...

    def recall(self, queries: Sequence[Query]) -> list[Recall]:
        """Return one recall per query; must not change what is stored."""
        ...

    def stats(self) -> Mapping[str, int | float]:
        """Return flat counters; names end in their unit where they have one."""
        ...

    def fingerprint(self) -> str:
        """Return a digest of the stored content: equal content, equal value."""
        ...

    def save(self, directory: Path) -> None:
        """Write the store as Parquet and JSON."""
        ...

    def load(self, directory: Path) -> None:
        """Replace the store by a saved one."""
        ...


def load_memory(name: str, *, model: "LanguageModel", seed: int = 0, **params: Any) -> Memory:
    """Make an empty memory by its registered name.

    `params` are nested (`gate={"enabled": False}`) or dotted (`**{"gate.enabled": False}`).

    Raises:
        ConfigError: no such memory, no such parameter, or a value of the wrong type.
    """
    kind = memory_class(name)
    memory: Memory = kind(check_params(name, kind, nested(params)), model=model, seed=seed)
    return memory


def memory_class(name: str) -> Any:
    """Import and return a registered memory class."""
    return MEMORIES.load(name)


def check_params(name: str, kind: Any, params: Mapping[str, Any]) -> MemoryParams:
    """Validate parameters against the memory's `Params`."""
    try:
        checked: MemoryParams = kind.Params.model_validate(params)
    except ValidationError as error:
        raise ConfigError(_explain(name, kind, error)) from error
    return checked


def nested(params: Mapping[Any, Any]) -> dict[str, Any]:
    """Turn dotted keys into nested tables: {"gate.tau": 1} becomes {"gate": {"tau": 1}}."""
    tree: dict[str, Any] = {}
    for key, value in params.items():
        if not isinstance(key, str) or not key:
            raise ConfigError(f"a parameter's name must be text, got {key!r}; mend the preset")
        *path, leaf = key.split(".")
        table = tree
        for part in path:
            table = table.setdefault(part, {})
            if not isinstance(table, dict):
                raise ConfigError(
                    f"a parameter is either a value or a table, got both for {key!r}; take one out"
                )
        if isinstance(value, Mapping) and isinstance(table.get(leaf), dict):
            table[leaf] |= nested(value)
        else:
            table[leaf] = nested(value) if isinstance(value, Mapping) else value
    return tree


def parameter_names(model: type[BaseModel], prefix: str = "") -> list[str]:
    """Return the dotted names of all parameters."""
    names = []
    for field, info in model.model_fields.items():
        kind = info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            names += parameter_names(kind, f"{prefix}{field}.")
        else:
            names.append(prefix + field)
    return names


def _explain(name: str, kind: Any, error: ValidationError) -> str:
    first = error.errors()[0]
    key = ".".join(map(str, first["loc"]))
    if first["type"] == "extra_forbidden":
        return unknown_name(f"a parameter of {name}", key, parameter_names(kind.Params))
    rule = first["msg"][:1].lower() + first["msg"][1:]
    return f"parameter {key} of {name} is invalid: {rule}, got {first['input']!r}; mend its value"
