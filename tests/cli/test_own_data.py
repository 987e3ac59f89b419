"""A folder of one's own on the command line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

Run = Callable[..., Any]
EVENTS = """\
{"id": "e1", "text": "Nora moved to Lisbon."}
{"id": "e2", "text": "Omar adopted a cat."}
{"id": "e3", "text": "Nora moved on to Porto."}
"""
ITEMS = """\
{"question": "Where does Nora live?", "answers": ["Porto"], "gold_events": ["e3"]}
{"question": "What did Omar adopt?", "answers": ["a cat"]}
{"question": "Who adopted a dog?", "answers": ["unknown"]}
"""


@pytest.fixture
def own(workplace: Path) -> Path:
    """Return a sound folder below the place of work."""
    return write(workplace / "own")


def write(folder: Path, events: str = EVENTS, items: str = ITEMS) -> Path:
    folder.mkdir(parents=True)
    (folder / "events.jsonl").write_text(events)
    (folder / "items.jsonl").write_text(items)
    return folder


def evaluate(memeval: Run, *arguments: object, preset: str = "baselines/oracle") -> Any:
    return memeval("eval", "--preset", preset, "--model", "scripted", "--date", "t", *arguments)


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_folder_is_evaluated_and_stays_as_it_is(memeval: Run, workplace: Path, own: Path) -> None:
    """The cell lies under the folder's name, and says which data it measured."""
    before = content(own)
    done = evaluate(memeval, "--suite", "own", preset="baselines/core")
    assert done.code == 0, done.err
    [path] = workplace.rglob("meta.json")
    meta = json.loads(path.read_text())
    assert path.parent.parent.name == meta["suite"]
    assert meta["suite"].startswith("own-")
    assert path.parent.name == "3_0"
    assert meta["data"]["source"] == str(own)
    assert len(meta["dataset_sha256"]) == 64
    assert content(own) == before


def test_a_changed_folder_runs_again(memeval: Run, own: Path) -> None:
    """A finished cell is skipped as long as the data is the same."""
    evaluate(memeval, "--suite", "own")
    assert "1 cell was already done" in evaluate(memeval, "--suite", "./own/").out
    (own / "events.jsonl").write_text(EVENTS.replace("a cat", "a grey cat"))
    assert "already done" not in evaluate(memeval, "--suite", "own").out


def test_folders_of_one_name_do_not_overwrite_one_another(memeval: Run, workplace: Path) -> None:
    """Each has a cell of its own, and both stand beside a built-in suite."""
    for parent in ("a", "b"):
        write(workplace / parent / "own")
    done = evaluate(memeval, "--suite", "a/own", "--suite", "b/own", "--suite", "episodic",
                    "--size", "5")  # fmt: skip
    assert done.code == 0, done.err
    assert len(list((workplace / "runs").rglob("meta.json"))) == 3


def test_without_gold_there_is_no_oracle(memeval: Run, workplace: Path, own: Path) -> None:
    """An answerable item without gold is left out by the oracle and not ranked elsewhere."""
    evaluate(memeval, "--suite", "own", "--preset", "baselines/rag")
    [oracle] = workplace.glob("runs/t/baselines/oracle/**/items.parquet")
    [rag] = workplace.glob("runs/t/baselines/rag/**/items.parquet")
    assert pq.read_table(oracle)["query_id"].to_pylist() == ["q00001", "q00003"]
    rows = pq.read_table(rag).to_pylist()
    assert [row["reciprocal_rank"] is None for row in rows] == [False, True, True]
    assert [row["lost"] for row in rows][1] is None
    metrics = json.loads((rag.parent / "metrics.json").read_text())
    assert metrics["retrieval"]["n"] == 1


def test_a_folder_without_any_gold_has_no_ceiling(memeval: Run, workplace: Path) -> None:
    """What the oracle cannot be asked is null, not 0."""
    write(workplace / "own", items='{"question": "Who?", "answers": ["Nora"]}\n')
    done = evaluate(memeval, "--suite", "own", "--preset", "baselines/closed_book")
    assert done.code == 0, done.err
    [metrics] = workplace.glob("runs/t/baselines/oracle/**/metrics.json")
    assert json.loads(metrics.read_text())["exact_match"] is None


def test_a_folder_is_shown_and_verified(memeval: Run, own: Path) -> None:
    """Questions are printed with their passages, and a sound folder is ok."""
    shown = memeval("datasets", "show", own)
    assert shown.out.count("answer:") == 3
    assert "Nora moved on to Porto." in shown.out
    verified = memeval("datasets", "verify", own)
    assert verified.code == 0
    assert verified.out == f"{own}: ok\n"


def test_verify_lists_the_faults(memeval: Run, own: Path) -> None:
    """Every fault is printed with file and line, and the exit code is 2."""
    (own / "items.jsonl").write_text(ITEMS.replace('["e3"]', '["e9"]'))
    done = memeval("datasets", "verify", own)
    assert done.code == 2
    assert f"{own / 'items.jsonl'}, line 1: 'q00001': e9" in done.out
    assert "datasets must pass every check, got faults in" in done.err


COMMANDS = [
    ("eval", "--preset", "baselines/core", "--model", "scripted", "--suite", "own"),
    ("datasets", "verify", "own"),
    ("datasets", "show", "own"),
]


@pytest.mark.parametrize(
    ("events", "items", "message"),
    [
        ("{\n", ITEMS, "events.jsonl, line 1: a line must be one JSON object, got '{'"),
        (EVENTS, ITEMS + "{}\n", "items.jsonl, line 4: a record must have the field 'question'"),
        ("", ITEMS, "events.jsonl, line 1: a file must hold at least one record, got none"),
        (EVENTS, "", "items.jsonl, line 1: a file must hold at least one record, got none"),
    ],
)
def test_broken_data_is_one_sentence_and_exit_code_2(
    memeval: Run, workplace: Path, events: str, items: str, message: str
) -> None:
    """No run starts on broken data, and nothing of the user's is changed."""
    own = write(workplace / "own", events, items)
    before = content(own)
    for command in COMMANDS:
        done = memeval(*command)
        assert done.code == 2
        assert message in done.err
        assert len(done.err.strip().splitlines()) == 1
    assert content(own) == before
    assert [path.name for path in workplace.iterdir()] == ["own"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--suite", "no/where"), "got no file 'no/where/events.jsonl'"),
        (("--suite", "episodik"), "did you mean episodic"),
    ],
)
def test_what_a_folder_cannot_be_asked(
    memeval: Run, own: Path, arguments: tuple[str, ...], message: str
) -> None:
    """A choice that a folder does not give, or a path that leads nowhere, is exit code 2."""
    done = evaluate(memeval, *arguments)
    assert done.code == 2
    assert message in done.err
    assert len(done.err.strip().splitlines()) == 1


def test_a_folder_may_be_told_from_the_users_home(
    memeval: Run, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Quoted on a command line, or in a study, `~` is the home; one that nobody has is no crash."""
    monkeypatch.setenv("HOME", str(own.parent))
    for command in ("show", "verify"):
        assert memeval("datasets", command, "~/own").code == 0
    assert memeval("datasets", "show", "~nobody-of-this-name/own").code == 2
