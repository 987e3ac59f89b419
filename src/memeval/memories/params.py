"""Parameters of memories: checked before anything runs, nested or by dotted name."""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from memeval.errors import ConfigError, blaming, unknown_name
from memeval.outside import shown, shown_text


class MemoryParams(BaseModel):
    """Parameters of a memory: checked, frozen, unknown keys forbidden. Subclass it."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    def digests_of_files(self) -> Mapping[str, str]:
        """Return a digest of each file or folder that a parameter names, by the parameter's name.

        What lies there may change while its name stays: a cell of another digest is another cell.
        A package that only a parameter asks for is told by its version.
        """
        return {}


def check_params(name: str, kind: Any, params: Mapping[str, Any]) -> MemoryParams:
    """Validate parameters against the memory's `Params`.

    Raises:
        ConfigError: one is not what it must be.
        PluginError: a validator fails at it in a way of its own.
    """
    with _asking(name):
        try:
            checked: MemoryParams = kind.Params.model_validate(params)
        except ValidationError as error:
            raise ConfigError(_explain(name, kind, error)) from error
    return checked


def dumped(name: str, params: MemoryParams) -> dict[str, Any]:
    """Return parameters as files hold them.

    Raises:
        PluginError: a value of the memory's own cannot be written.
    """
    with _asking(name):
        return params.model_dump(mode="json")


def digests_of_files(name: str, params: MemoryParams) -> dict[str, str]:
    """Return digests of what parameters name on disk.

    Raises:
        MemevalError: it is not there, or cannot be used.
        PluginError: they cannot be told.
    """
    with _asking(name):
        return dict(params.digests_of_files())


def _asking(name: str) -> AbstractContextManager[None]:
    rule = "a memory's Params must take parameters or say what is wrong"
    return blaming(rule, f"memory {name!r}", "mend Params, or the value", doing="Params")


def nested(params: Mapping[Any, Any]) -> dict[str, Any]:
    """Turn dotted keys into nested tables: {"gate.tau": 1} becomes {"gate": {"tau": 1}}."""
    tree: dict[str, Any] = {}
    for key, value in params.items():
        if not isinstance(key, str) or not key:
            raise ConfigError(f"a parameter's name must be text, got {shown(key)}; mend the preset")
        *path, leaf = key.split(".")
        table = tree
        for part in path:
            table = table.setdefault(part, {})
            if not isinstance(table, dict):
                raise ConfigError(
                    f"a parameter is either a value or a table, got both for {shown(key)}; take "
                    "one out"
                )
        if isinstance(value, Mapping) and isinstance(table.get(leaf), dict):
            table[leaf] |= nested(value)
        else:
            table[leaf] = nested(value) if isinstance(value, Mapping) else value
    return tree


def parameter_defaults(model: type[BaseModel], prefix: str = "") -> dict[str, Any]:
    """Return all parameters by their dotted names, with their defaults."""
    defaults: dict[str, Any] = {}
    for field, info in model.model_fields.items():
        kind = info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            defaults |= parameter_defaults(kind, f"{prefix}{field}.")
        else:
            defaults[prefix + field] = info.get_default(call_default_factory=True)
    return defaults


def _purposes(model: type[BaseModel], prefix: str = "") -> dict[str, str]:
    """Return all parameters by their dotted names, with what each is for."""
    told: dict[str, str] = {}
    for field, info in model.model_fields.items():
        kind = info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            told |= _purposes(kind, f"{prefix}{field}.")
        else:
            told[prefix + field] = info.description or ""
    return told


def _explain(name: str, kind: Any, error: ValidationError) -> str:
    first = error.errors()[0]
    key = ".".join(map(str, first["loc"]))
    purposes = _purposes(kind.Params)
    below = {one: purposes[one] for one in purposes if one.startswith(f"{key}.")}
    if first["type"] == "extra_forbidden":
        key = _whole(key, first["input"])
        return unknown_name(f"a parameter of {name}", key, purposes, purposes)
    if below and not isinstance(first["input"], Mapping):
        return unknown_name(f"a parameter of {name}", key, _alike(kind, below, first["input"]))
    rule = first["msg"][:1].lower() + first["msg"][1:]
    which = f"parameter {shown_text(key)}" if key else "what the parameters say together"
    return (
        f"{which} of {name} is invalid: {shown_text(rule)}, got "
        f"{shown(first['input'])}; mend its value"
    )


def _whole(key: str, value: Any) -> str:
    """Return the name that was given, of whose parts an error tells only the first unknown one."""
    while isinstance(value, Mapping) and len(value) == 1:
        [(part, value)] = value.items()
        key = f"{key}.{part}"
    return key


def _alike(kind: Any, names: Iterable[str], value: object) -> list[str]:
    """Return the parameters that are of a value's kind, or all where none is."""
    defaults = parameter_defaults(kind.Params)
    same = [name for name in names if type(defaults[name]) is type(value)]
    return same or list(names)
