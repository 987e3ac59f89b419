"""Data that may not be passed on leaves no text where git would see it."""

import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path

import cells
import pyarrow.parquet as pq
import pytest

from memeval.datasets.in_memory import InMemory
from memeval.matrix import Cell, Context, bench, check_plan, plan, run_cells, verify
from memeval.matrix.kept import UNFINISHED
from memeval.matrix.texts import names_only
from memeval.preset import Preset, load_preset
from memeval.results import FAILURE, ITEMS, META, read_cell, read_items
from memeval.types import Event, Item, Query, Session

WORDS = ("zanzibar", "quokka", "marmalade")
"""Of an event, a question and an answer; they occur nowhere in the program."""


def session(id_: str, **ids: str) -> Session:
    event = Event(f"{id_}-1", "Zanzibar is where Una keeps the marmalade.", 1)
    question = Query(ids.get("query", f"{id_}-q"), "Where is the quokka's marmalade?", 2)
    item = Item(question, ("Zanzibar",), gold_events=(event.id,), passage=(), slice="one")
    return Session(id_, (event,), (item,))


def made(*sessions: Session, preset: Preset | None = None) -> Cell:
    """Return a cell of BM25 on data that may not be passed on."""
    data = InMemory(
        "made", sessions or (session("s1"), session("s2")), source="/somewhere/deep/made.json",
        licence="none stated", private=True, citation="Nobody 2026",
    )  # fmt: skip
    [cell] = plan([preset or load_preset("baselines/rag")], ["scripted"], [data])
    return cell


@pytest.fixture
def seen(context: Context) -> Context:
    """Return a context whose run folder lies in a git work tree that does not ignore it."""
    subprocess.run(["git", "init", "-q", str(context.runs_dir.parents[1])], check=True)
    return context


def bytes_of(folder: Path) -> bytes:
    """Return all bytes below a folder in small letters, those of tables unpacked as well."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    tables = [json.dumps(pq.read_table(p).to_pylist()) for p in files if p.suffix == ".parquet"]
    names = [str(path) for path in files]
    raw = b"".join(path.read_bytes() for path in files)
    return (raw + "".join([*tables, *names]).encode()).lower()


def words_in(folder: Path) -> list[str]:
    told = bytes_of(folder)
    return [word for word in WORDS if word.encode() in told]


def test_a_cell_of_private_data_holds_no_word_of_it(seen: Context) -> None:
    """Neither its four files as they lie nor its table unpacked; its schema is that of any."""
    [outcome] = run_cells([made()], replace(seen, command="memeval eval --suite made:/a/b/c.json"))
    assert not outcome.error
    assert {path.name for path in outcome.folder.iterdir()} >= {META, ITEMS}
    assert words_in(seen.runs_dir) == []
    meta = read_cell(outcome.folder).meta
    assert (meta["text_kept"], meta["data"]["source"]) == (False, "made.json")
    assert meta["command"] == "memeval eval --suite made:c.json"


def test_ids_scores_and_counts_stay(seen: Context, tmp_path: Path) -> None:
    """All but the texts is that of a cell that has them: also what was recalled, and how many."""
    elsewhere = replace(seen, runs_dir=tmp_path / "else" / "d", keep_text=True)
    [bare], [whole] = run_cells([made()], seen), run_cells([made()], elsewhere)
    for one, other in zip(read_items(bare.folder), read_items(whole.folder), strict=True):
        assert (one.question, one.answers, one.prediction, one.prompt) == ("", [], "", None)
        assert one.recalled_texts == ["" for _ in other.recalled_texts]
        assert (one.query_id, one.scores, one.lost) == (other.query_id, other.scores, other.lost)
        assert one.recalled_events == other.recalled_events != []
    assert read_cell(bare.folder).metrics["empty"] == read_cell(whole.folder).metrics["empty"]


def test_texts_stay_where_git_does_not_look(context: Context) -> None:
    """A folder outside of any work tree is one's own disk."""
    [outcome] = run_cells([made()], context)
    assert words_in(outcome.folder) == list(WORDS)


def test_texts_stay_where_git_ignores_the_run(seen: Context) -> None:
    """What is never committed is not passed on."""
    (seen.runs_dir.parents[1] / ".gitignore").write_text("runs/\n")
    [outcome] = run_cells([made()], seen)
    assert words_in(outcome.folder) == list(WORDS)


@pytest.mark.parametrize("rule", ["runs/**/items.parquet", "*.json", "*.parquet", "runs/*/*.*"])
def test_a_run_of_which_git_ignores_some_files_alone_holds_no_text(
    seen: Context, rule: str
) -> None:
    """Its other files may hold some too."""
    (seen.runs_dir.parents[1] / ".gitignore").write_text(f"{rule}\n")
    [outcome] = run_cells([made()], seen)
    assert words_in(outcome.folder) == []


@pytest.mark.parametrize(("keep", "found"), [(True, list(WORDS)), (False, [])])
def test_who_says_what_to_keep_has_it_so(seen: Context, keep: bool, found: list[str]) -> None:
    """Wherever the run lies."""
    [outcome] = run_cells([made()], replace(seen, keep_text=keep))
    assert words_in(outcome.folder) == found


def tell(_parts: object, session: Session, _report: object) -> None:
    """Raise what a session says, and again what came of it."""
    try:
        raise ValueError(session.events[0].text)
    except ValueError as error:
        raise RuntimeError(f"so it is: {error}") from error


def test_a_failure_says_what_failed_and_not_with_which_text(
    seen: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kinds of errors and where they were raised; the last line is what a report tells."""
    monkeypatch.setattr(bench, "run_one", tell)
    [outcome] = run_cells([made()], seen)
    told = (outcome.folder / FAILURE).read_text()
    assert words_in(seen.runs_dir) == []
    assert all(name in told for name in ("ValueError", "RuntimeError", "in tell"))
    assert "--keep-text" in told.splitlines()[-1]


def test_sessions_kept_for_later_are_ignored_by_git(seen: Context) -> None:
    """They hold texts, and whatever rules there are, none is committed."""
    data = made(session("s1"), session("s2", query="what is it"))
    [outcome] = run_cells([data], seen)
    assert "ids must be codes" in str(outcome.error)
    root = seen.runs_dir.parents[1]
    assert words_in(seen.runs_dir / UNFINISHED) == list(WORDS)
    done = subprocess.run(
        ["git", "-C", str(root), "status", "--porcelain", "-uall"],
        capture_output=True, text=True, check=True, env={**os.environ, "LC_ALL": "C"},
    )  # fmt: skip
    assert FAILURE in done.stdout
    assert UNFINISHED not in done.stdout


def test_an_id_that_is_text_is_refused_where_none_may_be_kept(seen: Context) -> None:
    """A question as its own id would be passed on with it."""
    [outcome] = run_cells([made(session("Where is the quokka?"))], seen)
    assert "ids must be codes" in str(outcome.error)
    assert words_in(seen.runs_dir) == []


def test_a_cell_without_texts_says_of_no_path_where_it_leads(
    seen: Context, tiny_encoder_folder: Path
) -> None:
    """An encoder's folder is named; what the cell depends on is told by digests as ever."""
    preset = Preset(name="baselines/dense", memory="dense")
    contexts = [replace(seen, encoder=str(tiny_encoder_folder), keep_text=k) for k in (False, True)]
    found = []
    for context in contexts:
        [outcome] = run_cells([made(preset=preset)], context, force=True)
        found.append(read_cell(outcome.folder).meta)
    bare, whole = found
    assert bare["config"]["encoder"] == tiny_encoder_folder.name
    assert str(tiny_encoder_folder.parent) not in json.dumps(bare)
    assert bare["config"] | {"encoder": str(tiny_encoder_folder)} == whole["config"]
    assert bare["identity"] == whole["identity"]


def state(context: Context) -> tuple[str, str]:
    [found] = check_plan([made()], context)
    return found.kind, found.why


def test_a_cell_without_texts_runs_again_for_who_asks_for_them(seen: Context) -> None:
    """And is done for everybody else."""
    run_cells([made()], seen)
    assert state(seen)[0] == "done"
    assert state(replace(seen, keep_text=True)) == ("again", "its texts were not kept")
    [outcome] = run_cells([made()], replace(seen, keep_text=True))
    assert words_in(outcome.folder) == list(WORDS)


def test_a_cell_with_texts_runs_again_where_they_may_not_stay(seen: Context) -> None:
    """As one that was copied into a repository."""
    run_cells([made()], replace(seen, keep_text=True))
    assert state(seen) == ("again", "it holds texts that are not to be kept")
    [outcome] = run_cells([made()], seen)
    assert words_in(outcome.folder) == []


def test_texts_of_a_twin_are_not_taken_over_where_none_may_stay(seen: Context) -> None:
    """The same cell under another name has what this one must not hold."""
    run_cells([made()], replace(seen, keep_text=True))
    other = load_preset("baselines/rag").model_copy(update={"name": "memory/twin"})
    [twin] = run_cells([made(preset=other)], seen)
    assert not twin.reused
    assert words_in(twin.folder) == []


@pytest.mark.parametrize("change", ["scores", "recalled_events"])
def test_cells_without_texts_are_verified_by_scores_and_recall(
    seen: Context, tmp_path: Path, change: str
) -> None:
    """Predictions are not there; one score or recalled event that differs is one too many."""
    elsewhere = replace(seen, runs_dir=tmp_path / "else" / "d", keep_text=True)
    run_cells([made()], elsewhere)
    [outcome] = run_cells([made()], seen)
    [verdict] = verify([made()], seen, elsewhere.runs_dir)
    assert verdict.holds
    assert "no text was kept" in verdict.why
    first, *rest = pq.read_table(outcome.folder / ITEMS).to_pylist()
    changed = {"contains": 0.5} if change == "scores" else {"recalled_events": [["other"]]}
    cells.put_rows(outcome.folder, [first | changed, *rest])
    [verdict] = verify([made()], seen, elsewhere.runs_dir)
    assert (verdict.same, verdict.items) == (1, 2)


def test_paths_of_a_command_are_told_by_their_last_part() -> None:
    """Names of presets, which have a stroke too, stay."""
    told = "memeval eval --preset memory/hei_nw --suite x:/a/b/c.json --set data.e=~/d/e.json"
    expected = "memeval eval --preset memory/hei_nw --suite x:c.json --set data.e=e.json"
    assert names_only(told) == expected
