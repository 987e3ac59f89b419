"""The table of an ablation: what is compared with what, the family, the changes, the width."""

from pathlib import Path
from typing import Any

import cells
import pyarrow.parquet as pq
import pytest

from memeval.naming import swept_name
from memeval.reporting import load, summary
from memeval.reporting.ablations import SCREEN_HEADER, Ablation, ablations, note
from memeval.results import META, METRICS


def write(root: Path, variant: str, right: int, *, seed: int = 1, **metrics: Any) -> None:
    """Write a cell of HEI-NW without one part, `full` for all of it, with other metrics."""
    name = variant if variant == "full" else f"no_{variant}"
    folder = cells.write(root / "ablations/hei_nw" / name, "", right, seed=seed, config_hash=name)
    overrides = {} if variant == "full" else {f"{variant}.enabled": False}
    change(folder / META, overrides=overrides)
    if metrics:
        change(folder / METRICS, **metrics)


def change(path: Path, **values: Any) -> None:
    cells.edit(path, **values)


def only(root: Path) -> Ablation:
    [found] = ablations(load.load_real(root).ablations)
    return found


def ablated(root: Path, **variants: int) -> Ablation:
    """Return an ablation over two seeds with a number of right answers for each variant."""
    for variant, right in variants.items():
        for seed in (1, 2):
            write(root, variant, right, seed=seed)
    return only(root)


def narrow(found: Ablation) -> list[tuple[str, ...]]:
    return [one.narrow() for one in found.compared()]


def test_an_ablation_is_told_as_what_is_lost_without_the_part(tmp_path: Path) -> None:
    """Without the code 8 - 2 items are lost a seed, 12 in all; without the gate none.

    Both seeds tell the same, so that their items decide: p is below 0.001, and Holm doubles it.
    """
    found = ablated(tmp_path, full=8, dg=2, gate=8)
    assert found.title == "memory/hei_nw: episodic 10 on tiny, seeds 1, 2"
    full, without_code, without_gate = found.table()[1]
    assert full[:4] == ("full", "-", "1.00", "-")
    assert without_code[:3] == ("no_dg", "dg.enabled", "0.25")
    assert without_code[3].startswith("-0.75 [")
    assert without_code[4:8] == ("0.0", "0 / 12", "<0.001", "<0.001")
    assert without_gate[3:8] == ("nothing changed", "-", "0 / 0", "1.000", "1.000")


def test_an_ablated_baseline_keeps_its_name(tmp_path: Path) -> None:
    """It is no memory because it was ablated; what older cells ablated is taken for one."""
    for variant in ("full", "dg"):
        write(tmp_path, variant, 8)
        change(
            tmp_path / "ablations/hei_nw" / ("full" if variant == "full" else "no_dg")
            / "tiny/episodic/10_1/meta.json",
            ablated="baselines/rag",
        )  # fmt: skip
    assert only(tmp_path).title == "baselines/rag: episodic 10 on tiny, seeds 1"


def test_the_cost_of_a_variant_is_its_difference_to_the_full_memory(tmp_path: Path) -> None:
    """All made-up cells cost the same: 100 tokens a question, 20.5 ms, 1,000 bytes."""
    full, other = ablated(tmp_path, full=8, gate=8).table()[1]
    assert full[9:] == ("-", "100", "20", "1.0")
    assert other[9:] == ("-", "+0", "+0", "+0.0")


def test_a_seed_beside_other_work_does_not_move_a_variants_time(tmp_path: Path) -> None:
    """Of 20, 20 and 200 ms the median is 20; the mean would be 80 and the variant 60 faster."""
    for seed, ms in ((1, 20.0), (2, 200.0), (3, 20.0)):
        write(tmp_path, "full", 8, seed=seed, latency_ms_mean=ms)
        write(tmp_path, "gate", 8, seed=seed, latency_ms_mean=20.0)
    full, without_gate = only(tmp_path).table()[1]
    assert (full[11], without_gate[11]) == ("20", "+0")


def test_differences_are_variant_minus_full(tmp_path: Path) -> None:
    """A part that earns something leaves a negative difference where it is off."""
    full, without = ablated(tmp_path, full=8, gate=2).compared()
    assert full.comparison is None
    assert without.comparison is not None
    assert without.comparison.difference.mean == pytest.approx(-6 / 8)
    assert (without.comparison.only_a, without.comparison.only_b) == (0, 12)


def test_the_variants_of_an_ablation_are_one_family(tmp_path: Path) -> None:
    """Holm counts the variants, not the full memory: two here, of which the smaller p doubles."""
    write(tmp_path, "full", 8)
    write(tmp_path, "dg", 2)
    write(tmp_path, "gate", 0)
    full, dg, gate = only(tmp_path).compared()
    assert full.holm_p is None
    assert dg.comparison is not None
    assert gate.comparison is not None
    assert gate.comparison.p_value is not None
    assert dg.holm_p == dg.comparison.p_value
    assert gate.holm_p == pytest.approx(2 * gate.comparison.p_value)


def test_a_missing_seed_is_told_and_not_averaged_away(tmp_path: Path) -> None:
    """A variant without a seed is compared on the others, and marked."""
    ablated(tmp_path, full=8)
    write(tmp_path, "gate", 2)
    found = only(tmp_path)
    assert narrow(found)[1][2].partition("]")[2].startswith("*")
    assert "(seeds 1)" in found.table()[1][1][3]


@pytest.mark.parametrize(
    "other",
    [
        {"tokens": {"prompt": 999, "generated": 40, "reused": 800}},
        {"memory": {"store_items": 30, "store_bytes": 1100}},
    ],
)
def test_nothing_changed_only_where_nothing_did(tmp_path: Path, other: dict[str, Any]) -> None:
    """The same answers at another price are a difference of 0; times and reuse are noise."""
    ablated(tmp_path, full=8, gate=8)
    for seed in (1, 2):
        write(tmp_path, "dg", 8, seed=seed, **other)
        reused = {"prompt": 1000, "generated": 40, "reused": 801}
        write(tmp_path, "gate", 8, seed=seed, latency_ms_mean=99.0, tokens=reused)
    _, without_code, without_gate = narrow(only(tmp_path))
    assert without_code[2] == "+.00 [-.17, .17]="
    assert without_gate[2] == "nothing changed"


def test_another_wrong_answer_is_a_change(tmp_path: Path) -> None:
    """The same items are right, and one that is wrong was answered otherwise."""
    write(tmp_path, "full", 4)
    write(tmp_path, "gate", 4)
    path = next(tmp_path.rglob("no_gate/**/items.parquet"))
    rows = pq.read_table(path).to_pylist()
    assert not rows[5]["exact_match"]
    rows[5]["prediction"] = "Nowhere"
    cells.put_rows(path.parent, rows)
    assert narrow(only(tmp_path))[1][2] == "+.00 [-.33, .33]="


def test_without_records_no_part_is_said_to_change_nothing(tmp_path: Path) -> None:
    """As in a clone: the means stand there, and no answer is known to be the same."""
    write(tmp_path, "full", 4)
    write(tmp_path, "gate", 4)
    for path in tmp_path.rglob("items.parquet"):
        path.unlink()
    assert [row[1:3] for row in narrow(only(tmp_path))] == [(".50", "-"), (".50", "-")]


def test_without_the_full_memory_nothing_is_compared(tmp_path: Path) -> None:
    """A full memory that failed leaves figures without differences."""
    write(tmp_path, "gate", 2)
    [row] = narrow(only(tmp_path))
    assert row == ("no_gate", ".25", "-", "-", "-", "-", "100.0", "20.5", "1,000")


def test_what_was_not_measured_is_a_dash(tmp_path: Path) -> None:
    """A memory that does not tell the size of its store has no change of it."""
    write(tmp_path, "full", 8, memory={})
    write(tmp_path, "gate", 2, memory={})
    assert [row[-1] for row in narrow(only(tmp_path))] == ["-", "-"]


def test_a_row_of_the_terminal_reads_as_told(tmp_path: Path) -> None:
    """Figures of the full memory, changes of the others, no nought for a small p."""
    for seed in (1, 2):
        write(tmp_path, "full", 8, seed=seed, memory={"store_bytes": 37600})
        write(tmp_path, "gate", 0, seed=seed, latency_ms_mean=10.25)
    assert narrow(only(tmp_path)) == [  # all 16 lost
        ("full", "1.00", "-", "-", "-", "-", "100.0", "20.5", "37.6k"),
        ("no_gate", ".00", "-1.00 [-1.00, -.66]", "<.001", "<.001", "-", "+0%", "-50%", "-97%"),
    ]


def test_the_longest_declared_variant_fits_80_columns(tmp_path: Path) -> None:
    """Columns, with the blanks around and between them, of the widest row of a usual table."""
    for seed in (1, 2):
        write(tmp_path, "full", 8, seed=seed, latency_ms_mean=1234.0)
        write(tmp_path, "schema.fast_track", 4, seed=seed, latency_ms_mean=2468.0)
        write(tmp_path, "gate", 8, seed=seed)
    columns = zip(SCREEN_HEADER, *narrow(only(tmp_path)), strict=True)
    assert sum(max(map(len, column)) + 1 for column in columns) + 1 <= 80


def write_swept(root: Path, value: object, right: int, **changes: Any) -> None:
    """Write a cell of HEI-NW with a value of one parameter."""
    name = swept_name("hopfield.beta", value)
    folder = cells.write(root / "ablations/hei_nw" / name, "", right, config_hash=name)
    change(folder / META, overrides={"hopfield.beta": value}, **changes)


def test_swept_values_are_told_as_they_were_given_and_in_their_order(tmp_path: Path) -> None:
    """16 after 8, below the parts that are off; what the full memory has anyway is said so."""
    write(tmp_path, "full", 8)
    write(tmp_path, "gate", 8)
    write_swept(tmp_path, 16, 8, config_hash="full")
    write_swept(tmp_path, 0.5, 2)
    write_swept(tmp_path, 8, 4)
    header, rows = only(tmp_path).table()
    assert header[1] == "what differs"
    assert [row[:4] for row in rows] == [
        ("full", "-", "1.00", "-"),
        ("no_gate", "gate.enabled=false", "1.00", "nothing changed"),
        ("hopfield.beta=0.5", "hopfield.beta=0.5", "0.25", rows[2][3]),
        ("hopfield.beta=8", "hopfield.beta=8", "0.50", rows[3][3]),
        ("hopfield.beta=16", "hopfield.beta=16", "1.00", "as in full"),
    ]
    assert rows[2][3].startswith("-0.75 [")
    assert rows[4][9:] == ("-", "+0", "+0", "+0.0")
    assert [row[0] for row in narrow(only(tmp_path))] == [row[0] for row in rows]


def test_what_the_full_memory_has_is_no_test_of_the_family(tmp_path: Path) -> None:
    """Of two values one is the full memory's, so that Holm has one p and leaves it as it is."""
    write(tmp_path, "full", 8)
    write_swept(tmp_path, 16, 8, config_hash="full")
    write_swept(tmp_path, 8, 2)
    _, swept, same = only(tmp_path).compared()
    assert swept.comparison is not None
    assert swept.holm_p == swept.comparison.p_value
    assert same.comparison is None


def test_a_page_says_what_a_sweep_changes(tmp_path: Path) -> None:
    """One sentence for all values, and a note on how to read the table."""
    write(tmp_path, "full", 8)
    write_swept(tmp_path, 8, 8)
    [told] = summary.parts(load.load_real(tmp_path).ablations)
    assert told.endswith("exact match changes with hopfield.beta=8 by +0.00 (indistinguishable).")
    rows = load.load_real(tmp_path).ablations
    assert "as in full" in note(rows)
    assert "as in full" not in note([row for row in rows if row.variant == "full"])
