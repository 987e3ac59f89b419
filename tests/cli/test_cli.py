"""The command line as a user meets it: output, files, exit codes."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

Run = Callable[..., Any]
CELL = "runs/test/{}/scripted/episodic/50_1337"


def evaluate(memeval: Run, *arguments: object, preset: str = "baselines/oracle") -> Any:
    suite = () if "--suite" in arguments else ("--suite", "episodic")
    model = ("--model", "scripted", "--date", "test")
    return memeval("eval", "--preset", preset, *model, *suite, *arguments)


def test_eval_writes_four_files(memeval: Run, workplace: Path) -> None:
    """A cell is metrics.json, metrics.csv, meta.json and items.parquet, and nothing else."""
    done = evaluate(memeval)
    folder = workplace / CELL.format("baselines/oracle")
    assert done.code == 0, done.err
    names = {"metrics.json", "metrics.csv", "meta.json", "items.parquet"}
    assert {path.name for path in folder.iterdir()} == names
    assert pq.read_table(folder / "items.parquet").num_rows == 50


def test_meta_stands_alone(memeval: Run, workplace: Path) -> None:
    """meta.json says what was run, on what data and model, by what code, on what machine."""
    evaluate(memeval, "--set", "reader.traces=2", "--threads", "1")
    meta = json.loads((workplace / CELL.format("baselines/oracle") / "meta.json").read_text())
    assert meta["suite"] == "episodic"
    assert meta["seed"] == 1337
    assert meta["config"]["reader"]["traces"] == 2
    assert meta["model"]["fingerprint"]
    assert len(meta["dataset_sha256"]) == 64
    assert meta["threads"] == 1
    assert {"python", "os", "cpu", "cores"} <= meta["machine"].keys()
    assert meta["packages"]["torch"]
    assert {"commit", "dirty"} == meta["git"].keys()
    assert meta["command"].startswith("memeval eval")


def test_a_parameter_is_echoed_into_meta(memeval: Run, workplace: Path) -> None:
    """--set reaches the memory, and all parameters with their defaults are written down."""
    evaluate(memeval, "--set", "gate.enabled=false", preset="memory/hei_nw")
    meta = json.loads((workplace / CELL.format("memory/hei_nw") / "meta.json").read_text())
    assert meta["config"]["params"]["gate"]["enabled"] is False
    assert meta["config"]["params"]["dg"]["enabled"] is True


def test_the_same_command_gives_the_same_predictions(memeval: Run, workplace: Path) -> None:
    """Run again with --force, every prediction is the same."""
    items = workplace / CELL.format("memory/hei_nw") / "items.parquet"
    evaluate(memeval, preset="memory/hei_nw")
    first = pq.read_table(items, columns=["query_id", "prediction", "recalled_events"])
    evaluate(memeval, "--force", preset="memory/hei_nw")
    assert pq.read_table(items, columns=["query_id", "prediction", "recalled_events"]) == first


def test_a_finished_cell_is_not_run_again(memeval: Run, workplace: Path) -> None:
    """The same configuration, data, model and code is skipped."""
    evaluate(memeval)
    meta = workplace / CELL.format("baselines/oracle") / "meta.json"
    before = meta.stat().st_mtime_ns
    assert "1 cell was already done" in evaluate(memeval).out
    assert meta.stat().st_mtime_ns == before


@pytest.mark.parametrize("change", [("--limit", "5"), ("--set", "reader.traces=1")])
def test_overrides_do_not_replace_a_finished_cell(
    memeval: Run, workplace: Path, change: tuple[str, str]
) -> None:
    """Another question in the same run has a name beside it, unless --force says to replace."""
    evaluate(memeval)
    meta = workplace / CELL.format("baselines/oracle") / "meta.json"
    before = meta.read_bytes()
    beside = evaluate(memeval, *change)
    assert beside.code == 0, beside.err
    assert "--variant NAME names it" in beside.out
    assert meta.read_bytes() == before
    assert evaluate(memeval, *change, "--force").code == 0
    assert meta.read_bytes() != before


def test_an_edited_preset_runs_again(memeval: Run, workplace: Path) -> None:
    """A plan whose preset file has changed runs that preset again."""
    path = workplace / "mine.yaml"
    path.write_text("memory: bm25\n")
    evaluate(memeval, preset=path)
    path.write_text("memory: bm25\nreader: {traces: 2}\n")
    assert "already done" not in evaluate(memeval, preset=path).out
    meta = json.loads((workplace / CELL.format("mine") / "meta.json").read_text())
    assert meta["config"]["reader"]["traces"] == 2


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("baselines/core", "must have a name of its own"),
        ("../outside", "must be made of letters"),
        ("a//b", "must be made of letters"),
        ("memory/hei_nw/smollm2", "leads into the folder of memory/hei_nw"),
        ("ablations/hei_nw/mine", "leads into the folder of ablations"),
    ],
)
def test_a_preset_file_keeps_to_its_own_name(
    memeval: Run, workplace: Path, name: str, message: str
) -> None:
    """A file can neither pass for a shipped preset nor write elsewhere."""
    (workplace / "mine.yaml").write_text(f"name: {name}\nmemory: bm25\n")
    done = evaluate(memeval, "--dry-run", preset="mine.yaml")
    assert done.code == 2
    assert message in done.err


def test_two_presets_of_one_name_are_refused(memeval: Run, workplace: Path) -> None:
    """Two files whose cells would lie in one folder never overwrite one another."""
    for folder in ("a", "b"):
        (workplace / folder).mkdir()
        (workplace / folder / "mine.yaml").write_text("memory: bm25\n")
    done = evaluate(memeval, "--preset", "a/mine.yaml", preset="b/mine.yaml")
    assert done.code == 2
    assert "got 'mine' twice" in done.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--set", "gate={1: false}"), "a parameter's name must be text, got 1"),
        (("--set", "gate.bias=.nan"), "finite number"),
        (("--set", "recall.traces=true"), "valid integer"),
        (("--device", "cuda:99"), "a device must be"),
        (("--device", "nonsense"), "a device must be"),
        (("--precision", "int3"), "a precision must be one of auto, bfloat16, float32, got 'int3'"),
        (("--model", "smollm"), "did you mean smollm2"),
        (("--model", ""), "a model must be a known name"),
    ],
)
def test_values_of_the_wrong_kind_are_refused(
    memeval: Run, arguments: tuple[str, str], message: str
) -> None:
    """One sentence and exit code 2, before any model is fetched."""
    model = () if arguments[0] == "--model" else ("--model", "smollm2")
    done = memeval("eval", "--preset", "memory/hei_nw", "--limit", "1", *model, *arguments)
    assert done.code == 2
    assert message in done.err
    assert len(done.err.strip().splitlines()) == 1


def test_the_closing_table_compares_with_floor_and_best_baseline(memeval: Run) -> None:
    """What has been run on the same cells stands in one table, floor and ceiling as well."""
    for preset in ("baselines/closed_book", "baselines/rag", "baselines/oracle"):
        done = evaluate(memeval, "--limit", "20", preset=preset)
    assert "episodic 50 (first 20 questions) on scripted, seeds 1337" in done.out
    told = ("closed_book", "oracle", "over closed book", "over rag (best)")
    assert all(name in done.out for name in told)


def test_dry_run_shows_the_plan_and_writes_nothing(memeval: Run, workplace: Path) -> None:
    """Every cell is listed, and no folder appears."""
    done = evaluate(memeval, "--size", "50", "--size", "200", "--seed", "1", "--dry-run")
    assert "2 cells" in done.out
    assert "questions are asked" not in done.out
    cut = evaluate(memeval, "--limit", "10", "--dry-run")
    assert "of each cell, the first 10 questions are asked" in cut.out
    assert list(workplace.iterdir()) == []


def test_a_run_says_why_cells_run_again(memeval: Run) -> None:
    """Nobody has to ask for a plan to learn why work that was done is done anew."""
    evaluate(memeval)
    told = evaluate(memeval, "--threads", "2")
    assert "1 cell runs again: threads 1 to 2" in " ".join((told.out + told.err).split())


def test_the_matrix_is_every_suite_size_and_seed(memeval: Run) -> None:
    """--matrix stands for all that is not named: 3 suites, 3 sizes and 3 seeds for each preset."""
    matrix = ("eval", "--model", "scripted", "--matrix", "--dry-run", "--preset", "baselines/core")
    assert "27 cells: 27 to run, 0 done" in memeval(*matrix).out
    assert "54 cells" in memeval(*matrix, "--preset", "baselines/rag").out
    assert "9 cells" in memeval(*matrix, "--size", "200").out


def test_dry_run_says_what_is_done_and_why_a_cell_runs_again(memeval: Run) -> None:
    """A cell on disk is compared part by part; the table fits 80 columns."""
    evaluate(memeval)
    done = evaluate(memeval, "--threads", "2", "--seed", "1337", "--seed", "1", "--dry-run")
    assert "2 cells: 2 to run, 0 done" in done.out
    assert "again: threads 1 to 2" in done.out
    assert max(map(len, done.out.splitlines())) <= 80
    assert (
        "2 cells: 1 to run, 1 done"
        in evaluate(memeval, "--seed", "1337", "--seed", "1", "--dry-run").out
    )


def test_several_models_are_measured_at_once(
    memeval: Run, workplace: Path, tiny_folder: Run
) -> None:
    """Each has its own cells and its own table."""
    done = evaluate(memeval, "--model", tiny_folder("llama"), "--limit", "2")
    assert done.code == 0, done.err
    assert done.out.count("episodic 50 (first 2 questions) on") == 2
    assert len(list((workplace / "runs/test/baselines/oracle").iterdir())) == 2


def test_progress_is_told_line_by_line_where_there_is_no_terminal(memeval: Run) -> None:
    """Each cell, how long it took, and how long the rest will take, once there is a rest."""
    err = evaluate(memeval, "--seed", "1", "--seed", "2").err.splitlines()
    assert re.fullmatch(r"1/2 baselines/oracle episodic 50 seed 1: \d+ s, about \d+ s left", err[0])
    assert re.fullmatch(r"2/2 baselines/oracle episodic 50 seed 2: \d+ s", err[1])


def test_workers_write_what_one_process_writes(memeval: Run, workplace: Path) -> None:
    """--workers changes nothing but the time."""
    seeds = ("--seed", "1", "--seed", "2")
    evaluate(memeval, *seeds, "--workers", "2", preset="memory/hei_nw")
    items = workplace / "runs/test/memory/hei_nw/scripted/episodic/50_2/items.parquet"
    first = pq.read_table(items, columns=["query_id", "prediction", "recalled_events"])
    evaluate(memeval, *seeds, "--force", preset="memory/hei_nw")
    assert pq.read_table(items, columns=["query_id", "prediction", "recalled_events"]) == first


def test_report_writes_index_and_smoke(memeval: Run, workplace: Path, tiny_folder: Run) -> None:
    """The report is made from files alone."""
    model = tiny_folder("qwen2")
    done = memeval("eval", "--preset", "baselines/oracle", "--model", model, "--date", "t",
                   "--limit", "4")  # fmt: skip
    assert done.code == 0, done.err
    assert memeval("report", "t").code == 0
    assert "| baselines/oracle |" in (workplace / "reports/t/index.md").read_text()
    _, table = (workplace / "reports/t/smoke.md").read_text().split("\n## baselines/oracle\n")
    rows = [line.split("|")[2].strip() for line in table.splitlines() if line.startswith("|")]
    assert rows[0] == "suite"
    assert sorted(rows[2:]) == ["episodic", "semantic", "spatial"]


def test_report_leaves_the_fake_model_out(memeval: Run) -> None:
    """No number of the scripted model is ever reported as a result."""
    evaluate(memeval)
    done = memeval("report", "test")
    assert done.code == 2
    assert "a report needs finished cells, got none" in done.err


def test_models_on_one_date_do_not_overwrite_one_another(
    memeval: Run, workplace: Path, tiny_folder: Run
) -> None:
    """Each model has a folder of its own below the preset."""
    evaluate(memeval, "--limit", "2")
    memeval("eval", "--preset", "baselines/oracle", "--model", tiny_folder("llama"), "--date",
            "test", "--limit", "2")  # fmt: skip
    assert len(list((workplace / "runs/test/baselines/oracle").iterdir())) == 2


def test_datasets_build_verify_and_show(memeval: Run, workplace: Path) -> None:
    """Built datasets are listed, verify, and can be read."""
    built = memeval("datasets", "build", "--size", "50", "--seed", "7")
    assert built.code == 0
    manifest = json.loads((workplace / "data/MANIFEST.json").read_text())
    assert manifest["files"]["episodic/50_7/items.jsonl"]["items"] == 50
    assert "episodic/50_7: ok" in memeval("datasets", "verify").out
    shown = memeval("datasets", "show", "episodic", "-n", "2", "--seed", "7").out
    assert shown.count("answer:") == 2
    assert "*" in shown


def test_a_failed_cell_leaves_the_others_and_exits_1(
    memeval: Run, workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The failure is kept with its traceback, the other preset's cell is there."""
    from memeval.memories.baselines import BM25

    def broken(*_: object) -> None:
        raise RuntimeError("the index is upside down")

    monkeypatch.setattr(BM25, "recall", broken)
    done = evaluate(memeval, "--preset", "baselines/rag")
    assert done.code == 1
    assert "failed: baselines/rag episodic 50 seed 1337" in done.out
    failure = workplace / CELL.format("baselines/rag") / "failure.txt"
    assert "the index is upside down" in failure.read_text()
    assert (workplace / CELL.format("baselines/oracle") / "meta.json").is_file()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--preset", "memory/hei_mw"], "did you mean memory/hei_nw"),
        (["--suite", "episodik"], "did you mean episodic"),
        (["--model", "no/such-model"], "a model must be a hub id or folder"),
        (["--model", "no/such-model"], "no folder of that name is here, and it is not in"),
        (["--model", "missing.gguf"], "got no such file: 'missing.gguf'; check the path"),
        (["--model", "./nothing"], "got no such folder: './nothing'; check the path"),
        (["--set", "gate.enabeld=false", "--preset", "memory/hei_nw"], "got 'gate.enabeld'"),
        (["--set", "gate"], "--set takes key=value, got 'gate'"),
        (["--set", "k=many", "--preset", "baselines/rag"], "parameter k of bm25 is invalid"),
        (["--reader", "telepathy"], "reader"),
        (["--prompt-style", "song"], "reader.style of preset baselines/oracle is invalid"),
        (["--size", "0"], "--size must be at least 1, got 0"),
        (["--size", "2001"], "the size of episodic must be 1 to 2000 items, got 2001"),
        (["--date", "../elsewhere"], "a run's name must be made of letters"),
        (["--batch-size", "0"], "batch-size"),
        (["--limit", "some"], "limit"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_bad_input_is_one_sentence_and_exit_code_2(
    memeval: Run, workplace: Path, arguments: list[str], message: str
) -> None:
    """Bad input says what is wrong, and writes no run."""
    plain = [] if "--preset" in arguments else ["--preset", "baselines/oracle"]
    model = [] if "--model" in arguments else ["--model", "scripted"]
    done = memeval("eval", *plain, *model, *arguments)
    assert done.code == 2
    assert message in done.err.replace("\n", " ")
    assert "Traceback" not in done.err
    assert not (workplace / "runs").exists()


def test_a_changed_dataset_byte_names_the_file(memeval: Run, workplace: Path) -> None:
    """One byte differs from the manifest: nothing is run, by eval or by verify."""
    memeval("datasets", "build", "--size", "50", "--seed", "1337")
    file = workplace / "data/episodic/50_1337/events.jsonl"
    file.write_bytes(file.read_bytes().replace(b"e00000", b"e99999", 1))
    for done in (evaluate(memeval), memeval("datasets", "verify")):
        assert done.code == 2
        assert "episodic/50_1337/events.jsonl" in done.err
    assert not (workplace / "runs").exists()


def test_an_output_folder_that_cannot_be_written_is_refused(memeval: Run, workplace: Path) -> None:
    """A file where the folder should be is one clear sentence."""
    (workplace / "taken").write_text("here first")
    done = evaluate(memeval, "--outdir", "taken")
    assert done.code == 2
    assert "output must go to a folder with permission to write" in done.err
    assert (workplace / "taken").read_text() == "here first"


def test_a_full_disk_keeps_what_was_there(
    memeval: Run, workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the disk fills up the old cell stays whole and no half-written one is left."""
    evaluate(memeval)
    folder = workplace / CELL.format("baselines/oracle")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def no_space(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("memeval.atomic._sync", no_space)
    done = evaluate(memeval, "--force")
    assert done.code == 2
    assert "No space left on device" in done.err
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_interruption_exits_with_130(memeval: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C is told apart from failure."""

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("memeval.matrix.run_cells", interrupt)
    assert evaluate(memeval).code == 130


@pytest.mark.parametrize(
    "command", [[], ["eval"], ["ablate"], ["report"], ["datasets"], ["datasets", "build"]]
)
def test_every_command_explains_itself(memeval: Run, command: list[str]) -> None:
    """--help works everywhere."""
    done = memeval(*command, "--help")
    assert done.code == 0
    assert "Usage:" in done.out


def test_runs_as_a_module(workplace: Path) -> None:
    """`python -m memeval` is the same command."""
    done = subprocess.run(
        [sys.executable, "-m", "memeval", "--help"],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"COLUMNS": "100"},
    )
    assert "Measure whether a memory helps" in done.stdout
