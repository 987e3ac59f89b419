"""Finds an encoder by name: a registered one, a file of one's own, or a local folder."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from memeval.encoders.cached import CachedEncoder
from memeval.encoders.checked import CheckedEncoder
from memeval.encoders.vectors import KeptVectors
from memeval.errors import ConfigError, PluginError, blaming
from memeval.models import Encoder, check_model, model_name
from memeval.models.finding import parameters
from memeval.models.local.sentence_folder import read_layout
from memeval.models.served.address import KIND, is_served
from memeval.naming import slug
from memeval.outside import path_of, shown
from memeval.registry import ENCODERS, FILE, Plugin
from memeval.telemetry.code import code_hash
from memeval.telemetry.provenance import package_versions

VECTOR_PACKAGES = ("torch", "transformers", "tokenizers", "numpy")
"""Another version of these may round or split differently."""
OF_FOLDERS = "memeval.models.local.sentences"
"""The module that reads folders of sentence-transformers."""


def load_encoder(
    name: str,
    *,
    cache_dir: Path,
    device: str = "auto",
    threads: int | None = None,
    vector_cache: bool = True,
    concurrency: int | None = None,
) -> CachedEncoder:
    """Load an encoder by name.

    `name` is that of a registered encoder ("minilm" is embedded, "scripted" a fake), or
    `path/to/file.py:Class`, or a local folder of sentence-transformers, or one that is served,
    `openai:NAME@BASE_URL`. `threads` pins the CPU
    threads of a forward pass. With `vector_cache`, the vectors of one that has a fingerprint are
    kept below `cache_dir`.

    Raises:
        ConfigError: no such encoder, or this machine has no such device.
        ModelError: its weights cannot be fetched or used.
        PluginError: it cannot be imported or made, or is no encoder.
    """
    options: dict[str, Any] = {"cache_dir": cache_dir, "device": device, "threads": threads}
    options |= {"argument": name.partition(":")[2], "concurrency": concurrency}
    plugin = _plugin(name)
    whose = f"encoder {name!r}" if plugin is None else str(plugin)
    made = _of_folder(name, options) if plugin is None else _made(plugin, options)
    encoder = CheckedEncoder(made, whose)
    encoder.encode(["a"], kind="query")
    fingerprint = encoder.fingerprint()
    if not (vector_cache and fingerprint):
        return CachedEncoder(encoder)
    versions = [package_versions()[package] for package in VECTOR_PACKAGES]
    told = json.dumps([fingerprint, code_hash(_module(plugin)), versions, encoder.width])
    identity = hashlib.sha256(told.encode()).hexdigest()
    file = cache_dir / "vectors" / f"{slug(encoder.name, 'encoder')}-{identity[:16]}.sqlite"
    return CachedEncoder(encoder, KeptVectors(file, identity, encoder.width))


def check_encoder(name: str) -> None:
    """Refuse what can be no encoder; nothing is imported or loaded.

    Raises:
        ConfigError: no such name, file or folder.
        ModelError: a folder that holds no encoder that is understood.
    """
    if is_served(name):
        check_model(name)
    elif _plugin(name) is None:
        read_layout(path_of(name))


def encoder_name(name: str) -> str:
    """Return an encoder's one name: a folder is named by where it lies, however it was written."""
    if is_served(name):
        return model_name(name)
    return name if _is_registered(name) or not _is_folder(name) else str(path_of(name).resolve())


def encoder_module(name: str) -> str:
    """Return the module that an encoder's vectors are made in; a folder's is the engine's own."""
    return _module(_plugin(name))


def is_own_encoder(name: str) -> bool:
    """Whether an encoder is no plugin of somebody else's."""
    plugin = _plugin(name)
    return plugin is None or plugin.is_own


def _plugin(name: str) -> Plugin | None:
    """Return the plugin that a name stands for; None for a folder."""
    if is_served(name):
        return ENCODERS.plugin(KIND)
    if _is_registered(name):
        return ENCODERS.plugin(name)
    if _is_folder(name):
        return None
    if os.sep in name:
        raise ConfigError(
            f"an encoder's path must lead to a folder, got no folder {shown(name)}; encoders are "
            "not fetched from the Hub: name a local folder, or minilm, which is all-MiniLM-L6-v2"
        )
    return ENCODERS.plugin(name)


def _is_registered(name: str) -> bool:
    return FILE in name or name in ENCODERS.plugins()


def _is_folder(name: str) -> bool:
    return bool(name) and os.path.isdir(path_of(name))  # noqa: PTH112 - Path.is_dir raises


def _module(plugin: Plugin | None) -> str:
    return plugin.value.partition(":")[0] if plugin else OF_FOLDERS


def _of_folder(name: str, options: dict[str, Any]) -> Encoder:
    from memeval.models.local.sentences import load

    folder = path_of(name)
    named = folder.name or folder.resolve().name
    return load(folder, name=named, device=options["device"], threads=options["threads"])


def _made(plugin: Plugin, options: dict[str, Any]) -> Encoder:
    """Call what is registered with the options that its signature names."""
    maker = plugin.load()
    with blaming(
        "an encoder must be made without an error", plugin, "mend the encoder", doing="construction"
    ):
        wanted = parameters(maker) if callable(maker) else {}
        given = {key: value for key, value in options.items() if key in wanted}
        encoder = maker(**given) if callable(maker) else maker
    if not isinstance(encoder, Encoder):
        raise PluginError(
            "an encoder must have name, width and encode(texts, kind), got "
            f"{type(encoder).__name__} from {plugin}; add what is missing"
        )
    return encoder
