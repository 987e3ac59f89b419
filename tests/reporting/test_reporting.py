"""From files to pages."""

import shutil
from pathlib import Path

import cells
import pytest
from goldens import assert_golden

from memeval.errors import DataError
from memeval.reporting import costs, load, markdown, pages, plots, raw, tables
from memeval.results import METRICS

PRESETS = {
    "baselines/oracle": 8,
    "memory/hei_nw": 6,
    "baselines/core": 3,
    "baselines/rag": 2,
    "baselines/closed_book": 0,
}
HOLES = [load.Hole("baselines/rag/smollm2/episodic/10_1", "failed: ValueError: no room")]


@pytest.fixture
def rows(tmp_path: Path) -> list[load.Row]:
    """Return the rows of five presets with two seeds each."""
    for preset, right in PRESETS.items():
        for seed in (1, 2):
            cells.write(tmp_path, preset, right, seed=seed)
    return load.load_real(tmp_path).rows


@pytest.mark.golden
def test_the_index_is_golden(rows: list[load.Row]) -> None:
    """The page was looked at once, and stays."""
    assert_golden(
        "index.md", markdown.render(pages.index(load.Found(rows, HOLES), "2026-01-31", {}))
    )


@pytest.mark.golden
def test_the_page_of_a_suite_is_golden(rows: list[load.Row]) -> None:
    """Every table of a suite stands on its page."""
    page = markdown.render(pages.suite_page(rows, "episodic", "2026-01-31"))
    assert_golden("summary.md", page)


@pytest.mark.golden
def test_the_raw_rows_are_golden(rows: list[load.Row]) -> None:
    """Every cell is a row of smoke.md."""
    assert_golden("smoke.md", markdown.render(raw.smoke(load.Found(rows, []), "2026-01-31")))


@pytest.mark.parametrize(
    "note", [tables.SLICE_NOTE, *(seen for _, seen in plots.CAPTIONS.values())]
)
def test_no_note_names_a_slice_of_the_own_suites(note: str) -> None:
    """It stands beside the slices of any data, where what nobody knows may be called otherwise."""
    assert "unknown" not in note


@pytest.mark.parametrize("note", [pages.SIZE_NOTE, plots.CAPTIONS["size"][1]])
def test_interference_is_told_by_session(note: str) -> None:
    """A dataset of many sessions is in as many stores, so its size alone makes none larger."""
    assert "session" in note
    assert "dataset" not in note


def test_raw_rows_leave_out_what_no_cell_of_a_preset_has(tmp_path: Path) -> None:
    """A table for each preset: a baseline's has no column for a memory's counters."""
    cells.write(tmp_path, "baselines/core", 3)
    path = cells.write(tmp_path, "memory/hei_nw", 6) / METRICS
    cells.edit(path, memory={"gate_written": 5})
    page = markdown.render(raw.smoke(load.load_real(tmp_path), "2026-01-31"))
    core, memory = page.split("## memory/hei_nw")
    assert "exact_match" in core
    assert "memory.gate_written" not in core
    assert "memory.gate_written" in memory


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (-0.001, "+.2f", "+0.00"),
        (-0.001, ".2f", "0.00"),
        (-0.006, ".2f", "-0.01"),
        (0.0, "+.0%", "+0%"),
    ],
)
def test_what_rounds_to_nought_has_no_minus(value: float, form: str, text: str) -> None:
    """A reader takes -0.00 for a fall."""
    assert tables.rounded(value, form) == text


def test_rows_stand_from_floor_to_ceiling(rows: list[load.Row]) -> None:
    """The table reads upwards from what knows nothing to what knows all."""
    names = ["closed_book", "core", "rag", "hei_nw", "oracle"]
    assert [row.preset.partition("/")[2] for row in rows] == names


def test_the_gain_over_core_is_paired(rows: list[load.Row]) -> None:
    """6 and 3 of 8 right are 3/8 more, of which 3 items a seed are the memory's alone."""
    memory, core = rows[3], rows[1]
    comparison = memory.against(core)
    assert comparison is not None
    assert comparison.difference.mean == pytest.approx(3 / 8)
    assert (comparison.only_a, comparison.only_b) == (6, 0)


def test_the_share_of_the_way_runs_from_floor_to_ceiling(rows: list[load.Row]) -> None:
    """6 of 8 lies three quarters of the way from 0 to 8."""
    shares = [tables.share_of_the_way(rows, row) for row in rows]
    assert shares == ["0 %", "38 %", "25 %", "75 %", "100 %"]


def test_a_ceiling_of_other_items_gives_no_share(rows: list[load.Row]) -> None:
    """A way is measured where floor, row and ceiling were asked the same questions."""
    rows[4].records.popitem()
    assert [tables.share_of_the_way(rows, row) for row in rows] == [tables.ABSENT] * 5


def test_other_seeds_are_not_compared(tmp_path: Path) -> None:
    """Runs on other items have no paired difference, rather than a wrong one."""
    cells.write(tmp_path, "baselines/core", 3, seed=1)
    cells.write(tmp_path, "memory/hei_nw", 6, seed=2)
    core, memory = load.load_real(tmp_path).rows
    assert memory.against(core) is None
    assert tables.comparison_table([core, memory])[1][1][4] == tables.ABSENT


def test_the_right_ones_that_the_floor_had_too_are_counted(tmp_path: Path) -> None:
    """A memory is not credited with what the model knew anyway."""
    cells.write(tmp_path, "baselines/closed_book", 2)
    cells.write(tmp_path, "memory/hei_nw", 6)
    rows = load.load_real(tmp_path).rows
    assert tables.lost_rows(rows)[1] == ("memory/hei_nw", "2", "0", "2", "0", "2")


def test_cells_of_the_fake_model_are_left_out(tmp_path: Path) -> None:
    """No number of the scripted model is a result; who has no other cells is told how many."""
    for seed in (1, 2):
        cells.write(tmp_path, "memory/hei_nw", 6, model="scripted", seed=seed)
    said = r"got none below .*, 2 left out as those of the fake model scripted; run some first"
    with pytest.raises(DataError, match=said):
        load.load_real(tmp_path)


def test_an_empty_date_is_told_what_to_run(tmp_path: Path) -> None:
    """Nothing was left out, so nothing is said of that."""
    with pytest.raises(DataError, match=r"got none below '[^']*'; run some first with: memeval"):
        load.load_real(tmp_path)


def test_a_failed_cell_leaves_a_hole(tmp_path: Path) -> None:
    """A cell that failed is not shown with the figures it had before."""
    folder = cells.write(tmp_path, "memory/hei_nw", 6)
    cells.write(tmp_path, "baselines/core", 3)
    (folder / "failure.txt").write_text("Traceback\nValueError: no room\n")
    found = load.load_real(tmp_path)
    assert [row.preset for row in found.rows] == ["baselines/core"]
    assert [hole.reason for hole in found.holes] == ["failed: ValueError: no room"]


@pytest.mark.parametrize("name", ["meta.json", "metrics.json", "items.parquet"])
@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"n": 1', '"text"'])
def test_a_broken_cell_leaves_a_hole(tmp_path: Path, name: str, content: str) -> None:
    """One broken file is named, and the other cells are still reported."""
    folder = cells.write(tmp_path, "memory/hei_nw", 6)
    cells.write(tmp_path, "baselines/core", 3)
    (folder / name).write_text(content)
    found = load.load_real(tmp_path)
    assert [row.preset for row in found.rows] == ["baselines/core"]
    assert [hole.folder for hole in found.holes] == [str(folder.relative_to(tmp_path))]
    assert found.holes[0].reason


def test_what_a_killed_process_left_is_no_cell(tmp_path: Path) -> None:
    """Unfinished folders have hidden names, and are not read."""
    folder = cells.write(tmp_path, "memory/hei_nw", 6)
    shutil.copytree(folder, folder.with_name(f".{folder.name}-123-abc"))
    shutil.copytree(folder, folder.with_name(f".{folder.name}-123-abc-old"))
    [row] = load.load_real(tmp_path).rows
    assert len(row.cells) == 1


def test_configurations_are_not_pooled(tmp_path: Path) -> None:
    """Seeds that were run with different parameters are two rows, told apart by a digest."""
    cells.write(tmp_path, "memory/hei_nw", 6, seed=1, config_hash="aaaaaaaaaa")
    cells.write(tmp_path, "memory/hei_nw", 2, seed=2, config_hash="bbbbbbbbbb")
    rows = load.load_real(tmp_path).rows
    assert [row.preset for row in rows] == ["memory/hei_nw (aaaaaa)", "memory/hei_nw (bbbbbb)"]
    assert [row.score().mean for row in rows] == [6 / 8, 2 / 8]


def test_sizes_of_several_configurations_are_not_one_line(tmp_path: Path) -> None:
    """One was run at 10 and 20 items, another at 20 and 50: neither has all three."""
    for size, config, right in ((10, "aaaaaaaa", 6), (20, "aaaaaaaa", 4), (50, "bbbbbbbb", 2)):
        cells.write(tmp_path, "memory/hei_nw", right, size=size, config_hash=config)
    header, lines = tables.size_table(load.load_real(tmp_path).rows)
    assert header == ("preset", "suite", "10 items", "20 items", "50 items")
    [told] = lines  # at 50 the other one stands alone
    assert told[0] == "memory/hei_nw"
    assert (told[2][:4], told[3][:4], told[4]) == ("0.75", "0.50", "-")
    cells.write(tmp_path, "memory/hei_nw", 3, size=20, seed=2, config_hash="bbbbbbbb")
    _, lines = tables.size_table(load.load_real(tmp_path).rows)
    assert [(name, *(score[:4] for score in scores)) for name, _, *scores in lines] == [
        ("memory/hei_nw (aaaaaa)", "0.75", "0.50", "-"),
        ("memory/hei_nw (bbbbbb)", "-", "0.38", "0.25"),
    ]


def test_a_bar_in_a_text_does_not_break_a_table() -> None:
    """Cells are escaped."""
    assert markdown.table(("a",), [("x | y",)]).splitlines()[-1] == r"| x \| y |"


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [(None, 2, "-"), (0.0, 2, "0.00"), (1234.5, 0, "1,234"), (0.12345, 3, "0.123")],
)
def test_numbers(value: float | None, digits: int, text: str) -> None:
    """A figure is rounded, thousands are set apart, and nothing measured is a dash."""
    assert tables.number(value, digits) == text


def test_times_are_medians_over_seeds(tmp_path: Path) -> None:
    """Of 20, 30 and 400 ms a question 30; of 10, 20 and 90 ms an event 20, replay half of each."""
    for seed, (ms, event) in enumerate(((20.0, 10.0), (400.0, 90.0), (30.0, 20.0)), start=1):
        path = cells.write(tmp_path, "memory/hei_nw", 6, seed=seed) / METRICS
        times = {"teach_ms_per_event": event, "phases_ms": {"teach": 8.0, "replay": 4.0}}
        cells.edit(path, **times, latency_ms_mean=ms)
    rows = load.load_real(tmp_path).rows
    header, body = costs.price_table(rows)
    told = dict(zip(header, body[0], strict=True))
    names = ("ms/item", "teach ms/event", "replay ms/event")
    assert [told[name] for name in names] == ["30", "20.00", "10.00"]
    of_each = dict(zip(costs.COST_HEADER, costs.cost_rows(rows)[0], strict=True))
    assert [of_each[name] for name in names[1:]] == ["20.00", "10.00"]


def test_tokens_that_were_read_before_are_set_apart(tmp_path: Path) -> None:
    """Of 100 tokens of a prompt 80 were reused, so 20 are new; without a count it is a dash."""
    cells.write(tmp_path, "memory/hei_nw", 6)
    path = cells.write(tmp_path, "memory/smpd", 6) / METRICS
    tokens = {"prompt": 1000, "generated": 40, "reused": None}
    cells.edit(path, tokens=tokens)
    header, body = costs.price_table(load.load_real(tmp_path).rows)
    place = header.index("tokens/item")
    told = [row[place : place + 2] for row in body]
    assert told == [("100", "20"), ("100", "-")]


def test_a_preset_that_does_not_rank_has_a_dash_for_hits(tmp_path: Path) -> None:
    """Its metric is null, and 0.00 would say that it was ranked and missed."""
    path = cells.write(tmp_path, "baselines/longctx", 3) / METRICS
    hits = {"retrieval": {"hit@1": None, "hit@5": None, "mrr": None, "n": 0}}
    cells.edit(path, **hits)
    header, [row] = tables.comparison_table(load.load_real(tmp_path).rows)
    assert row[header.index("hit@1")] == "-"
    page = markdown.render(raw.smoke(load.load_real(tmp_path), "2026-01-31"))
    assert "retrieval.hit@1" not in page


def test_walks_have_a_table_of_their_own(tmp_path: Path) -> None:
    """Arrivals, what chance reaches, steps over the optimum and decisions; none without walks."""
    cells.write(tmp_path / "asked", "baselines/core", 5)
    assert tables.walk_rows(load.load_real(tmp_path / "asked").rows) == []
    walked = {"steps": 6, "optimal_steps": 4, "decisions": 3, "random_walk_success": 0.25}
    cells.write(tmp_path / "walked", "baselines/core", 5, **walked)
    # five of ten arrived, all at six steps for four
    [row] = tables.walk_rows(load.load_real(tmp_path / "walked").rows)
    assert row == ("baselines/core", "0.50", "0.25", "1.50", "3.00")
