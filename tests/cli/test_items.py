"""`memeval report RUN --items`: the answers of two presets in a terminal."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cells
import pytest

from memeval import reopening
from memeval.reporting import items, load
from memeval.reporting.source import Source
from memeval.reporting.text import printable

Run = Callable[..., Any]
NASTY = "\x1b[31m [bold]x[/] \u202eabc"


@pytest.fixture
def runs(workplace: Path) -> Path:
    """Return a run of a baseline and two memories; of ten questions they have 3, 8 and 6 right."""
    folder = workplace / "runs/t"
    for preset, right in (("baselines/core", 3), ("memory/a", 8), ("memory/b", 6)):
        cells.write(folder, preset, right)
    return folder


def test_both_answers_stand_below_the_question(memeval: Run, runs: Path) -> None:
    """`b` has 6 and 7 wrong, which `a` has right; nothing else is printed, and nothing written."""
    done = memeval("report", "t", "--items", "--preset", "memory/b", "--against-preset",
                   "memory/a", "--wrong")  # fmt: skip
    assert (done.code, done.err) == (0, "")
    told = "\n".join(line.rstrip() for line in done.out.splitlines())
    assert (
        told.strip()
        == """\
episodic 10 on tiny: 2 of 10 questions: memory/b wrong, memory/a right

Where | was number 6?
  gold      Place 6
  event     e6
  memory/b  wrong (not retrieved): Elsewhere
  recalled  Something happened.
  memory/a  right: Place 6
  recalled  Something happened.
  question  q00006, exact, seed 1

Where | was number 7?
  gold      Place 7
  event     e7
  memory/b  wrong (not retrieved): Elsewhere
  recalled  Something happened.
  memory/a  right: Place 7
  recalled  Something happened.
  question  q00007, bound, seed 1

Gold events are told by their ids alone: data must still be what was measured,
got another digest of suite 'episodic'; restore it, or run the cell again."""
    )
    assert not (runs.parents[1] / "reports").exists()


def test_gold_events_are_told_by_their_texts(
    memeval: Run, runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of its data, opened again as for the page."""
    told = {("episodic-10-1", "e6"): "Ann found a key."}
    monkeypatch.setattr(reopening, "reopened", lambda _: Source(told))
    done = memeval("report", "t", "--items", "--wrong", "--preset", "memory/b")
    assert "  event     Ann found a key. (e6)" in done.out
    assert "  event     e7" in done.out
    assert "ids alone" not in done.out


def test_prompts_are_listed_whole_as_they_were_read(memeval: Run, workplace: Path) -> None:
    """Line by line, below the answer; 50 words of 9 letters are more than 80 columns."""
    read = "Notes:\n" + " ".join(f"word-{i:04}" for i in range(50)) + "\nAnswer:"
    cells.write(workplace / "runs/t", "memory/a", 3, prompt=read)
    cells.write(workplace / "runs/t", "baselines/core", 3, prompt=None)
    done = memeval("report", "t", "--items", "-n", "1", "--prompt", "--against-preset",
                   "baselines/core")  # fmt: skip
    _, head, told = done.out.partition("\nPrompt of memory/a:\n")
    assert head, done.out
    assert told.startswith("Notes:\nword-0000 ")
    assert "word-0049\nAnswer:\n\nPrompt of baselines/core: not known\n" in told
    assert max(map(len, done.out.splitlines())) <= 80
    assert "word" not in memeval("report", "t", "--items").out


def test_few_notes_are_listed_and_the_rest_is_counted(memeval: Run, workplace: Path) -> None:
    """Of five recalled three, and of a long one its beginning."""
    texts = ["x" * 300, *(f"note {i}" for i in range(4))]
    cells.write(workplace / "runs/t", "memory/a", 3, recalled_texts=texts)
    told = memeval("report", "t", "--items", "-n", "1").out
    assert told.count("x") < 210
    assert "  recalled  note 1" in told
    assert "note 2" not in told
    assert "  recalled  and 2 more" in told


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ((), "10 of 10 questions"),  # the best memory is `a`
        (("--right",), "8 of 10 questions: memory/a right"),
        (("--wrong",), "2 of 10 questions: memory/a wrong"),
        (("--preset", "memory/b", "--lost", "not_retrieved"), "2 of 10 questions: not retrieved"),
        (("--slice", "exact", "--right"), "4 of 10 questions: memory/a right; exact"),
        (("--suite", "episodic", "--model", "tiny", "--size", "10", "--seed", "1"), "10 of 10"),
    ],
)
def test_options_choose(memeval: Run, runs: Path, options: tuple[str, ...], told: str) -> None:
    """The count comes first, and says what was chosen."""
    done = memeval("report", "t", "--items", *options)
    assert done.out.startswith(f"episodic 10 on tiny: {told}"), done.err


def test_so_many_are_listed_and_the_rest_is_said(memeval: Run, runs: Path) -> None:
    """With the number that lists them all."""
    done = memeval("report", "t", "--items", "-n", "3")
    assert done.out.count("gold") == 3
    assert done.out.endswith("7 more: -n 10 lists all.\n")


def test_so_many_are_listed_below_each_heading(memeval: Run, runs: Path) -> None:
    """None stands alone, and the number that lists all is that of the one with most."""
    cells.write(runs, "memory/a", 8, model="other")
    done = memeval("report", "t", "--items", "-n", "3")
    assert [part.count("gold") for part in done.out.split(" questions\n")] == [0, 3, 3]
    assert done.out.endswith("14 more: -n 10 lists all.\n")


def test_questions_come_in_the_order_of_the_page(memeval: Run, runs: Path) -> None:
    """The first of each seed, then the second; 9 is before 10, though its folder is behind."""
    shutil.rmtree(runs / "memory/a")
    for seed in (10, 9):
        cells.write(runs, "memory/a", 8, seed=seed)
    done = memeval("report", "t", "--items", "--preset", "memory/a", "-n", "3")
    listed = [
        (int(seed), query) for query, seed in re.findall(r"(q\d+), \w+, seed (\d+)", done.out)
    ]
    assert listed == [(9, "q00000"), (10, "q00000"), (9, "q00001")]
    page = items.collect([row for row in load.load_real(runs).rows if row.preset == "memory/a"])
    texts, questions = page.content["texts"], page.content["questions"]
    assert [(question[1], texts[question[3]]) for question in questions][:3] == listed


@pytest.mark.parametrize(
    "options",
    [("--preset", "memory/a", "--against-preset", "memory/a"), ("--against-preset", "memory/a")],
)
def test_a_preset_is_not_set_beside_itself(
    memeval: Run, runs: Path, options: tuple[str, ...]
) -> None:
    """By name, or as the best memory, which stands where none is named."""
    done = memeval("report", "t", "--items", *options)
    assert (done.code, done.out) == (2, "")
    assert "got 'memory/a' on both sides; name another one with --preset" in done.err


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--items", "--preset", "a"), "a known name, got 'a'; did you mean memory/a?"),
        (("--items", "--against-preset", "baselines/cor"), "did you mean baselines/core?"),
        (("--items", "--suite", "episodi"), "did you mean episodic?"),
        (("--items", "--size", "20"), "--size must be a known name, got '20'"),
        (("--items", "--seed", "2"), "--seed must be a known name, got '2'"),
        (("--items", "--slice", "exac"), "did you mean exact?"),
        (("--items", "--lost", "retrieved"), "did you mean not_retrieved?"),
        (("--items", "--model", "tin"), "did you mean tiny?"),
        (("--items", "--wrong", "--right"), "got --wrong and --right; give one of them"),
        (("--items", "--gate"), "--items lists and writes no report"),
        (("--wrong",), "got --wrong without --items; add it"),
        (("--against-preset", "memory/a"), "got --against-preset without --items; add it"),
        (("--prompt",), "got --prompt without --items; add it"),
        (("-n", "3"), "got -n without --items; add it"),
    ],
)  # fmt: skip
def test_what_the_run_does_not_have_is_refused(
    memeval: Run, runs: Path, options: tuple[str, ...], told: str
) -> None:
    """In one sentence, with near names, and exit code 2."""
    done = memeval("report", "t", *options)
    assert done.code == 2
    assert told in done.err
    assert done.out == ""


def test_presets_that_never_met_are_no_pair(memeval: Run, runs: Path) -> None:
    """One was measured on a model where the other was not."""
    shutil.rmtree(runs / "memory/b")
    cells.write(runs, "memory/b", 6, model="zeta")
    for asked in ((), ("--preset", "memory/a")):  # which is the best
        done = memeval("report", "t", "--items", *asked, "--against-preset", "memory/b")
        assert done.code == 2
        assert "got none of memory/a and memory/b; run both on one suite, size, seed" in done.err


def test_a_run_without_records_lists_nothing(memeval: Run, workplace: Path) -> None:
    """As in a clone that holds the small files alone."""
    (cells.write(workplace / "runs/t", "memory/a", 3) / "items.parquet").unlink()
    done = memeval("report", "t", "--items")
    assert done.code == 2
    assert "items.parquet, got a run without any" in done.err


def test_no_word_is_cut_at_80_columns(memeval: Run, workplace: Path) -> None:
    """However long question, names and answers are, and nothing in them is obeyed."""
    words = " ".join(f"incomprehensibility{i}" for i in range(30))
    said = f"{words} {NASTY}"
    preset = "memory/a_name_that_is_as_long_as_names_become_when_they_tell_all"
    cells.write(workplace / "runs/t", preset, 3, question=words, prediction=said, answers=[words])
    cells.write(workplace / "runs/t", "baselines/core", 3, question=words, prediction=said)
    done = memeval("report", "t", "--items", "--against-preset", "baselines/core", "-n", "1")
    assert done.code == 0, done.err
    assert max(map(len, done.out.splitlines())) <= 80
    for i in range(30):
        assert done.out.count(f"incomprehensibility{i}") >= 4
    assert not {c for c in done.out if c != "\n" and printable(c) != c}
