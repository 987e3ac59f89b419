"""Memories by name, built with what they need; what is missing is said before anything runs."""

import inspect
from collections.abc import Collection
from typing import Any

from memeval.errors import ConfigError, PluginError, blaming
from memeval.memories.contract import Memory, requirements
from memeval.memories.installed import check_installed
from memeval.memories.kinds import PARTS, memory_class
from memeval.memories.params import check_params, nested
from memeval.models import Encoder, TextModel, missing
from memeval.registry import MEMORIES


def load_memory(
    name: str,
    *,
    model: TextModel | None = None,
    encoder: Encoder | None = None,
    writer: TextModel | None = None,
    seed: int = 0,
    **params: Any,
) -> Memory:
    """Make an empty memory by its registered name, or by `path/to/file.py:Name`.

    It is handed what its class needs. The `writer`, for model calls of its own, is the model unless
    given. `params` are nested (`gate={"enabled": False}`) or dotted (`**{"gate.enabled": False}`).

    Raises:
        ConfigError: no such memory or parameter, a value of the wrong type, or something missing
            that the memory needs, a package too.
        PluginError: the class breaks the contract.
    """
    kind = memory_class(name)
    check_installed(name, kind)
    checked = check_params(name, kind, nested(params))
    parts = {"model": model, "encoder": encoder, "writer": model if writer is None else writer}
    given = {part: value for part, value in parts.items() if value is not None}
    check_parts(name, kind, given)
    check_wants(name, kind, missing(model, requirements(kind).wants))
    required = requirements(kind)
    needed = {part: given[part] for part in required.needs}
    needed |= {part: given[part] for part in required.uses if part in given}
    try:
        inspect.signature(kind).bind(checked, seed=seed, **needed)
    except TypeError as error:
        raise PluginError(
            f"a memory's constructor must take {', '.join(('params, *, seed', *needed))}, got: "
            f"{error} from {MEMORIES.plugin(name)}; mend it, or what the class says it needs"
        ) from error
    plugin = MEMORIES.plugin(name)
    rule = "a memory must be made without an error"
    with blaming(rule, plugin, "mend the class", doing="construction"):
        memory: Memory = kind(checked, seed=seed, **needed)
    return memory


def check_parts(name: str, kind: object, given: Collection[str]) -> None:
    """Refuse a memory that needs a part that is not given; nothing has to be loaded to know.

    Raises:
        ConfigError: a part is missing.
    """
    for part in requirements(kind).needs:
        if part not in given:
            raise ConfigError(f"memory {name!r} needs {PARTS[part]}, got none; give --{part} NAME")


def check_wants(name: str, kind: object, lacking: Collection[str]) -> None:
    """Refuse a model that cannot do what a memory wants of it.

    Raises:
        ConfigError: the model lacks a capability.
    """
    if lacking:
        raise ConfigError(
            f"memory {name!r} needs a model with {', '.join(requirements(kind).wants)}, got one "
            f"without {', '.join(lacking)}; give another --model or --memory-model, or another "
            "memory"
        )
