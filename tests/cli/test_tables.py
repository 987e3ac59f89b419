"""Every table that commands print, on a terminal of 80 columns and on narrower ones."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import cells
import pytest

from memeval.cli import render
from memeval.reporting import ablations, load, screen, tables

Run = Callable[..., Any]
ROOT = Path(__file__).parents[2]
WORKS = ("--model", "scripted", "--size", "20", "--limit", "4")
PRESETS = ("closed_book", "core", "rag", "oracle")


class Printed(NamedTuple):
    """A table as it was handed over, and which of its columns were shown."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    shown: list[str]

    @property
    def words(self) -> set[str]:
        """The words of the columns that were shown."""
        places = [i for i, name in enumerate(self.header) if name in self.shown]
        lines = [self.header, *self.rows]
        return {word for line in lines for i in places for word in line[i].split()}


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[Printed]:
    """Return what becomes of the tables that are printed on 80 columns."""
    found: list[Printed] = []
    whole = render.table

    def table(title: str, header: Any, rows: Any, **options: Any) -> list[str]:
        shown = whole(title, header, rows, **options)
        found.append(Printed(header, rows, shown))
        return shown

    monkeypatch.setattr(render, "table", table)
    monkeypatch.setattr(render.console, "_width", 80)
    return found


def assert_fits(out: str, printed: Sequence[Printed], width: int = 80) -> None:
    """Check that no line is wider, and that every word of every table stands on one line."""
    assert max(map(len, out.splitlines())) <= width
    assert printed
    cut = {word for table in printed for word in table.words} - {*out.split()}
    assert not cut


def evaluate(memeval: Run, *arguments: str) -> Any:
    presets = [part for name in PRESETS for part in ("--preset", f"baselines/{name}")]
    named = (*presets, "--preset", "memory/hei_nw", "--suite", "episodic", "--seed", "1337")
    return memeval("eval", *WORKS, *named, *arguments)


def test_the_tables_of_eval_fit(memeval: Run, printed: list[Printed]) -> None:
    """The comparison, the plan and why cells run again, and what repeats an earlier run."""
    done = evaluate(memeval, "--date", "a")
    assert done.code == 0, done.err
    assert_fits(done.out, printed)
    again = evaluate(memeval, "--date", "a", "--threads", "2", "--dry-run")
    assert_fits(again.out, printed[1:])
    repeated = evaluate(memeval, "--date", "b", "--verify-against", "runs/a")
    assert_fits(repeated.out, printed[2:])


def test_the_tables_of_ablate_fit(memeval: Run, printed: list[Printed]) -> None:
    """The variant of the longest name among them."""
    done = memeval("ablate", *WORKS, "--preset", "memory/sgc_rss", "--seed", "1", "--date", "a")
    assert done.code == 0, done.err
    assert_fits(done.out, printed)


def test_what_lists_and_datasets_print_fits(memeval: Run, printed: list[Printed]) -> None:
    """All that can be named, what was built, whether it is whole, and some of it."""
    assert_fits(memeval("list").out, printed)
    built = memeval("datasets", "build", "--size", "20", "--seed", "1337")
    assert_fits(built.out, printed[-1:])
    assert max(map(len, memeval("datasets", "verify").out.splitlines())) <= 80
    for suite in ("episodic", "semantic", "spatial"):
        shown = memeval("datasets", "show", suite, "--size", "20", "-n", "2")
        assert max(map(len, shown.out.splitlines())) <= 80


def test_what_the_report_prints_fits(memeval: Run, printed: list[Printed]) -> None:
    """Where it is, what changed, and what a gate misses are lines."""
    for date in ("2026-01-31", "2026-02-28"):
        cells.write(Path("runs") / date, "memory/hei_nw", 4)
    done = memeval("report", "2026-02-28", "--against", "2026-01-31")
    assert done.code == 0, done.err
    assert max(map(len, done.out.splitlines())) <= 80
    assert not printed


def test_the_tables_of_a_whole_run_fit(
    printed: list[Printed], capsys: pytest.CaptureFixture[str]
) -> None:
    """Figures as wide as they come: those of the committed run's longest walks."""
    place = ("spatial", 200)
    found = load.load(ROOT / "runs/2026-11-23", lambda m: (m["suite"], m["size"]) == place)
    [group] = tables.grouped(found.rows)
    render.table(tables.titled(group), *screen.screen_table(group), spare=screen.spare(group))
    [ablation] = ablations.ablations(found.ablations)
    lines = [one.narrow() for one in ablation.compared()]
    render.table(ablation.title, ablations.SCREEN_HEADER, lines, spare=ablations.SCREEN_SPARE)
    assert_fits(capsys.readouterr().out, printed)
    assert {"over closed book", "over rag (best)", "found", "ms"} <= {*printed[0].shown}


LONG = "baselines/retrieval_with_a_reranker_that_was_trained_on_questions"
HEADER = ("preset", "exact match", "over closed book", "tokens", "ms")
ROWS = [(LONG, ".83 [.79, .86]", "+.83 [.79, .86]", "16,823", "1,030")]


@pytest.mark.parametrize("width", [80, 60, 55])
def test_figures_are_whole_where_names_are_long(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A long name is told on several lines before any figure is."""
    monkeypatch.setattr(render.console, "_width", width)
    render.table("one", HEADER, ROWS)
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= width
    assert all(figure in out for figure in ROWS[0][1:])


def test_what_can_be_spared_is_left_out_and_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of what can be spared as much is shown as there is room for, the last of it first."""
    rows = [("hei_nw", *ROWS[0][1:])]
    monkeypatch.setattr(render.console, "_width", 48)
    assert render.table("one", HEADER, rows, spare=("tokens", "ms")) == [
        "preset", "exact match", "over closed book", "ms",
    ]  # fmt: skip
    assert "a wider terminal also shows: tokens" in capsys.readouterr().out
    monkeypatch.setattr(render.console, "_width", 80)
    assert render.table("one", HEADER, rows, spare=("tokens", "ms")) == [*HEADER]
    assert "wider" not in capsys.readouterr().out


def test_a_heading_is_folded_before_a_figure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is read once, and its words stay whole."""
    monkeypatch.setattr(render.console, "_width", 40)
    render.table("one", ("preset", "longest common subsequence"), [("a", ".83 [.79, .86]")])
    render.table("two", ("preset", *["substring exact match"] * 2), [("a", "0.83 [0.79]", "1.00")])
    out = capsys.readouterr().out
    assert "0.83 [0.79]" in out
    assert {"substring", "exact", "match"} <= {*out.split()}


def test_a_column_of_dashes_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """Its heading would promise what was not measured; the first column is what rows are of."""
    assert render.table("one", ("a", "b", "c"), [("-", "-", "1"), ("-", "-", "-")]) == ["a", "c"]
    assert "b" not in capsys.readouterr().out


def test_texts_begin_at_the_left_and_figures_end_at_the_right(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Digits of one place stand below each other, and words are read from their beginning."""
    render.table("one", ("a", "figures", "words"), [("x", "7", "up"), ("y", "-1,250", "downward")])
    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert " x       7 up" in lines
    assert " y  -1,250 downward" in lines
