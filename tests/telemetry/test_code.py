"""What source a result rests on."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from memeval.registry import MEMORIES
from memeval.telemetry.code import code_hash, source_files


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a package whose module `memory` imports `helper`, but not `other`."""
    folder = tmp_path / "vault"
    (folder / "words").mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    (folder / "memory.py").write_text(
        "def late():\n    from . import helper\n    from memeval import types\n"
    )
    (folder / "helper.py").write_text("import json\n")
    (folder / "other.py").write_text("import vault.memory\n")
    (folder / "words" / "en.yaml").write_text("north: 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "vault", raising=False)  # of the test before
    code_hash.cache_clear()
    return folder


def test_files_are_those_that_a_module_imports_and_the_data_beside_it(package: Path) -> None:
    """Imports inside functions and relative ones count; other packages and modules do not."""
    files = source_files("vault.memory")
    mine = {str(path.relative_to(package)) for path in files if package in path.parents}
    assert mine == {"__init__.py", "memory.py", "helper.py", "words/en.yaml"}
    assert {path.parent.name + "/" + path.name for path in files} >= {"memeval/types.py"}
    assert not any(path.parts[-2] == "json" for path in files)


@pytest.mark.parametrize("name", ["memory.py", "helper.py", "words/en.yaml"])
def test_a_change_of_what_is_reached_changes_the_hash(package: Path, name: str) -> None:
    """A helper and a word list decide what a memory does as its own file does."""
    before = code_hash("vault.memory")
    (package / name).write_text((package / name).read_text() + "\n# changed\n")
    code_hash.cache_clear()
    assert code_hash("vault.memory") != before


def test_a_change_elsewhere_keeps_the_hash(package: Path) -> None:
    """What the module does not import cannot change its results."""
    before = code_hash("vault.memory")
    (package / "other.py").write_text("CHANGED = 1\n")
    code_hash.cache_clear()
    assert code_hash("vault.memory") == before


def test_a_file_is_parsed_once_for_all_that_rest_on_it(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every pair of memory and suite rests on much the same files, and a plan has many pairs."""
    source_files("vault.memory")
    parse = ast.parse
    parsed: list[bytes] = []
    monkeypatch.setattr(ast, "parse", lambda source: parsed.append(source) or parse(source))
    source_files("vault.memory", "vault.other")
    assert parsed == [(package / "other.py").read_bytes()]


def test_nothing_is_imported_to_be_read() -> None:
    """A plan asks for the code behind the models and must not wait for torch."""
    asked = (
        "import sys; from memeval.telemetry.code import source_files;"
        "assert len(source_files('memeval.models', '__main__')) > 10;"
        "assert not {'torch', 'transformers', 'memeval.models.local.engine'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", asked], check=True)


def test_no_memory_rests_on_another_or_on_the_report() -> None:
    """An edit of one memory leaves the cells of the others done; only `all` rests on three."""
    reached = {
        name: {path.parent.name for path in source_files(f"memeval.memories.{name}")}
        for name in ("hei_nw", "sgc_rss", "smpd", "all", "baselines")
    }
    memories = {"hei_nw", "sgc_rss", "smpd"}
    for name in memories:
        assert reached[name] & memories == {name}
    assert reached["baselines"] & memories == set()
    assert reached["all"] >= memories
    assert not {"reporting", "cli", "matrix"} & set().union(*reached.values())


def test_a_helper_beside_a_file_of_ones_own_changes_its_hash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is imported by its bare name; what lies elsewhere on the path does not count."""
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "mine.py").write_text("import aid_of_mine, numpy\nclass Mine: pass\n")
    (tmp_path / "aid_of_mine.py").write_text("K = 1\n")
    module = MEMORIES.plugin(f"{tmp_path}/mine.py:Mine").value.partition(":")[0]
    mine = {path.name for path in source_files(module) if path.parent == tmp_path}
    assert mine == {"mine.py", "aid_of_mine.py"}
    assert not any("numpy" in path.parts for path in source_files(module))
