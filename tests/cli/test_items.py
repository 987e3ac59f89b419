"""`memeval report RUN --items`: the answers of two presets in a terminal."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cells
import pytest

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
  memory/b  wrong (not retrieved): Elsewhere
  memory/a  right: Place 6
  question  q00006, exact, seed 1

Where | was number 7?
  gold      Place 7
  memory/b  wrong (not retrieved): Elsewhere
  memory/a  right: Place 7
  question  q00007, bound, seed 1"""
    )
    assert not (runs.parents[1] / "reports").exists()


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
    cells.write(runs, "memory/b", 6, model="other")
    done = memeval("report", "t", "--items", "--preset", "memory/a", "--against-preset", "memory/b")
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
