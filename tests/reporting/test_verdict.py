"""What a memory is told over: the model without it, and the best baseline of its budget."""

from pathlib import Path

import cells
import pytest

from memeval.reporting import gains, load, markdown, pages, roles, screen, tables, verdict
from memeval.reporting.row import Row
from memeval.results import ITEMS, META


def rows_of(root: Path, **rights: int) -> list[Row]:
    """Return a row for each preset, with so many of 8 right on two seeds."""
    for name, right in rights.items():
        for seed in (1, 2):
            cells.write(root, name.replace("__", "/"), right, seed=seed)
    return load.load_real(root).rows


def test_the_best_baseline_is_that_of_the_highest_score(tmp_path: Path) -> None:
    """Floor, placebo and ceiling are none, however high they score; a memory is none either.

    Nor is one that reads the right page, or all that fits: no memory has that budget.
    """
    bounds = {"baselines__closed_book": 7, "baselines__shuffled": 7, "baselines__oracle": 8}
    unbound = {"baselines__core": 7, "baselines__longctx": 6}
    rows = rows_of(tmp_path, **bounds, **unbound, baselines__rag=4, memory__x=6)
    best = verdict.best_baseline(rows, rows[-1])
    assert best is not None
    assert best.preset == "baselines/rag"


def test_a_baseline_of_ones_own_can_be_the_best(tmp_path: Path) -> None:
    """It has no role, and no more than its name says that it is a baseline."""
    rows = rows_of(tmp_path, baselines__rag=2, baselines__mine=4, memory__x=6)
    best = verdict.best_baseline(rows, rows[-1])
    assert best is not None
    assert best.preset == "baselines/mine"


@pytest.mark.parametrize(
    ("preset", "counts"), [("baselines/rag", True), ("baselines/oracle", False)]
)
def test_a_configuration_counts_as_its_preset_does(
    tmp_path: Path, preset: str, counts: bool
) -> None:
    """Of two configurations of a retrieval one may be the best; of the ceiling neither can."""
    cells.write(tmp_path / "a", preset, 5, config_hash="one")
    cells.write(tmp_path / "b", preset, 7, config_hash="another")
    rows = rows_of(tmp_path, baselines__mine=2, memory__x=6)
    memory = next(row for row in rows if row.is_memory)
    best = verdict.best_baseline(rows, memory)
    assert best is not None
    assert best.preset == (f"{preset} (anothe)" if counts else "baselines/mine")


def test_the_first_sentence_names_best_baseline_and_gain(tmp_path: Path) -> None:
    """Of each memory and suite, also where it lost; what may read more stands further down."""
    rows_of(tmp_path, baselines__rag=4, baselines__core=7, memory__x=2)
    page = markdown.render(pages.index(load.load_real(tmp_path), "today", {}))
    first = page.split("\n\n")[1:3]
    assert first[0].startswith("What each memory gains over the best baseline of the same budget")
    assert first[1].startswith("- episodic 10, over baselines/rag: memory/x -0.25 [-0.")
    assert "over core [95 %]" in page


def test_without_a_baseline_there_is_no_such_sentence(tmp_path: Path) -> None:
    """What no memory could be told over is told instead."""
    rows_of(tmp_path, memory__x=2)
    page = markdown.render(pages.index(load.load_real(tmp_path), "today", {}))
    assert "What each memory gains" not in page
    assert "Nothing is told over a baseline of the same budget" in page


def test_a_configuration_of_a_baseline_of_ones_own_is_no_memory(tmp_path: Path) -> None:
    """Its preset says what it is, whatever it is called and however many there are."""
    for root, config in ((tmp_path / "a", "one"), (tmp_path / "b", "another")):
        cells.edit(cells.write(root, "own/mine", 3, config_hash=config) / META, role="retrieval")
    assert [row.is_memory for row in load.load_real(tmp_path).rows] == [False, False]


def test_a_memory_is_told_over_floor_and_best_baseline(tmp_path: Path) -> None:
    """6 of 8 right are 5/8 more than 1, and 2/8 more than 4; what it costs stands beside."""
    rights = {"baselines__closed_book": 1, "baselines__core": 2, "baselines__rag": 4}
    rows = rows_of(tmp_path, **rights, memory__x=6, baselines__oracle=8)
    header, [told] = gains.verdict_table(rows)
    shown = dict(zip(header, told, strict=True))
    assert shown["over closed book [95 %]"].startswith("+0.62 [")
    assert shown["over best baseline [95 %]"].startswith("+0.25 [")
    assert shown["over best baseline [95 %]"].endswith(" rag")
    assert (shown["of the way"], shown["ms/question"], shown["tokens/question"]) == (
        "71 %", "20", "100",
    )  # fmt: skip


def named(root: Path, right: int) -> None:
    """Write the floor of a configuration with a name of its own."""
    folder = cells.write(root, "baselines/closed_book@chat", right)
    cells.edit(folder / META, role=roles.FLOOR)


def test_a_named_configuration_is_told_over_the_floor_that_was_read_as_it_was(
    tmp_path: Path,
) -> None:
    """Else what a chat template does to the model would be put down to the memory."""
    named(tmp_path, 3)
    cells.write(tmp_path, "baselines/closed_book", 1)
    for preset in ("memory/x", "memory/x@chat", "memory/x@other"):
        cells.write(tmp_path, preset, 6)
    told = verdict.on_memories(load.load_real(tmp_path).rows)
    over = {one.row.preset: one.over_floor.mean for one in told}
    assert over == {"memory/x": 5 / 8, "memory/x@chat": 3 / 8, "memory/x@other": 5 / 8}


def test_the_only_floor_that_ran_is_the_floor(tmp_path: Path) -> None:
    """A run of nothing but named configurations has a model without a memory, too."""
    named(tmp_path, 3)
    cells.write(tmp_path, "memory/x@chat", 6)
    cells.write(tmp_path, "memory/y", 6)
    rows = load.load_real(tmp_path).rows
    assert [one.over_floor.mean for one in verdict.on_memories(rows)] == [3 / 8, 3 / 8]
    assert verdict.verdicts(rows, rows)[0].over_floor.other is None


def test_floor_and_best_baseline_are_not_told_over_themselves(tmp_path: Path) -> None:
    """The floor has two dashes, the best baseline one: each pair is told once."""
    rows = rows_of(tmp_path, baselines__closed_book=0, baselines__rag=4, memory__x=6)
    told = [
        (one.over_floor.other is not None, one.over_best.other is not None)
        for one in verdict.verdicts(rows, rows)
    ]
    assert told == [(False, False), (True, False), (True, True)]


def test_the_best_memory_of_a_suite_stands_first(tmp_path: Path) -> None:
    """Whatever it is called."""
    rows = rows_of(tmp_path, memory__a=2, memory__b=6, memory__c=4)
    _, body = gains.verdict_table(rows)
    assert [line[0] for line in body] == ["memory/b", "memory/c", "memory/a"]


def test_two_models_stand_in_one_table(tmp_path: Path) -> None:
    """A column names them, in every table over models; each is told over its own floor."""
    for model, right in (("big", 4), ("small", 1)):
        cells.write(tmp_path, "baselines/closed_book", right, model=model)
        cells.write(tmp_path, "baselines/rag", 2, model=model)
        cells.write(tmp_path, "memory/x", 6, model=model, size=20)
        cells.write(tmp_path, "memory/x", 6, model=model)
    found = load.load_real(tmp_path)
    header, body = gains.verdict_table(gains.headline(found.rows))
    assert header[:3] == ("memory", "model", "suite")
    assert [(line[1], line[4][:5]) for line in body] == [("big", "+0.25"), ("small", "+0.62")]
    page = markdown.render(pages.index(found, "today", {}))
    headers = [line for line in page.splitlines() if line.startswith("| memory ")]
    assert len(headers) == 3  # verdicts, how sure, gates
    assert all("| model" in line for line in headers)
    assert page.count("| model ") == 5  # costs and sizes as well


def test_columns_follow_what_ran(tmp_path: Path) -> None:
    """Without a floor, a ceiling and a gate there is no column of dashes, on any page."""
    rows_of(tmp_path, baselines__rag=2, memory__x=6)
    found = load.load_real(tmp_path)
    every = [pages.index(found, "today", {}), pages.suite_page(found.rows, "episodic", "today")]
    for block in (block for page in every for block in page if hasattr(block, "rows")):
        for i in range(1, len(block.header)):
            assert {row[i] for row in block.rows} != {"-"}, block.header[i]
    grid = next(block for block in every[0] if hasattr(block, "rows"))
    assert "over closed book [95 %]" not in grid.header


def test_what_was_not_run_is_named_with_the_way_to_run_it(tmp_path: Path) -> None:
    """A gain that has no column is no riddle: the first words and the terminal say why."""
    rows = rows_of(tmp_path, memory__x=6)
    over_floor, over_baselines = verdict.unmeasured(rows)
    assert over_floor.endswith("closed book, which was not run: --preset baselines/closed_book.")
    assert "of the same budget, as none was run: --preset baselines/" in over_baselines
    assert over_floor in markdown.render(pages.index(load.load_real(tmp_path), "today", {}))
    assert verdict.unmeasured(rows_of(tmp_path, baselines__closed_book=0, baselines__rag=1)) == []


def test_a_baseline_without_records_is_named_and_not_passed_over(tmp_path: Path) -> None:
    """The second best in its place would be told as what it is not."""
    rows_of(tmp_path, baselines__rag=4, baselines__core=2, memory__x=6)
    for path in (tmp_path / "baselines/rag").rglob(ITEMS):
        path.unlink()
    rows = load.load_real(tmp_path).rows
    [told] = verdict.on_memories(rows)
    assert told.over_best.other is not None
    assert told.over_best.other.preset == "baselines/rag"
    assert tables.over(told.over_best) == tables.ABSENT


def test_a_baseline_of_other_seeds_is_passed_over(tmp_path: Path) -> None:
    """The better one was asked nothing that the memory was, so that nothing is told over it."""
    rows_of(tmp_path, baselines__mine=2, memory__x=6)
    cells.write(tmp_path, "baselines/rag", 8, seed=3)
    rows = load.load_real(tmp_path).rows
    [told] = verdict.on_memories(rows)
    assert tables.over(told.over_best).endswith(" mine")
    assert verdict.unmeasured(rows)[1:] == []  # only closed book was not run
    header, body = screen.screen_table(rows)
    assert header[3] == "over best"  # that of the seed 3 is another one
    assert body[2][3].endswith(" mine")


def test_the_best_baseline_is_that_of_the_seeds_of_both(tmp_path: Path) -> None:
    """rag has 0.5 on the memory's seed and 0.75 on both of its own, mine 0.625 on the one."""
    for preset, right, seed in (("rag", 4, 1), ("rag", 8, 2), ("mine", 5, 1)):
        cells.write(tmp_path, f"baselines/{preset}", right, seed=seed)
    cells.write(tmp_path, "memory/x", 6)
    [told] = verdict.on_memories(load.load_real(tmp_path).rows)
    assert tables.over(told.over_best).startswith("+0.12 [")
    assert tables.over(told.over_best).endswith(" mine")


@pytest.mark.parametrize("what", ["seeds", "data"])
def test_what_cannot_be_compared_is_named(tmp_path: Path, what: str) -> None:
    """A floor and a baseline that ran elsewhere are no column, and the first words say why."""
    for preset, right in (("baselines/closed_book", 1), ("baselines/rag", 4)):
        folder = cells.write(tmp_path, preset, right, seed=2 if what == "seeds" else 1)
        cells.edit(folder / META, dataset_sha256="before")
    cells.edit(cells.write(tmp_path, "memory/x", 6) / META, dataset_sha256="edited")
    rows = load.load_real(tmp_path).rows
    assert verdict.unmeasured(rows) == [
        f"{name} was run on other {what}: not compared (episodic 10 on tiny)."
        for name in ("baselines/closed_book", "baselines/rag")
    ]


def test_of_two_floors_the_one_of_the_same_seeds_counts(tmp_path: Path) -> None:
    """Neither is the plain one, as both have a digest behind their name."""
    cells.write(tmp_path / "a", "baselines/closed_book", 1, config_hash="one")
    cells.write(tmp_path / "b", "baselines/closed_book", 3, config_hash="another", seed=2)
    cells.write(tmp_path, "memory/x", 6)
    [told] = verdict.on_memories(load.load_real(tmp_path).rows)
    assert told.over_floor.mean == 5 / 8


def test_a_time_of_another_processor_is_starred(tmp_path: Path) -> None:
    """Two of three rows were timed on one processor: the third's time is no measure for theirs."""
    for preset, cpu in (("baselines/rag", "a"), ("baselines/core", "a"), ("memory/x", "b")):
        cells.edit(cells.write(tmp_path, preset, 4) / META, machine={"cpu": cpu, "cores": 2})
    found = load.load_real(tmp_path)
    header, [told] = gains.verdict_table(found.rows)
    assert told[header.index("ms/question")] == "20*"
    page = markdown.render(pages.index(found, "today", {}))
    assert page.count("timed on another processor than most") == 2  # below verdicts and costs
    assert "*: timed on" in screen.note(found.rows, [])


def test_the_answer_is_the_first_thing_of_the_report(tmp_path: Path) -> None:
    """Gains, pictures, the table, contents; then words, below headings of their own."""
    rows_of(tmp_path, baselines__closed_book=0, baselines__rag=4, memory__x=6)
    found = load.load_real(tmp_path)
    blocks = pages.index(found, "today", {"cost-tiny.png": "Cost.", "size-tiny.png": "Size."})
    kinds = [type(block).__name__ for block in blocks[:7]]
    assert kinds == ["Heading", "Text", "Bullets", "Picture", "Text", "Grid", "Text"]
    assert [type(block).__name__ for block in blocks[7:9]] == ["Contents", "Heading"]
    page = markdown.render(blocks)
    assert page.splitlines()[2].startswith("What each memory gains over the best baseline")
    assert "- [What it costs](#what-it-costs)" in page


def test_the_screen_says_which_baseline_is_the_best(tmp_path: Path) -> None:
    """Its name heads the column, and what that means stands below."""
    rows = rows_of(tmp_path, baselines__closed_book=0, baselines__rag=4, memory__x=6)
    header, [_, _, told] = screen.screen_table(rows)
    assert header[2:4] == ("over closed book", "over rag (best)")
    assert (told[2][:4], told[3][:4]) == ("+.75", "+.25")
    note = screen.note(rows, header)
    assert "best: the baseline of the highest score of the same budget" in note
    assert "MB: peak" in note
    assert "MB: peak" not in screen.note(rows, [name for name in header if name != "MB"])
