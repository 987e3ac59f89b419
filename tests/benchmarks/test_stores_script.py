"""Up to which size a store is said to hold."""

from typing import Any

import pytest
from scripts import script

stores = script("stores")


def row(p95: float, peak: float = 100) -> dict[str, float]:
    return {"p95": p95, "peak": peak}


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ({10_000: row(1), 100_000: row(2)}, "100,000 traces, the most that was measured"),
        # 20 is 10 of 18 ms beyond 10: half of the way and a little more
        ({100_000: row(10), 1_000_000: row(28)}, "100,000 traces; until about 600,000 by a line"),
        ({100_000: row(10, 2000), 1_000_000: row(12, 6000)},
         "100,000 traces; until about 550,000 by a line"),
        ({10_000: row(21)}, "not even 10,000 traces"),
        ({10_000: row(1), 100_000: "not done in 9 s"}, "10,000 traces, the most that was measured"),
        ({10_000: "no faiss"}, "not measured"),
    ],
)  # fmt: skip
def test_a_store_holds_up_to_where_it_was_measured_to(rows: dict[int, Any], told: str) -> None:
    """By the slower of time and memory; a size that could not be measured says nothing."""
    assert stores.how_far(rows) == told


def test_a_store_by_lists_is_asked_for_by_name() -> None:
    """Its memory searches by lists from the second event on; the exact one never does."""
    pytest.importorskip("faiss")
    table = stores.Table()
    assert stores.empty("dense lists", 10, table).params.approximate.enabled
    assert not stores.empty("dense", 10, table).params.approximate.enabled


def test_the_share_that_is_found_is_against_exact_search() -> None:
    """Five of five where all lists are looked through; the memory is exact from then on."""
    pytest.importorskip("faiss")
    memory = stores.empty("dense lists", 100, stores.Table())
    for batch in stores.stream(1000):
        memory.observe(batch)
    assert stores.share_found(memory, stores.queries_of(1000)[:5]) == 1.0
    assert not memory._vectors.is_long
