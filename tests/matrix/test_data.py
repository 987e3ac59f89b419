"""The data of a plan: built once, begun anew after a kill, left alone where it is there."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from memeval.datasets import manifest
from memeval.datasets.folder import Folder
from memeval.datasets.generated import Generated
from memeval.errors import DataError
from memeval.matrix import Cell, Context, plan
from memeval.matrix.data import prepare
from memeval.preset import load_preset

Plan = Callable[..., list[Cell]]


def files(data_dir: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in data_dir.rglob("*.jsonl")}


@pytest.mark.parametrize("name", ["write_text", "manifest.record_files"])
def test_a_build_that_was_killed_is_begun_anew(
    small: Plan, context: Context, data_dir: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Neither one file of two, nor two that the manifest does not list, stop the next run."""
    cells = small("bm25", seeds=(1,))

    def killed(*_: object) -> None:
        (data_dir / "episodic/10_1").mkdir(parents=True, exist_ok=True)
        (data_dir / "episodic/10_1/events.jsonl").write_text("half")
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(f"memeval.datasets.generated.{name}", killed)
        with pytest.raises(KeyboardInterrupt):
            prepare(cells, context)
    prepare(cells, context)
    listed = manifest.read_manifest(data_dir)
    assert sorted(listed) == ["episodic/10_1/events.jsonl", "episodic/10_1/items.jsonl"]
    assert not list(data_dir.glob(".unfinished*"))


def test_a_note_beside_a_dataset_outlives_a_build_begun_anew(
    small: Plan, context: Context, data_dir: Path
) -> None:
    """What was left of a killed build is removed, and nothing else; a note alone is no dataset."""
    folder = data_dir / "episodic/10_1"
    folder.mkdir(parents=True)
    (folder / "note.md").write_text("mine")
    (folder / "events.jsonl").write_text("half")
    (data_dir / ".unfinished-episodic-10_1").touch()
    prepare(small("bm25", seeds=(1,)), context)
    assert (folder / "note.md").read_text() == "mine"
    assert (folder / "items.jsonl").is_file()


def test_a_file_that_no_build_wrote_is_not_built_over(small: Plan, data_dir: Path) -> None:
    """The manifest does not list it, so that it is somebody's own."""
    [cell] = small("bm25", seeds=(1,))
    (data_dir / "episodic/10_1").mkdir(parents=True)
    own = data_dir / "episodic/10_1/events.jsonl"
    own.write_text("mine")
    assert isinstance(cell.dataset, Generated)
    with pytest.raises(DataError, match=r"got '.*events\.jsonl', which MANIFEST\.json does not"):
        cell.dataset.build()
    assert own.read_text() == "mine"


def test_data_that_is_there_is_only_read(small: Plan, context: Context, data_dir: Path) -> None:
    """A second run writes nothing, not even a lock, so that the folder may be read-only."""
    prepare(small("bm25", seeds=(1,)), context)
    (data_dir / ".datasets.lock").unlink(missing_ok=True)
    before = {path.name for path in data_dir.rglob("*")}
    prepare(small("bm25", seeds=(1,)), context)
    assert {path.name for path in data_dir.rglob("*")} == before


def test_a_generator_that_changed_is_an_error_every_time(
    small: Plan, context: Context, data_dir: Path
) -> None:
    """A dataset that does not come out as listed leaves no mark that would accept it later."""
    cells = small("bm25", seeds=(1,))
    prepare(cells, context)
    listed = json.loads((data_dir / manifest.NAME).read_text())
    listed["files"]["episodic/10_1/events.jsonl"]["sha256"] = "0" * 64
    (data_dir / manifest.NAME).write_text(json.dumps(listed))
    for path in [*(data_dir / "episodic/10_1").iterdir()]:
        path.unlink()
    (data_dir / "episodic/10_1").rmdir()
    for _ in range(2):
        with pytest.raises(DataError, match="the generator has changed"):
            prepare(cells, context)
    assert files(data_dir) == {}


def test_a_dataset_of_ones_own_is_left_alone(
    context: Context, tmp_path: Path, data_dir: Path
) -> None:
    """No data folder appears for data that lies elsewhere."""
    (tmp_path / "own").mkdir()
    (tmp_path / "own/events.jsonl").write_text('{"id": "e1", "text": "Nora moved to Porto."}\n')
    (tmp_path / "own/items.jsonl").write_text('{"question": "Where?", "answers": ["Porto"]}\n')
    cells = plan([load_preset("baselines/rag")], ["scripted"], [Folder.at(tmp_path / "own")])
    prepare(cells, context)
    assert not data_dir.exists()
