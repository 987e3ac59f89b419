"""Finds a model by name: a registered one, or what transformers can load."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from memeval.errors import ConfigError, PluginError, blaming
from memeval.models.base import TextModel
from memeval.models.capabilities import CAPABILITIES
from memeval.models.contract import checked_model
from memeval.models.places import check_model, local_path
from memeval.models.served.address import is_served
from memeval.registry import FILE, MODELS, Plugin


def load_model(
    name: str,
    *,
    cache_dir: Path,
    device: str = "auto",
    precision: str = "auto",
    batch_size: int | None = None,
    threads: int | None = None,
    concurrency: int | None = None,
    window: int | None = None,
) -> TextModel:
    """Load a model by name.

    `name` is that of a registered model ("smollm2" is embedded, "scripted" a fake), with what it
    takes behind a colon, `NAME:REST`; or `path/to/file.py:Class`; or a `.gguf` file, a local folder
    or a Hugging Face id. `threads` pins the CPU threads of a forward pass, `precision` what a
    local model is kept in: float32, bfloat16, or what suits the device. Of a served model,
    `openai:NAME@BASE_URL`, `concurrency` bounds the requests under way, and `window` says what the
    server does not.

    Raises:
        ConfigError: this machine has no such device, there is no such precision, or the name takes
            no argument, or wants one.
        ModelError: there is no such model, or its weights cannot be used.
        PluginError: a registered model cannot be imported or made, or breaks its contract.
    """
    options: dict[str, Any] = {
        "device": device,
        "precision": precision,
        "batch_size": batch_size,
        "threads": threads,
    }
    plugin, argument = _registered(name)
    if plugin is not None:
        served = {"concurrency": concurrency, "window": window}
        return _made(plugin, name, argument, {"cache_dir": cache_dir, **options, **served})
    from memeval.models.local.loading import checked_device, checked_precision, load

    checked_precision(precision, checked_device(device))
    check_model(name)
    return load(_source(name, cache_dir), name=name, **options)


def lacking(name: str, wants: Iterable[str]) -> list[str]:
    """Return which capabilities a model will not have; nothing is loaded to know.

    Only the class of a registered model tells: whatever else is named is taken to have them all,
    and a served one to have what any of them has.

    Raises:
        PluginError: a registered model cannot be imported.
    """
    plugin, _ = _registered(name)
    kind = plugin.load() if plugin else None
    if is_served(name):
        from memeval.models.served.scoring import ScoringModel

        kind = ScoringModel
    if not isinstance(kind, type):
        return []
    return [want for want in wants if not issubclass(kind, CAPABILITIES[want])]


def model_module(name: str) -> str | None:
    """Return the module that a registered model is defined in; None for any other."""
    plugin, _ = _registered(name)
    return plugin.value.partition(":")[0] if plugin else None


def is_own_model(name: str) -> bool:
    """Whether a model is no plugin of somebody else's."""
    plugin, _ = _registered(name)
    return plugin is None or plugin.is_own


def _registered(name: str) -> tuple[Plugin | None, str | None]:
    """Return the plugin that a name stands for, if there is one, and the rest of the name."""
    known = MODELS.plugins()
    first, colon, rest = name.partition(":")
    if name in known or FILE in name:
        return MODELS.plugin(name), None
    if colon and first in known:
        return known[first], rest
    return None, None


def _made(plugin: Plugin, name: str, argument: str | None, options: dict[str, Any]) -> TextModel:
    """Call what is registered with the options that its signature names; check what it gives."""
    maker = plugin.load()
    if not callable(maker):
        raise PluginError(
            f"a registered model must be a class or a function, got {maker!r} from {plugin}; "
            "register what makes the model"
        )
    wanted = parameters(maker)
    _check_argument(plugin, argument, wanted)
    if argument is not None:
        options["argument"] = argument
    rule = "a registered model must be made without an error"
    with blaming(rule, plugin, "mend the model", doing="construction"):
        made = maker(**{key: value for key, value in options.items() if key in wanted})
        model = checked_model(made, str(plugin))
    if model.name == type(model).__name__.lower():  # nobody chose it
        with suppress(AttributeError):  # a model that cannot be changed keeps it
            model.name = name
    return model


def _check_argument(
    plugin: Plugin, argument: str | None, wanted: Mapping[str, inspect.Parameter]
) -> None:
    """Refuse a rest of a name that the model does not take, and one that is missing."""
    if argument is not None and "argument" not in wanted:
        raise ConfigError(
            f"model {plugin.name!r} takes nothing behind a colon, got {argument!r}; "
            f"name it {plugin.name}"
        )
    parameter = wanted.get("argument")
    if argument is None and parameter and parameter.default is inspect.Parameter.empty:
        raise ConfigError(
            f"model {plugin.name!r} must be told what to load, got nothing behind its name; "
            f"name it {plugin.name}:REST"
        )


def parameters(maker: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    """Return what can be handed to a class or function, by name; nothing where it cannot tell."""
    try:
        return dict(inspect.signature(maker).parameters)
    except (TypeError, ValueError):  # as of some that are written in C
        return {}


def _source(name: str, cache_dir: Path) -> str | Path:
    path = local_path(name)
    if path is None:
        return name
    if path.is_dir():
        return path
    from memeval.models.local.gguf import converted

    return converted(path.resolve(), cache_dir)
