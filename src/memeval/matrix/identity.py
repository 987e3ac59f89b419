"""What makes a cell the same cell: configuration, data, model and code; and whether it is done."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from memeval.datasets.dataset import Data
from memeval.errors import ConfigError, MemevalError
from memeval.judging import prompts_digest
from memeval.matrix.cells import Cell, Context, cell_folder, files_of, resolved_params
from memeval.matrix.data import Datasets, is_built
from memeval.matrix.texts import names_only, wanted_texts, without_places
from memeval.matrix.twins import Twins, source_of
from memeval.matrix.variants import Variant
from memeval.memories.contract import requirements
from memeval.memories.installed import packages_of
from memeval.memories.kinds import memory_class
from memeval.models import TextModel, model_module
from memeval.models.contract import answering, whose
from memeval.outside import shown
from memeval.preset import Preset
from memeval.registry import MEMORIES, SCORERS
from memeval.results import FAILURE, META, absent_files, read_cell
from memeval.telemetry.code import code_hash
from memeval.telemetry.dependencies import dependency_versions
from memeval.telemetry.provenance import git_state, machine, package_versions

MEASURING = ("memeval.evaluating", "memeval.models")
"""The modules behind every number; data and its prompt have digests of their own."""
RESULT_PACKAGES = (
    "torch",
    "transformers",
    "tokenizers",
    "numpy",
    "scipy",
    "bm25s",
    "PyStemmer",
    "nltk",
    "networkx",
)
"""Another version of these may round, split or rank differently."""


@dataclass(frozen=True, slots=True)
class State:
    """Whether a cell has to be run, and why; one that is damaged was done once.

    "reuse" is one that another cell of the run has measured, the same under another name.
    """

    kind: Literal["run", "again", "done", "reuse"]
    why: str = ""
    is_damaged: bool = False


def parts_of(
    cell: Cell, context: Context, data: Data | None, model: TextModel | None
) -> dict[str, Any]:
    """Return what a cell's numbers depend on, by name; what is not known yet is left out."""
    packages = package_versions()
    scorers = data.scorers if data else ()
    distributions = {MEMORIES.plugin(cell.preset.memory).distribution}
    distributions |= {*packages_of(memory_class(cell.preset.memory))}
    distributions |= {SCORERS.plugin(name).distribution for name in scorers}
    parts = {
        "configuration": digest(configuration(cell, context)),
        "code": code_hash(*MEASURING),
        "memory's code": code_hash(memory_class(cell.preset.memory).__module__),
        **({"model's code": code_hash(own)} if (own := model_module(cell.model)) else {}),
        "packages": {name: packages[name] for name in RESULT_PACKAGES}
        | {n: v for one in distributions for n, v in dependency_versions(one).items()},
        "threads": context.threads,
        "seed": cell.seed,
        **files_of(cell.preset),
    }
    if data is not None:
        prompt = data.prompt
        parts |= {"data": data.digest, "prompt": digest(prompt.wording() if prompt else {})}
        if prompt and prompt.unknown_below:
            parts["unknown below"] = prompt.unknown_below
        if scorers:
            modules = (SCORERS.plugin(name).value.partition(":")[0] for name in scorers)
            parts["scorers' code"] = code_hash(*modules)
    if model is not None:
        device = _description(cell, model).get("device", "none")
        with answering(whose(cell.model)):
            parts |= {"model": model.fingerprint(), "device": device}
    return parts


def configuration(cell: Cell, context: Context) -> dict[str, Any]:
    """Return the resolved configuration, defaults included."""
    needs = requirements(memory_class(cell.preset.memory)).parts
    named = {"encoder": context.encoder, "writer": context.writer}
    if context.memory_model:
        named["model"] = context.memory_model
    return {
        "memory": cell.preset.memory,
        "params": resolved_params(cell.preset),
        "reader": cell.preset.reader.model_dump(mode="json"),
        "limit": context.limit,
        **({"judge": context.judge, "judge_votes": context.judge_votes} if context.judge else {}),
        **{part: name for part, name in named.items() if part in needs},
    }


def overrides(preset: Preset, context: Context) -> dict[str, Any]:
    """Return what the command line changed about a preset."""
    return preset.overrides | ({"limit": context.limit} if context.limit else {})


def describe(
    cell: Cell, context: Context, data: Data, model: TextModel, companions: Mapping[str, str]
) -> dict[str, Any]:
    """Return the cell's `meta.json`: what was run, on what, by what, and from where."""
    parts = parts_of(cell, context, data, model) | dict(companions)
    is_kept = wanted_texts(data, context) is not False
    config = configuration(cell, context)
    return {
        "identity": digest(parts),
        "identity_parts": parts,
        "text_kept": is_kept,
        "preset": cell.preset.name,
        "variant": cell.preset.variant,
        **({"ablated": cell.preset.ablated} if isinstance(cell.preset, Variant) else {}),
        "suite": cell.suite,
        "size": cell.size,
        "seed": cell.seed,
        "model": {
            "name": model.name,
            "asked": cell.model,
            "fingerprint": parts["model"],
            **_description(cell, model),
        },
        "config": config if is_kept else without_places(config),
        "config_hash": parts["configuration"],
        "overrides": overrides(cell.preset, context),
        **_judge_told(context),
        "role": cell.preset.role,
        "data": _told(data, is_kept=is_kept),
        "dataset_sha256": parts["data"],
        "prompt_hash": parts["prompt"],
        "code_hash": parts["code"],
        "memory_code_hash": parts["memory's code"],
        "git": git_state(),
        "machine": machine(),
        "packages": package_versions(),
        "threads": context.threads,
        "command": context.command if is_kept else names_only(context.command),
    }


def _judge_told(context: Context) -> dict[str, Any]:
    """Return which model judged by which prompts, if one did."""
    if context.judge is None:
        return {}
    told = {"model": context.judge, "votes": context.judge_votes, "prompts": prompts_digest()}
    return {"judge": told}


def _told(data: Data, *, is_kept: bool) -> dict[str, Any]:
    """Return what a cell says of its data, where it lies included if texts are kept."""
    is_path = Path(data.source).is_absolute()
    return {
        "source": Path(data.source).name if is_path and not is_kept else data.source,
        "generated": data.is_generated,
        "private": data.private,
        "licence": data.licence,
        "citation": data.citation,
        "sessions": len(data.sessions),
        "scorers": list(data.scorers),
        "left_out": dict(data.left_out),
        "remarks": dict(data.remarks),
        **(_way_back(data, is_kept=is_kept) if data.asked else {}),
    }


def _way_back(data: Data, *, is_kept: bool) -> dict[str, Any]:
    """Return how the data was asked for, files by their names alone where no text is kept."""
    if is_kept:
        return {"asked": data.asked, "options": dict(data.options)}
    options = {name: names_only(str(value)) for name, value in data.options.items()}
    return {"asked": names_only(data.asked), "options": options}


def _description(cell: Cell, model: TextModel) -> dict[str, str | int]:
    with answering(whose(cell.model)):
        return model.description()


def state_of(cell: Cell, context: Context, datasets: Datasets, twins: Twins) -> State:
    """Tell what a plan has to do about a cell. No model is loaded: its weights are taken on trust.

    Raises:
        ConfigError: its folder holds the cell with other overrides, which answer another question.
        DataError: its data is there and broken.
    """
    state = _state_alone(cell, context, datasets)
    folder = cell_folder(context.runs_dir, cell)
    if state.kind == "done" or not is_built(cell) or not twins.has(folder):
        return state
    data = datasets.open(cell)
    parts, wanted = parts_of(cell, context, data, None), wanted_texts(data, context)

    def is_same(meta: Mapping[str, Any]) -> bool:
        return is_alike(meta.get("identity_parts"), parts) and holds_texts(meta, wanted)

    twin = twins.find(folder, is_same)
    return State("reuse", f"{source_of(twin.meta)} has it") if twin else state


def _state_alone(cell: Cell, context: Context, datasets: Datasets) -> State:
    """Tell what has to be done about a cell as far as its own folder tells."""
    folder = cell_folder(context.runs_dir, cell)
    if (folder / FAILURE).is_file():
        return State("again", "it failed")
    if not (folder / META).is_file():
        return State("run")
    data = datasets.open(cell) if is_built(cell) else None
    parts, wanted = parts_of(cell, context, data, None), context.keep_text
    if data is not None:
        wanted = wanted_texts(data, context)
    return compared(folder, parts, overrides(cell.preset, context), wanted)


def holds_texts(meta: Mapping[str, Any], wanted: bool | None) -> bool:
    """Whether a cell holds texts where it must, and none where it must not; older cells do."""
    return wanted is None or wanted == meta.get("text_kept", True)


def compared(
    folder: Path,
    parts: Mapping[str, Any],
    changed: Mapping[str, Any],
    texts: bool | None = None,
) -> State:
    """Compare the cell in a folder with what is to be run there; done is what can be read, whole.

    Whether it must hold `texts`, or must not, is None where either will do.

    Raises:
        ConfigError: it has other overrides.
    """
    try:
        stored = read_cell(folder).meta
    except MemevalError as error:
        return State("again", f"its files are broken: {error.__cause__ or error}", is_damaged=True)
    if stored.get("overrides", {}) != changed:
        raise ConfigError(
            "a run must keep to one set of overrides under one name, got "
            f"{shown(dict(changed))} where {str(folder)!r} has "
            f"{shown(stored.get('overrides', {}))}; name the new one as a variant, take another "
            "--run, or replace the old one with --force"
        )
    before = stored.get("identity_parts")
    if before is None:
        return State("again", "written by an older memeval")
    changes = differences(before, parts)
    if changes:
        return State("again", ", ".join(changes))
    if not holds_texts(stored, texts):
        why = "its texts were not kept" if texts else "it holds texts that are not to be kept"
        return State("again", why)
    if absent := absent_files(folder):  # as in a clone, which may hold the small files alone
        return State("again", f"it has no {', '.join(absent)}")
    return State("done")


def is_alike(before: Any, now: Mapping[str, Any]) -> bool:
    """Whether a cell's parts are there and none of those that are known is another."""
    return isinstance(before, Mapping) and not differences(before, now)


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Name the parts that are not what they were; those that are no digests with both values.

    What is not known now is passed over.
    """
    found = []
    for name, value in now.items():
        earlier = before.get(name)
        if value == earlier:
            continue
        if isinstance(value, Mapping) and isinstance(earlier, Mapping):
            found += differences(earlier, value)
        elif isinstance(value, str) and len(value) == len(digest({})):
            found.append(f"{name} changed")
        else:
            found.append(f"{name} {earlier} to {value}")
    return found


def digest(content: Mapping[str, Any]) -> str:
    """Return a digest of what JSON can hold, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
