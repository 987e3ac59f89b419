"""What the numbers of a date say in sentences."""

import json
from pathlib import Path
from typing import Any

import cells
import pytest

from memeval.reporting import load, plots, summary
from memeval.results import ITEMS, META, METRICS


def write(root: Path, preset: str, right: int, *, size: int = 10, **metrics: Any) -> None:
    """Write a preset's cells on two seeds, of some size and with other metrics."""
    for seed in (1, 2):
        change(cells.write(root, preset, right, seed=seed, size=size) / METRICS, **metrics)


def change(path: Path, **values: Any) -> None:
    cells.edit(path, **values)


def test_the_best_memory_is_named_with_its_way(tmp_path: Path) -> None:
    """A sentence a suite: 6 of 8 is 6 more than the floor, 4 more than rag, and 3/4 of the way."""
    scores = {"closed_book": 0, "rag": 2, "oracle": 8}
    for name, right in scores.items():
        write(tmp_path, f"baselines/{name}", right)
    write(tmp_path, "memory/hei_nw", 6)
    [told] = summary.gained(load.load_real(tmp_path).rows)
    assert told.startswith("episodic 10 on tiny, 2 seeds: memory/hei_nw has exact match 0.75 [")
    assert "], +0.75 [0.38, 0.96] over closed_book, +0.50 [" in told
    assert told.endswith(
        "] over the best baseline, rag. That is 75 % of the way from closed_book 0.00 to oracle "
        "1.00."
    )


def test_a_gain_that_is_none_is_told_in_words(tmp_path: Path) -> None:
    """One more of 8 on two seeds is 2 to 0: p is 1/2."""
    write(tmp_path, "baselines/rag", 3)
    write(tmp_path, "memory/hei_nw", 4)
    [told] = summary.gained(load.load_real(tmp_path).rows)
    assert told.endswith("over the best baseline, rag (indistinguishable).")


def test_of_equal_memories_the_smallest_is_named(tmp_path: Path) -> None:
    """What a small store does needs no larger one, nor one that does not tell its size."""
    for preset, memory in (("all", {"store_bytes": 2e6}), ("a", {}), ("smpd", {"store_bytes": 9})):
        write(tmp_path, f"memory/{preset}", 6, memory=memory)
    [told] = summary.gained(load.load_real(tmp_path).rows)
    assert "memory/smpd has exact match 0.75" in told
    assert told.endswith(" Indistinguishable from it: memory/all 0.75, memory/a 0.75.")


def test_the_other_memories_are_placed_beside_the_best_baseline(tmp_path: Path) -> None:
    """Of 8 the best has 8 and rag 4 right; 7 is not less than the best by the test, nor 5 than 4.

    Two seeds double the discordant pairs: 2 to 0 gives p 1/2, 8 to 0 gives 2 / 2^8.
    """
    rights = {"best": 8, "nearly": 7, "like_rag": 4, "low": 0}
    for name, right in rights.items():
        write(tmp_path, f"memory/{name}", right)
    write(tmp_path, "baselines/rag", 4)
    write(tmp_path, "baselines/core", 1)
    [told] = summary.gained(load.load_real(tmp_path).rows)
    assert told.endswith(
        "Indistinguishable from it: memory/nearly 0.88. "
        "Indistinguishable from rag: memory/like_rag 0.50. Below rag: memory/low 0.00."
    )


def test_what_was_not_compared_is_not_called_alike(tmp_path: Path) -> None:
    """Without its records a memory has a score and no comparison, nor has one beside such a rag."""
    write(tmp_path, "memory/best", 8)
    for preset in ("memory/bare", "memory/low", "baselines/rag"):
        write(tmp_path, preset, 1)
    for preset in ("memory/bare", "baselines/rag"):
        for path in (tmp_path / preset).rglob(ITEMS):
            path.unlink()
    [told] = summary.gained(load.load_real(tmp_path).rows)
    assert told.endswith(
        " Not compared with it: memory/bare 0.12. Not compared with rag: memory/low 0.12."
    )


def test_a_memory_that_passes_the_oracle_is_told_so(tmp_path: Path) -> None:
    """More than the whole way is no mistake: notes may say more than the gold events."""
    for preset, right in (("baselines/closed_book", 0), ("baselines/oracle", 4), ("memory/a", 8)):
        write(tmp_path, preset, right)
    [told] = summary.gained(load.load_real(tmp_path).rows)
    assert "200 % of the way" in told
    assert told.endswith("past the oracle, which reads the gold events as they were told.")


def test_a_price_is_told_beside_the_baselines(tmp_path: Path) -> None:
    """Of the best memory: the time and tokens of a question, the time of an event, the store."""
    write(tmp_path, "baselines/rag", 3, latency_ms_mean=40.0)
    write(
        tmp_path,
        "memory/hei_nw",
        6,
        latency_ms_mean=55.0,
        teach_ms_per_event=12.0,
        phases_ms={"teach": 300.0, "replay": 150.0},
        memory={"store_bytes": 20480},
    )
    assert summary.prices(load.load_real(tmp_path).rows) == [
        "episodic 10 on tiny: a question costs memory/hei_nw 55 ms and 100 tokens (peak 512 MB), "
        "rag 40 ms and 100 tokens (peak 512 MB). In memory/hei_nw an event costs 18 ms to teach, "
        "replay included, and the store holds 20 KB.",
        "Times differ by the machine's other work, so each is the median over seeds.",
    ]


def test_the_price_of_what_does_as_well_is_told(tmp_path: Path) -> None:
    """Of 8, one less on two seeds is none less by the test: both prices are told, each once."""
    write(tmp_path, "memory/hei_nw", 6, teach_ms_per_event=12.0, memory={"store_bytes": 20480})
    write(tmp_path, "memory/all", 5, teach_ms_per_event=45.0, memory={"store_bytes": 140 * 1024})
    [price, _] = summary.prices(load.load_real(tmp_path).rows)
    assert ", memory/all 20 ms and 100 tokens (peak 512 MB)." in price
    assert price.endswith(
        " In memory/all an event costs 45 ms to teach, replay included, and the store holds 140 KB."
    )
    write(tmp_path, "memory/all", 8)
    [price, _] = summary.prices(load.load_real(tmp_path).rows)
    assert price.count("In memory/all") == 1
    write(tmp_path, "memory/hei_nw", 0)
    [price, _] = summary.prices(load.load_real(tmp_path).rows)
    assert "hei_nw" not in price


def test_what_was_not_measured_has_no_price(tmp_path: Path) -> None:
    """A memory without a store's size, a peak or a time of teaching tells none of them."""
    write(tmp_path, "memory/hei_nw", 6, memory={}, rss_mb=None, teach_ms_per_event=None)
    [price, _] = summary.prices(load.load_real(tmp_path).rows)
    assert price == "episodic 10 on tiny: a question costs memory/hei_nw 20 ms and 100 tokens."


def test_times_that_differ_much_from_seed_to_seed_are_told(tmp_path: Path) -> None:
    """40, 42 and 90 ms: the median is 42, and 90 is more than 1.5 times 40; 14 of 10 is not."""
    for seed, (ms, event) in enumerate(((40.0, 10.0), (90.0, 14.0), (42.0, 11.0)), start=1):
        path = cells.write(tmp_path, "memory/hei_nw", 6, seed=seed) / METRICS
        change(path, latency_ms_mean=ms, teach_ms_per_event=event)
    price, times = summary.prices(load.load_real(tmp_path).rows)
    assert "a question costs memory/hei_nw 42 ms" in price
    assert "an event costs 11 ms to teach" in price
    assert times.endswith(
        "From seed to seed: memory/hei_nw 40 to 90 ms per question (episodic 10 on tiny)."
    )


def ablate(root: Path, **right: int) -> None:
    """Write an ablation of HEI-NW: the right answers of all of it, and without each part."""
    for part, count in right.items():
        variant = part if part == "full" else f"no_{part}"
        for seed in (1, 2):
            above = root / "ablations/hei_nw" / variant
            folder = cells.write(above, "", count, seed=seed, config_hash=variant)
            off = {} if part == "full" else {f"{part}.enabled": False}
            change(folder / META, overrides=off)
            if part == "gate":
                change(folder / METRICS, memory={"store_items": 30, "store_bytes": 1500})


def test_a_time_of_another_processor_is_named(tmp_path: Path) -> None:
    """A sentence that sets two times side by side says where they are no measure of each other."""
    for preset, cpu in (("memory/hei_nw", "fast"), ("baselines/rag", "slow")):
        cells.edit(cells.write(tmp_path, preset, 5) / META, machine={"cpu": cpu, "cores": 2})
    [price, _] = summary.prices(load.load_real(tmp_path).rows)
    assert " on another processor. In memory/hei_nw" in price


def test_a_point_of_another_processor_is_marked(tmp_path: Path) -> None:
    """The picture of costs has one axis of times, on which such a point is no measure."""
    pytest.importorskip("matplotlib")
    for preset, cpu in (("memory/hei_nw", "a"), ("baselines/core", "a"), ("baselines/rag", "b")):
        cells.edit(cells.write(tmp_path, preset, 5) / META, machine={"cpu": cpu, "cores": 2})
    [axis] = plots._cost(load.load_real(tmp_path).rows).axes
    assert {text.get_text() for text in axis.texts} == {"hei_nw", "core", "rag*"}
    assert axis.get_xlabel().endswith("(*: on another processor)")


def test_parts_are_told_by_what_is_lost_without_them(tmp_path: Path) -> None:
    """One that earns, one that hinders, one that cannot be told and one that does nothing.

    Of 16 questions 8 are right with all parts: 0, 16, 6 and 8 without one. Of two that are lost
    nothing can be said.
    """
    ablate(tmp_path, full=4, dg=0, gate=8, replay=3, hopfield=4)
    [told] = summary.parts(load.load_real(tmp_path).ablations)
    assert told == (
        "memory/hei_nw: episodic 10 on tiny, seeds 1, 2: "
        "exact match falls without dg.enabled (-0.50); "
        "it rises without gate.enabled (+0.50, store +50 %); "
        "indistinguishable without hopfield.enabled (nothing changed), replay.enabled (-0.12)."
    )


def test_parts_of_a_memory_that_was_given_without_another_are_told(tmp_path: Path) -> None:
    """With the gate off in both, the variant without the code is without one part, not two."""
    ablate(tmp_path, full=8, dg=2)
    for path in tmp_path.rglob(META):
        off = {"gate.enabled": False} | json.loads(path.read_text())["overrides"]
        change(path, overrides=off)
    [told] = summary.parts(load.load_real(tmp_path).ablations)
    assert told.endswith("exact match falls without dg.enabled (-0.75).")
