"""What a model's name stands for, told before anything is loaded.

A registered name goes before a path, and a path before a hub id; `./NAME` is always a path, and
`FOLDER/NAME` is one where that folder is here, unless it is in the Hub's cache.
"""

import os
import re
from difflib import get_close_matches
from pathlib import Path

from memeval.errors import ModelError, unknown_name
from memeval.models.served.address import KIND, Address, is_served, read_address
from memeval.outside import find_file, path_of, shown
from memeval.registry import FILE, MODELS

GGUF = ".gguf"
GGUF_MAGIC = b"GGUF"
HUB_ID = re.compile(r"[\w.-]+(/[\w.-]+)?", re.ASCII)
LONGEST_HUB_ID = 96
NEAR = 0.7
NEEDED = {"config.json": "a config.json", "*.safetensors": "weights as *.safetensors"}
"""What transformers cannot do without, in a folder."""


def is_registered(name: str) -> bool:
    """Whether a plugin is meant, with or without an argument, or a file of one's own."""
    return FILE in name or name.partition(":")[0] in MODELS.plugins()


def local_path(name: str) -> Path | None:
    """Return the path that a name stands for, be something there or not; None if it is no path."""
    if is_registered(name):
        return None
    path = path_of(name)
    is_path = name.startswith((".", "~", os.sep)) or name.endswith((GGUF, os.sep))
    is_path |= name.count(os.sep) > 1 or (bool(name) and os.path.isdir(path))  # noqa: PTH112
    return path if is_path or _is_below_a_folder(name) else None


def _is_below_a_folder(name: str) -> bool:
    parent, slash, _ = name.partition(os.sep)
    return bool(slash) and os.path.isdir(parent) and not is_cached(name)  # noqa: PTH112


def model_name(name: str) -> str:
    """Return a model's one name, however its path was written: seen from here, or absolute.

    That of a served one holds its address, be it given or from the environment.
    """
    if is_served(name):
        return str(_address(name))
    path = local_path(name)
    if path is None or not os.path.exists(path):  # noqa: PTH110 - Path.exists raises on long ones
        return name
    is_plain = path.name not in {"", ".."}
    whole = path.parent.resolve() / path.name if is_plain else path.resolve()
    here = Path.cwd()
    if here not in whole.parents:
        return str(whole)
    near = str(whole.relative_to(here))
    return f".{os.sep}{near}" if local_path(near) is None else near


def check_model(name: str) -> None:
    """Refuse what can be no model: nothing is there, or a part is missing. Hubs are not asked.

    Raises:
        ModelError: the path leads to no model, or the name is none that a model can have.
    """
    path = local_path(name)
    if path is not None:
        _check_path(name, path)
    elif is_served(name):
        _address(name)
    elif not is_registered(name):
        _check_hub_id(name)


def whereabouts(name: str) -> str:
    """Say where a model is found, and what is left to be seen once it is loaded."""
    if is_served(name):
        return "served; asked when it runs"
    if is_registered(name):
        return "registered; loaded, or fetched, when it runs"
    if (path := local_path(name)) is not None:
        return "a folder, weights not read" if path.is_dir() else "a GGUF file, not read"
    from huggingface_hub import constants

    if is_cached(name):
        return "in the Hub's cache, weights not read"
    if constants.HF_HUB_OFFLINE:
        return "no folder here, not in the Hub's cache, and HF_HUB_OFFLINE forbids to fetch it"
    return "no folder here; needs a download from the Hub, not checked"


def is_cached(name: str) -> bool:
    """Whether a hub id's configuration and weights are in the Hub's cache; nothing is fetched."""
    from huggingface_hub import try_to_load_from_cache

    if not HUB_ID.fullmatch(name):
        return False
    found = try_to_load_from_cache(name, "config.json")
    return isinstance(found, str) and any(Path(found).parent.glob("*.safetensors"))


def check_folder(folder: Path) -> None:
    """Refuse a folder that lacks what transformers cannot do without.

    Raises:
        ModelError: it has no configuration or no weights that can be read.
    """
    for pattern, what in NEEDED.items():
        if not any(folder.glob(pattern)):
            raise ModelError(
                f"a model folder must hold {what}, got {str(folder)!r} with none; save the model "
                "with save_pretrained, or name a .gguf file"
            )


def _address(name: str) -> Address:
    return read_address(name.removeprefix(f"{KIND}:"))


def _check_path(name: str, path: Path) -> None:
    if os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises on long ones
        check_folder(path)
    elif not name.endswith(GGUF):
        got = "a file" if find_file(name) else "no such folder"
        raise ModelError(
            f"a model's path must lead to a folder or a {GGUF} file, got {got}: {shown(name)}; "
            "check the path"
        )
    elif find_file(name) is None:
        raise ModelError(
            f"a {GGUF} model must be a file that is there, got no such file: {shown(name)}; check "
            "the path"
        )
    else:
        _check_gguf(name, path)


def _check_gguf(name: str, path: Path) -> None:
    with path.open("rb") as file:
        got = file.read(len(GGUF_MAGIC))
    if got != GGUF_MAGIC:
        raise ModelError(
            f"a {GGUF} file must begin with {GGUF_MAGIC!r}, got {got!r} in {shown(name)}; download "
            "the file again"
        )


def _check_hub_id(name: str) -> None:
    plain = name.partition(":")[0]
    names = MODELS.names()
    if ":" in name or not name or get_close_matches(name, names, cutoff=NEAR):
        raise ModelError(unknown_name("a model", plain, names))
    if not HUB_ID.fullmatch(name) or len(name) > LONGEST_HUB_ID:
        raise ModelError(
            f"a model must be a file, a folder or a hub id, got {shown(name)}, which is no such "
            "name; check the path"
        )
