"""The table of an ablation: what is compared with what, the family, the changes, the width."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from memeval.scoring.ablation import HEADER, ablations, table_rows
from memeval.scoring.compare import mcnemar


@dataclass
class Record:
    """What a record needs to be compared."""

    query_id: str
    exact_match: bool
    session: str = "s"
    answerable: bool = True


@dataclass
class Finished:
    """A cell on disk, as `results.StoredCell` gives it."""

    meta: dict[str, Any]
    metrics: dict[str, Any]
    records: list[Record] = field(default_factory=list)

    def items(self) -> list[Record]:
        return self.records


def cell(variant: str, right: str, *, seed: int = 1, **changes: Any) -> Finished:
    """Make a cell of a variant; `right` has a digit an item."""
    meta = {
        "preset": f"ablations/hei_nw/{variant}",
        "model": {"name": "tiny"},
        "suite": "episodic",
        "size": len(right),
        "seed": seed,
        "config": {"limit": None},
        "config_hash": variant,
    }
    metrics = {
        "n": len(right),
        "tokens": {"prompt": 100 * len(right)},
        "latency_ms_mean": 20.0,
        "memory": {"store_bytes": 1000},
    }
    records = [Record(f"q{i}", digit == "1", f"s{seed}") for i, digit in enumerate(right)]
    return Finished(meta | changes.pop("meta", {}), metrics | changes, records)


def test_differences_are_variant_minus_full() -> None:
    """A part that earns something leaves a negative difference where it is off."""
    [found] = ablations([cell("no_gate", "11000000"), cell("full", "11111111")])
    assert [variant.name for variant in found.variants] == ["full", "no_gate"]
    compared = found.variants[1].comparison
    assert compared is not None
    assert compared.difference.mean == pytest.approx(-6 / 8)
    assert (compared.only_a, compared.only_b) == (0, 6)


def test_the_variants_of_an_ablation_are_one_family() -> None:
    """Holm counts the variants, not the full memory: two here."""
    cells = [cell("full", "1" * 8), cell("a", "00000011"), cell("b", "00000000")]
    [found] = ablations(cells)
    # p: 6 and 8 discordant pairs, 2 / 2^6 and 2 / 2^8; the smaller is doubled
    assert [v.holm_p for v in found.variants] == pytest.approx([None, 2 / 2**6, 2 * 2 / 2**8])
    assert mcnemar(0, 6) == 2 / 2**6


def test_seeds_are_pooled_and_models_apart() -> None:
    """Two seeds are one row, two models two tables."""
    other = {"meta": {"model": {"name": "other"}}}
    cells = [cell("full", "10", seed=s) for s in (1, 2)] + [cell("full", "10", **other)]
    first, second = ablations(cells)
    assert (first.model, first.variants[0].seeds) == ("other", (1,))
    assert (second.model, second.variants[0].seeds) == ("tiny", (1, 2))
    assert second.variants[0].exact_match.n == 4


def test_costs_are_of_an_item_and_changes_relative() -> None:
    """Half the tokens, a quarter more time, a fifth more store."""
    cheap = {"tokens": {"prompt": 400}, "latency_ms_mean": 25.0, "memory": {"store_bytes": 1200}}
    [found] = ablations([cell("full", "1" * 8), cell("no_gate", "1" * 8, **cheap)])
    full, variant = found.variants
    assert (full.tokens, full.ms, full.store_bytes) == (100.0, 20.0, 1000.0)
    assert variant.tokens_change == pytest.approx(-0.5)
    assert variant.ms_change == pytest.approx(0.25)
    assert variant.store_change == pytest.approx(0.2)


def test_a_missing_seed_is_told_and_not_averaged_away() -> None:
    """A variant that answered other items has no difference, and says so."""
    cells = [cell("full", "10", seed=s) for s in (1, 2)] + [cell("no_gate", "10")]
    [found] = ablations(cells)
    assert found.variants[1].comparison is None
    assert found.variants[1].holm_p is None
    assert table_rows(found)[1][2] == "other items than full"


def test_configurations_are_never_pooled() -> None:
    """A seed that was run with other parameters is a variant of its own."""
    odd = cell("no_gate", "10", seed=2, meta={"config_hash": "c0ffee123"})
    [found] = ablations([cell("full", "10"), cell("no_gate", "10"), odd])
    assert [v.name for v in found.variants] == ["full", "no_gate (c0ffee)", "no_gate (no_gat)"]


def test_a_knob_that_changes_nothing_is_called_that() -> None:
    """No answer, no token and no byte: the row says so. Time alone is noise."""
    same = cell("no_gate", "1100", latency_ms_mean=21.0)
    [found] = ablations([cell("full", "1100"), same])
    assert table_rows(found)[1][2] == "nothing changed"
    bigger = cell("no_gate", "1100", memory={"store_bytes": 1100})
    [found] = ablations([cell("full", "1100"), bigger])
    assert table_rows(found)[1][2] == "+.00 [+.00, +.00]"


def test_without_the_full_memory_nothing_is_compared() -> None:
    """A full memory that failed leaves figures without differences."""
    [found] = ablations([cell("no_gate", "10")])
    assert found.variants[0].comparison is None


def test_what_was_not_measured_is_a_dash() -> None:
    """A memory that does not tell the size of its store has no change of it."""
    [found] = ablations([cell("full", "10", memory={}), cell("no_gate", "01", memory={})])
    assert [row[-1] for row in table_rows(found)] == ["-", "-"]


def test_other_presets_are_passed_over() -> None:
    """Cells of the matrix beside the ablations are no variants."""
    assert ablations([cell("full", "10", meta={"preset": "memory/hei_nw"})]) == []


def test_a_row_reads_as_told() -> None:
    """Figures of the full memory, changes of the others, no nought for a small p."""
    # 40 of 40 lost: every resample is -1, so nothing tells the noise; p = 2 / 2^40
    lost = cell("no_gate", "0" * 40, latency_ms_mean=15.0)
    [found] = ablations([cell("full", "1" * 40, memory={"store_bytes": 37600}), lost])
    assert table_rows(found) == [
        ("full", "1.00", "-", "-", "-", "-", "100.0", "20.0", "37.6k"),
        ("no_gate", ".00", "-1.00 [-1.00, -1.00]", "<.001", "<.001", "-", "+0%", "-25%", "-97%"),
    ]


def test_the_longest_declared_variant_fits_80_columns() -> None:
    """Columns, with the blanks around and between them, of the widest row of a usual table."""
    much = {"tokens": {"prompt": 1913 * 40}, "latency_ms_mean": 1234.0}
    cells = [
        cell("full", "1" * 40, **much),
        cell("no_schema.fast_track", "01" * 20),
        cell("no_gate", "1" * 40),  # noughts, but for the costs
    ]
    [found] = ablations(cells)
    columns = zip(*([HEADER, *table_rows(found)]), strict=True)
    assert sum(max(map(len, column)) + 1 for column in columns) + 1 <= 80
