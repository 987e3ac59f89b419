"""What `datasets show`, `verify` and `list` tell of files that others published."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from suites.public.made_locomo import made_locomo

from memeval.cli import render, showing_data
from memeval.types import Event, Item, Query, Session

Run = Callable[..., Any]
BABI = "1 Olga ran.\n2 Who ran?\tOlga\t1 7\n3 Who fell?\t\t1\n4 Who ran?\tOlga\t1\n"
GAME = {
    str(key): {"story": ["A is above B."], "question": "A to B?", "label": "above"}
    for key in range(3)
}
EVENT = {"id": "e1", "text": "I am off.", "speaker": "Omar", "at": "2023-05-08T13:56"}
ITEM = {
    "question": "Is he?",
    "answers": ["yes"],
    "gold_events": ["e1"],
    "choices": ["yes", "no"],
    "rubric": ["says that he left", "says when"],
    "fault": "off by a day",
    "corrected": ["no"],
}


@pytest.fixture
def babi(workplace: Path) -> Path:
    """Return a folder with a file of bAbI in which something was mended and something left out."""
    folder = workplace / "benchmarks" / "babi"
    folder.mkdir(parents=True)
    (folder / "qa1_one_test.txt").write_text(BABI)
    return folder


def counted(out: str) -> dict[str, str]:
    """Return what is counted, by what it is."""
    lines = [line.rpartition(" ") for line in map(str.strip, out.splitlines())]
    return {what.strip(): count for what, _, count in lines if count.isdigit()}


def test_verify_counts_what_files_hold(memeval: Run, babi: Path) -> None:
    """With what is left out and what is wrong, by the words of the reader."""
    done = memeval("datasets", "verify", f"babi:{babi}")
    assert done.code == 0, done.err
    assert done.out.startswith(f"babi:{babi}: ok\n")
    assert counted(done.out) == {
        "sessions": "1",
        "events": "1",
        "questions": "2",
        "questions that can be answered": "2",
        "questions with gold events": "2",
        "gold events of all questions": "2",
        "left out: a question or answer is empty": "1",
        "remark: supporting lines that are no sentence before their question": "1",
        "1 one": "2",
    }


def test_verify_counts_the_parts_of_sessions(memeval: Run, workplace: Path) -> None:
    """The chats of many days, of which one session is made."""
    made_locomo(workplace)
    found = counted(memeval("datasets", "verify", f"locomo:{workplace}").out)
    assert found["parts of sessions"] == "4"
    assert found["single-hop"] == "2"


def test_verify_tells_wrong_golds_once(memeval: Run, workplace: Path) -> None:
    """Of the sample that the audit knows, one is."""
    made_locomo(workplace)
    found = counted(memeval("datasets", "verify", f"locomo:{workplace}").out)
    assert [what for what in found if "golds" in what or "gold is" in what] == [
        "questions whose gold is known to be wrong"
    ]


def test_verify_tells_the_weightiest_remarks_first(memeval: Run, workplace: Path) -> None:
    """What is wrong, then what was mended, then what is as it may be."""
    made_locomo(workplace)
    found = counted(memeval("datasets", "verify", f"locomo:{workplace}").out)
    assert [what for what in found if what.startswith("remark: ")] == [
        "remark: citations known to be wrong",
        "remark: answers that are numbers, read as text",
        "remark: citations mended",
        "remark: citations that name a turn",
        "remark: questions that cite nothing",
        "remark: sessions with a date and no turns",
    ]


def test_verify_says_where_files_are_from(memeval: Run, babi: Path) -> None:
    """Whether they are known, what their licence is, and what is to be cited."""
    told = " ".join(memeval("datasets", "verify", f"babi:{babi}").out.split())
    assert "read from: qa1_one_test.txt (not a file that memeval knows, sha256 " in told
    assert "licence: CC BY 3.0 to be cited: Weston et al. 2015, arXiv:1502.05698" in told
    assert "private: its texts stay out of results that are passed on" in told


def test_verify_and_show_find_a_benchmark_by_its_name(
    memeval: Run, babi: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Below the folder of all of them."""
    monkeypatch.setenv("MEMEVAL_BENCHMARKS_DIR", str(babi.parent))
    assert "babi: ok" in memeval("datasets", "verify", "babi").out
    assert "Who ran?" in memeval("datasets", "show", "babi").out


@pytest.mark.parametrize("command", ["verify", "show"])
def test_a_broken_file_is_one_sentence_and_nothing_else(
    memeval: Run, babi: Path, command: str
) -> None:
    """With its path and the place in it."""
    (babi / "qa1_one_test.txt").write_text(BABI[:-3])
    done = memeval("datasets", command, f"babi:{babi}")
    assert (done.code, done.out) == (2, "")
    assert f"{babi}/qa1_one_test.txt, story 1: its line 4 must hold a sentence" in done.err
    assert done.err.count("\n") == 1


def test_several_files_are_told_with_how_many_are_known(memeval: Run, workplace: Path) -> None:
    """The first by its name and digest."""
    for k in (1, 2, 3):
        (workplace / f"qa{k}_test.json").write_text(json.dumps(GAME))
    told = " ".join(memeval("datasets", "verify", f"stepgame:{workplace}").out.split())
    assert "and 2 more, of which memeval knows 0" in told


def test_show_tells_all_that_a_scorer_knows(memeval: Run, workplace: Path) -> None:
    """Who said it and when, which events are gold, choices, rubric, and what is wrong."""
    own = workplace / "own"
    own.mkdir()
    other = {"id": "e2", "text": "Bye.", "speaker": "Nora"}
    (own / "events.jsonl").write_text(f"{json.dumps(EVENT)}\n{json.dumps(other)}\n")
    (own / "items.jsonl").write_text(json.dumps(ITEM | {"passage": ["e1", "e2"]}) + "\n")
    out = memeval("datasets", "show", own).out
    assert "  * e1  [8 May 2023, 13:56] Omar: I am off." in out
    assert "    e2  Nora: Bye." in out
    assert "  choices: yes | no\n  rubric: says that he left\n  rubric: says when\n" in out
    assert "  known to be wrong: off by a day\n  corrected: no\n" in out


def test_show_tells_no_events_where_none_is_gold(memeval: Run, workplace: Path) -> None:
    """What was said last of something else would be taken for a passage."""
    (workplace / "qa1_test.json").write_text(json.dumps(GAME))
    out = memeval("datasets", "show", f"stepgame:{workplace}", "-n", "1").out
    assert "A is above B." not in out
    assert ": 1 event, 1 question\n" in out


class Few(Sequence[Session]):
    """Sessions of which only the first two may be read."""

    def __len__(self) -> int:
        return 1_000_000

    def __getitem__(self, index: Any) -> Any:
        assert index < 2
        return session(f"s{index}", "word " * 1_000)


IDS = tuple(f"e{i}" for i in range(40))


def session(id_: str, text: str) -> Session:
    events = tuple(Event(f"e{i}", f"{i} {text}", i) for i in range(40))
    return Session(id_, events, (Item(Query("q", text, 30), ("a",), IDS[:8], IDS[:20], "x"),))


def test_show_reads_no_more_sessions_than_it_shows() -> None:
    """A file may hold a hundred megabytes of them."""
    with render.console.capture() as captured:
        showing_data.sessions(Few(), 1_000_000, 2)
    assert "1000000 sessions, 1000000 questions" in captured.get()


def test_show_cuts_long_texts_and_long_passages() -> None:
    """Five gold events and five others, none of them a page, in 80 columns."""
    with render.console.capture() as captured:
        showing_data.sessions(Few(), 1_000_000, 1)
    lines = captured.get().splitlines()
    assert max(map(len, lines)) <= 80
    assert len(lines) < 120
    assert sum(line.startswith("  * e") for line in lines) == 5
    assert sum(line.startswith("    e") for line in lines) == 5
    assert "  and 3 more gold events" in lines  # of 8
    assert "  and 7 more events of its passage" in lines  # of 12 that are not gold


def test_list_tells_which_suites_need_a_path(memeval: Run) -> None:
    """And where a name alone is looked for."""
    out = memeval("list", "suites").out
    rows = {line.split()[0]: line for line in out.splitlines() if line.strip()}
    assert "NAME:PATH" in rows["stepgame"]
    assert "made here" in rows["episodic"]
    assert "MEMEVAL_BENCHMARKS_DIR" in out
    assert max(map(len, out.splitlines())) <= 80


def test_two_files_of_one_benchmark_are_told_to_be_run_apart(memeval: Run, workplace: Path) -> None:
    """To rename one of them would change nothing: the suite has one name."""
    for k in (1, 2):
        (workplace / f"qa{k}_test.json").write_text(json.dumps(GAME))
    both = [x for k in (1, 2) for x in ("--suite", f"stepgame:{workplace}/qa{k}_test.json")]
    done = memeval("eval", "--preset", "baselines/oracle", "--model", "scripted", *both)
    assert "twice; give each a run of its own with --run, or rename a folder" in done.err
