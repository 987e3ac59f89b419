"""What makes a cell another cell."""

import ast
import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from memeval.datasets.dataset import Data
from memeval.matrix import Cell, Context, cell_folder, check_plan, run_cells
from memeval.matrix.identity import MEASURING, RESULT_PACKAGES, parts_of
from memeval.memories.installed import packages_of
from memeval.registry import ENCODERS, MEMORIES, SCORERS
from memeval.telemetry.code import source_files
from memeval.telemetry.dependencies import dependency_versions
from memeval.telemetry.provenance import package_versions
from memeval.types import PromptFormat

Plan = Callable[..., list[Cell]]
CARRYING = {
    *("filelock", "gguf", "huggingface_hub", "platformdirs", "psutil", "pyarrow", "pydantic"),
    "faiss",  # told by the parameters that ask for it
    *("openai", "pydantic_core", "pydantic_settings", "safetensors", "yaml"),
}
"""Packages that fetch, read, check or write what is there, whatever their version."""


def test_a_plugins_library_is_part_of_its_cells(
    small: Plan, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another version of what a memory's package needs is named, and its cell runs again."""
    from memeval.matrix import identity

    told = {"wordlib": "1.0"}
    monkeypatch.setattr(identity, "dependency_versions", lambda _: dict(told))
    cells = small("bm25", seeds=(1,))
    run_cells(cells, context)
    assert [state.kind for state in check_plan(cells, context)] == ["done"]
    told["wordlib"] = "2.0"
    [state] = check_plan(cells, context)
    assert (state.kind, state.why) == ("again", "wordlib 1.0 to 2.0")


def test_from_which_confidence_on_is_part_of_a_cell(small: Plan, context: Context) -> None:
    """It may change answers, and the wording of no prompt."""
    [cell] = small("bm25", seeds=(1,))
    prompt = PromptFormat(examples=())
    usual, strict = (
        parts_of(cell, context, Data([], "", replace(prompt, unknown_below=least)), None)
        for least in (0.0, 0.5)
    )
    assert usual["prompt"] == strict["prompt"]
    assert usual != strict


def test_the_meta_tells_what_results_rest_on(small: Plan, context: Context) -> None:
    """Every package that may round, split or rank otherwise, and where data is from."""
    [outcome] = run_cells(small("bm25", seeds=(1,)), context)
    meta = json.loads((outcome.folder / "meta.json").read_text())
    packages = meta["identity_parts"]["packages"]
    assert {"torch", "transformers", "tokenizers", "numpy", "bm25s"} <= packages.keys()
    assert dependency_versions("memeval") == {}
    assert meta["data"]["sessions"] == 1
    assert meta["format"] == 3


def third_party(files: Iterable[Path]) -> set[str]:
    """Return the packages of others that source files import."""
    found = set[str]()
    for file in files:
        for node in ast.walk(ast.parse(file.read_bytes())):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.partition(".")[0])
    return found - set(sys.stdlib_module_names) - {"memeval"}


def test_every_package_that_numbers_rest_on_is_part_of_a_cell() -> None:
    """Whatever models, memories, scorers and encoders import, but for what only carries."""
    named = [plugin for kind in (MEMORIES, SCORERS, ENCODERS) for plugin in kind.plugins().values()]
    told = {plugin.value for plugin in named if packages_of(plugin.load())}  # say so themselves
    own = [plugin.value for plugin in named if plugin.is_own and plugin.value not in told]
    modules = {value.partition(":")[0] for value in own}
    code = [file for file in source_files(*MEASURING, *modules) if file.suffix == ".py"]
    imported = {"PyStemmer" if name == "Stemmer" else name for name in third_party(code)}
    assert imported - CARRYING <= set(RESULT_PACKAGES) <= package_versions().keys()


def test_a_model_that_answers_otherwise_is_another_model(
    small: Plan, context: Context, tiny_folder: Callable[[str], Path], tmp_path: Path
) -> None:
    """A changed generation config of a model's folder runs its cells again."""
    import shutil
    from dataclasses import replace

    folder = tmp_path / "tiny"
    shutil.copytree(tiny_folder("llama"), folder)
    cells = [replace(cell, model=str(folder)) for cell in small("bm25", seeds=(1,))]
    run_cells(cells, context)
    before = (cell_folder(context.runs_dir, cells[0]) / "meta.json").read_text()
    assert [outcome.skipped for outcome in run_cells(cells, context)] == [True]
    config = json.loads((folder / "config.json").read_text())
    config["rope_parameters"] = {"rope_type": "default", "rope_theta": 12345.0}
    (folder / "config.json").write_text(json.dumps(config))
    assert [outcome.skipped for outcome in run_cells(cells, context)] == [False]
    assert (cell_folder(context.runs_dir, cells[0]) / "meta.json").read_text() != before
