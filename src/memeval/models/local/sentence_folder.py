"""What a folder of sentence-transformers says beside its model: pooling, length and prompts.

`modules.json` names the steps from text to vector:

    [{"path": "", "type": "sentence_transformers.models.Transformer"},
     {"path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
     {"path": "2_Normalize", "type": "sentence_transformers.models.Normalize"}]

Versions differ in the middle of a type, and in how the pooling is named.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from memeval.errors import ModelError
from memeval.outside import UnreadableError, read_json, shown

MODULES = "modules.json"
PROMPTS = "config_sentence_transformers.json"
TRANSFORMER = "sentence_*_config.json"
STEPS = (("Transformer", "Pooling"), ("Transformer", "Pooling", "Normalize"))
"""What is understood; vectors are made of length 1 in any case."""
POOLINGS = ("mean", "cls", "max")
OLD_POOLINGS = {
    "pooling_mode_mean_tokens": "mean",
    "pooling_mode_cls_token": "cls",
    "pooling_mode_max_tokens": "max",
}
PROMPTS_OF = {"query": ("query",), "event": ("document", "passage", "corpus")}
"""The names by which the prompt of a kind is looked for; the first that is there is taken."""
NEXT_STEP = "take another encoder, or wrap it in a class of your own: --encoder FILE.py:CLASS"


@dataclass(frozen=True, slots=True)
class Layout:
    """How a folder's model makes vectors; `prompts` are put before texts, by their kind.

    `max_tokens` is None where the folder leaves it to the tokenizer.
    """

    transformer: Path
    pooling: str
    max_tokens: int | None
    lowercase: bool
    prompts: Mapping[str, str]


def read_layout(folder: Path) -> Layout:
    """Read how a folder's model makes vectors of texts.

    Raises:
        ModelError: it is no folder of sentence-transformers, or holds a step that is not known.
    """
    modules = _content(folder / MODULES, list)
    steps = tuple(_step(module, folder) for module in modules)
    if steps not in STEPS:
        got = ", ".join(steps) or "nothing"
        raise _refused(f"make vectors by {', '.join(STEPS[0])} alone", shown(got), folder)
    places = [_inside(folder, module.get("path")) for module in modules[:2]]
    pooling = _content(places[1] / "config.json", dict)
    told = _transformer(places[0])
    max_tokens = told.get("max_seq_length")
    if not (max_tokens is None or (type(max_tokens) is int and max_tokens > 2)):
        raise _refused("read a number of tokens", f"max_seq_length {shown(max_tokens)}", folder)
    prompts = _prompts(folder)
    if any(prompts.values()) and pooling.get("include_prompt", True) is not True:
        raise _refused("pool the prompt with the text", "include_prompt false", folder)
    return Layout(
        transformer=places[0],
        pooling=_pooling(pooling, folder),
        max_tokens=max_tokens,
        lowercase=told.get("do_lower_case", False) is True,
        prompts=prompts,
    )


def _step(module: Any, folder: Path) -> str:
    """Return what a step is; one that is code of somebody else's keeps its whole name."""
    kind = module.get("type") if isinstance(module, dict) else None
    if not isinstance(kind, str):
        raise _refused(f"name the steps in {MODULES}", shown(module), folder)
    return kind.rpartition(".")[2] if kind.startswith("sentence_transformers.") else kind


def _inside(folder: Path, name: object) -> Path:
    place = folder / name if isinstance(name, str) else folder.parent
    if not place.resolve().is_relative_to(folder.resolve()):
        raise _refused("hold its steps itself", f"the path {shown(name)}", folder)
    return place


def _pooling(config: Mapping[str, Any], folder: Path) -> str:
    """Return the one way in which the vectors of tokens become one."""
    found = config.get("pooling_mode")
    if found is None:
        modes = [name for name in config if name.startswith("pooling_mode_") and config[name]]
        found = [OLD_POOLINGS.get(name, name) for name in modes] or "mean"
    if isinstance(found, list) and len(found) == 1:
        found = found[0]
    if found not in POOLINGS:
        raise _refused(f"pool by one of {', '.join(POOLINGS)}", shown(found), folder)
    return str(found)


def _transformer(place: Path) -> Mapping[str, Any]:
    """Return what stands beside the model's own configuration; older versions name it after it."""
    file = next(iter(sorted(place.glob(TRANSFORMER))), None)
    told: Mapping[str, Any] = _content(file, dict) if file else {}
    task = told.get("transformer_task", "feature-extraction")
    if task != "feature-extraction":
        raise _refused("hold a model that reads text", f"one for {shown(task)}", place)
    return told


def _prompts(folder: Path) -> dict[str, str]:
    file = folder / PROMPTS
    named = (_content(file, dict) if file.is_file() else {}).get("prompts") or {}
    if not (isinstance(named, dict) and all(isinstance(one, str) for one in named.values())):
        raise _refused("name its prompts as texts", shown(named), folder)
    return {
        kind: next((named[name] for name in names if name in named), "")
        for kind, names in PROMPTS_OF.items()
    }


def _content(file: Path, kind: type) -> Any:
    """Return the content of one of a folder's JSON files, a table or a list."""
    try:
        content = read_json(file.read_bytes())
    except (OSError, UnreadableError) as error:
        why = "none" if isinstance(error, FileNotFoundError) else str(error)
        raise _refused(f"hold a {file.name} that can be read", why, file.parent) from error
    if not isinstance(content, kind):
        raise _refused(f"hold a {kind.__name__} in {file.name}", shown(content), file.parent)
    return content


def _refused(rule: str, got: str, folder: Path) -> ModelError:
    return ModelError(
        f"an encoder's folder must be one of sentence-transformers and {rule}, got {got} in "
        f"{shown(str(folder))}; {NEXT_STEP}"
    )
