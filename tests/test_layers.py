"""The direction of imports, read from the syntax tree."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import memeval

PACKAGE = Path(memeval.__file__).parent
SIBLINGS = ("models", "suites", "scoring", "telemetry", "results")
LAYERS = (
    (
        *("errors", "near", "types", "words", "naming", "outside", "randomness", "atomic"),
        *("registry", "trial", "interruption"),
    ),
    ("parquet", "sealing", "prices"),
    ("config", "datasets"),
    ("preset",),
    ("study",),
    SIBLINGS,
    ("memories", "encoders", "judging", "fitting", "golds", "errata"),
    ("reader", "metrics"),
    ("navigation",),
    ("record",),
    ("runner",),
    ("session_result",),
    ("evaluating",),
    ("matrix", "reporting", "api"),
    ("loading", "reopening", "testing"),
    ("cli",),
    ("__main__", "__init__"),
)
RANK = {name: rank for rank, layer in enumerate(LAYERS) for name in layer}
FILES = sorted(PACKAGE.rglob("*.py"))
HEAVY = {"torch", "transformers", "accelerate"}


def part_of(path: Path) -> str:
    """Return the top-level module or subpackage a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@cache
def imports(path: Path) -> frozenset[str]:
    """Return the modules a file imports at run time, wherever the import stands."""
    return frozenset(_imports(ast.parse(path.read_text("utf-8"))))


def _imports(tree: ast.Module) -> Iterator[str]:
    typing_only = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and getattr(block.test, "id", "") == "TYPE_CHECKING"
        for node in ast.walk(block)
    }
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            yield module
            if module == "memeval":
                yield from (f"memeval.{alias.name}" for alias in node.names)


def own_imports(path: Path) -> set[str]:
    """Return the parts of memeval that a file imports, apart from its own."""
    parts = {name.split(".")[1] for name in imports(path) if name.startswith("memeval.")}
    return parts - {part_of(path)}


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_every_part_has_a_layer(path: Path) -> None:
    """No file stands outside the layers."""
    assert part_of(path) in RANK


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_lower_never_imports_higher_nor_its_siblings(path: Path) -> None:
    """A file imports only from layers below its own."""
    above = {name for name in own_imports(path) if RANK[name] >= RANK[part_of(path)]}
    assert above <= same_base_layer(path)


def same_base_layer(path: Path) -> set[str]:
    """Return the peers a file may import: only the small files at the very bottom have any."""
    return set(LAYERS[0]) if part_of(path) in LAYERS[0] else set()


def modules() -> dict[str, Path]:
    """Return every file by the name of its module."""
    named = {}
    for path in FILES:
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        named[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return named


def circles(graph: dict[str, set[str]]) -> list[set[str]]:
    """Return the groups of modules that import one another, however far round."""
    import networkx as nx

    found = nx.strongly_connected_components(nx.DiGraph(graph))  # type: ignore[attr-defined]
    return [group for group in found if len(group) > 1]


def all_imports(module: str, path: Path, known: dict[str, Path]) -> set[str]:
    """Return the modules that a file imports anywhere, for typing too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (inner & known.keys()) | ({node.module} if inner - known.keys() else set())
    return found & (known.keys() - {module})


def test_no_import_goes_round_in_a_circle() -> None:
    """Not within a part either, nor for typing alone."""
    known = modules()
    assert circles({name: all_imports(name, path, known) for name, path in known.items()}) == []


def test_a_circle_is_found() -> None:
    """The check can fail."""
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [{"a", "b", "c"}]


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_torch_is_imported_in_models_alone(path: Path) -> None:
    """Only the files of `models` import torch or transformers."""
    heavy = {name.split(".")[0] for name in imports(path)} & HEAVY
    assert not heavy or part_of(path) == "models"


def test_reporting_reads_only_types_scoring_and_results() -> None:
    """A report needs no model, memory or suite; of presets it reads what they are to others."""
    allowed = {"types", "scoring", "results", "errors", "atomic", "naming", "study", "preset"}
    allowed |= {"outside", "parquet", "prices"}
    for path in (PACKAGE / "reporting").glob("*.py"):
        assert own_imports(path) <= allowed


@pytest.mark.parametrize(
    "statement",
    [
        "import memeval",
        "import memeval.cli.app",
        "import memeval.reporting.markdown",
        "import memeval.models",
        "from memeval import load_memory, compare, evaluate",
    ],
)
def test_torch_is_loaded_only_with_a_model(statement: str) -> None:
    """Neither help, nor a report, nor the public names pull in torch."""
    code = f"{statement}\nimport sys\nassert not {HEAVY!r} & set(sys.modules), 'heavy import'"
    subprocess.run([sys.executable, "-c", code], check=True)
