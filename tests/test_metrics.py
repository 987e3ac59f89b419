"""From records to metrics, with the figures derived by hand."""

from collections.abc import Sequence
from typing import Any

import cells
import pytest

from memeval.metrics import summarize
from memeval.results import ItemRecord
from memeval.scoring.scorer import STANDARD


def test_scores_are_over_answerable_items() -> None:
    """5 of 8 answerable items are right; the 2 others are not part of it."""
    metrics = cells.cell(5).metrics
    assert metrics["exact_match"] == 5 / 8
    assert (metrics["n"], metrics["n_answerable"]) == (10, 8)


def test_abstention_stands_beside_the_score() -> None:
    """With 9 right, one of the two unknown items is; no answerable one abstained."""
    metrics = cells.cell(9).metrics
    assert metrics["exact_match"] == 1.0
    assert metrics["abstention"] == 1 / 2
    assert metrics["false_abstention"] == 0.0


def test_hit_rates_follow_from_the_ranks() -> None:
    """5 of 8 have rank 1, the rest rank 4, so all are found at 5 and none more at 3."""
    retrieval = cells.cell(5).metrics["retrieval"]
    assert retrieval["hit@1"] == retrieval["hit@3"] == 5 / 8
    assert retrieval["hit@5"] == 1.0
    assert retrieval["mrr"] == pytest.approx((5 * 1 + 3 / 4) / 8)
    assert retrieval["n"] == 8


def test_latency_is_the_items_own() -> None:
    """Items take 16 to 25 ms: recall 1, prefill 10 to 19, decode 5."""
    metrics = cells.cell(5).metrics
    assert metrics["latency_ms_mean"] == pytest.approx(20.5)
    assert metrics["latency_ms_p50"] == pytest.approx(20.5)
    assert metrics["latency_ms_p95"] == pytest.approx(24.55)  # 16 + 9 * 0.95


def test_time_per_100_is_wall_time_of_the_questions() -> None:
    """205 ms of recall and reading for 10 items are 2,050 ms for 100; teaching is apart."""
    metrics = cells.cell(5).metrics
    assert metrics["time_ms_per_100"] == pytest.approx(2050)
    assert metrics["teach_ms_per_event"] == pytest.approx(10)


def test_times_of_adding_are_of_events_and_not_of_batches() -> None:
    """90 events took 1 ms each and 10 took 5: the median is 1, the rest of the tail 5."""
    figures = {"primary": "f1", "n_sessions": 1, "phases_ms": {}, "peak_bytes": 0, "events": 100}
    told = {"memory_stats": {}, "writes": {}, "read_as": "text", "kv_cache": {}}
    metrics = summarize(cells.cell(5).items, **figures, **told, batches=[(90, 90.0), (10, 50.0)])
    assert [metrics[f"teach_ms_p{p}"] for p in (50, 95, 99)] == [1.0, 5.0, 5.0]


def test_times_of_recalling_are_of_items() -> None:
    """Each of 10 items took 1 ms to recall; of no batch is told how long adding takes."""
    metrics = cells.cell(5).metrics
    assert metrics["recall_ms_p50"] == metrics["recall_ms_p99"] == 1.0
    assert metrics["teach_ms_p50"] is None


def test_slices_partition_the_items() -> None:
    """Every item is counted in one slice; a slice without answers has no score but abstention."""
    slices = cells.cell(5).metrics["slices"]
    assert {name: row["n"] for name, row in slices.items()} == {
        "exact": 4,
        "bound": 4,
        "unknown": 2,
    }
    assert slices["unknown"]["exact_match"] is None
    assert slices["exact"]["exact_match"] == 3 / 4  # numbers 0, 2 and 4 of 0, 2, 4, 6


def test_a_datasets_own_score_is_told_of_what_is_not_known() -> None:
    """Two unknown items judged 1.0 and 0.5 are 0.75; exact match says nothing of them."""
    judged = [
        cells.record(i, right=False, scores={**dict.fromkeys(STANDARD, 0.0), "judge": value})
        for i, value in ((7, 0.0), (8, 1.0), (9, 0.5))
    ]
    slices = summarized(judged, primary="judge")["slices"]
    assert slices["unknown"]["scores_of_unknown"] == {"judge": 0.75}
    assert slices["unknown"]["scores"]["judge"] is None
    assert slices["bound"]["scores_of_unknown"] == {}


def test_losses_count_wrong_answerable_items() -> None:
    """The three wrong ones were not retrieved."""
    assert cells.cell(5).metrics["lost"] == {"not_stored": 0, "not_retrieved": 3, "not_used": 0}


def test_a_score_is_the_mean_of_the_items_that_have_it() -> None:
    """Of answers judged 0.2 and 0.7 and one that could not be judged, 0.45."""
    scores = dict.fromkeys(STANDARD, 0.0)
    judged = [
        cells.record(i, right=True, scores={**scores, "judge": value})
        for i, value in enumerate((0.2, 0.7, None))
    ]
    metrics = summarized(judged, primary="judge")
    assert metrics["scores"]["judge"] == pytest.approx(0.45)
    assert metrics["primary"] == "judge"


def test_times_and_tokens_that_a_model_does_not_tell_are_null() -> None:
    """A served model says nothing of its prefill: no latency of 0 ms is made of that."""
    silent = dict.fromkeys(("prefill_ms", "decode_ms", "prompt_tokens", "generated_tokens"))
    metrics = summarized([cells.record(0, right=True, **silent)])
    assert metrics["latency_ms_mean"] is metrics["prefill_ms_mean"] is None
    assert metrics["tokens"] == {"prompt": None, "generated": None, "reused": 80}
    assert metrics["recall_ms_mean"] == 1.0


def test_tokens_are_told_of_all_items_or_not_at_all() -> None:
    """A sum over half of the items would look like a cheaper memory."""
    told, silent = cells.record(0, right=True), cells.record(1, right=True, prompt_tokens=None)
    assert summarized([told, silent])["tokens"]["prompt"] is None


def test_any_and_all_of_the_evidence_are_told_apart() -> None:
    """One gold event of two stands among the best five, the other one sixth."""
    ranked = [["a"], ["x"], ["x"], ["x"], ["x"], ["b"]]
    half = cells.record(0, right=True, gold_events=["a", "b"], recalled_events=ranked)
    retrieval = summarized([half])["retrieval"]
    assert (retrieval["any@5"], retrieval["all@5"]) == (1.0, 0.0)


def test_precision_and_gain_are_of_events() -> None:
    """A trace on two events fills two ranks, and an event told twice has the first alone.

    Ranks are x, a, y, b: at 3 there is one of two, at 5 both; gains are 0.63 and 0.43 of 1.63.
    """
    ranked = [["x", "a"], ["a", "y"], ["b"]]
    one = cells.record(0, right=True, gold_events=["a", "b"], recalled_events=ranked)
    retrieval = summarized([one])["retrieval"]
    assert retrieval["precision@3"] == pytest.approx(1 / 3)
    assert retrieval["precision@5"] == pytest.approx(2 / 5)
    assert retrieval["ndcg@3"] == pytest.approx(0.6309 / 1.6309, abs=1e-4)
    assert retrieval["ndcg@5"] == pytest.approx((0.6309 + 0.4307) / 1.6309, abs=1e-4)


def test_any_and_all_of_the_evidence_are_told_at_every_rank() -> None:
    """One gold event of two is found first, the other one fourth."""
    ranked = [["a"], ["x"], ["x"], ["b"]]
    one = cells.record(0, right=True, gold_events=["a", "b"], recalled_events=ranked)
    retrieval = summarized([one])["retrieval"]
    assert [retrieval[f"any@{k}"] for k in (1, 3, 5, 10)] == [1, 1, 1, 1]
    assert [retrieval[f"all@{k}"] for k in (1, 3, 5, 10)] == [0, 0, 1, 1]


def test_parts_of_a_stream_are_found_apart_from_events() -> None:
    """The right day comes second of three; an item without gold of a part is left out."""
    found = cells.record(0, right=True, gold_parts=["mon"], recalled_parts=["sun", "mon", "tue"])
    nowhere = cells.record(1, right=True, gold_parts=[], recalled_parts=["sun"])
    by_part = summarized([found, nowhere])["retrieval"]["by_part"]
    assert [by_part[f"any@{k}"] for k in (1, 3)] == [0, 1]
    assert by_part["ndcg@3"] == pytest.approx(0.6309, abs=1e-4)
    assert by_part["n"] == 1


def test_a_stream_without_parts_tells_none() -> None:
    """No column of dashes is made for what is not there."""
    assert "by_part" not in cells.cell(5).metrics["retrieval"]


def test_evidence_within_a_budget_is_any_all_and_the_share_of_it() -> None:
    """Of two items with two gold events each, one has both among the best notes, one has one."""
    gold = {"gold_events": ["a", "b"]}
    found = [
        cells.record(0, right=True, budget_events=["b", "x", "a"], **gold),
        cells.record(1, right=True, budget_events=["x", "a"], **gold),
        cells.record(8, right=True, budget_events=["x"]),  # not answerable
    ]
    retrieval = summarized(found)["retrieval"]
    told = [retrieval[f"{name}@256t"] for name in ("any", "all", "recall", "n")]
    assert told == [1.0, 0.5, 0.75, 2]


def test_evidence_of_an_empty_recall_is_none_of_it() -> None:
    """A memory that stays silent on one of two items has found the evidence of half."""
    silent, found = (cells.record(i, right=True, budget_events=[f"e{i}"][:i]) for i in (0, 1))
    retrieval = summarized([silent, found])["retrieval"]
    assert (retrieval["any@256t"], retrieval["n@256t"]) == (0.5, 2)


def test_evidence_within_a_budget_needs_no_ranks() -> None:
    """What is recalled in an order that is not one of fit stands in the budget all the same."""
    found = cells.record(0, right=True, reciprocal_rank=None, budget_events=["e0"])
    retrieval = summarized([found])["retrieval"]
    assert (retrieval["any@5"], retrieval["any@256t"]) == (None, 1.0)


def test_evidence_within_a_budget_is_told_of_slices() -> None:
    """Numbers 0 and 2 are of one slice, 1 of another."""
    found = [cells.record(i, right=True, budget_events=[f"e{i // 2}"]) for i in (0, 1, 2)]
    slices = summarized(found)["slices"]
    assert [slices[name]["any@256t"] for name in ("exact", "bound")] == [0.5, 0.0]
    assert [slices[name]["any@5"] for name in ("exact", "bound")] == [1.0, 1.0]


def test_evidence_of_cells_without_the_column_is_null() -> None:
    """A record that was written before it was kept has nothing to tell, and not nothing found."""
    retrieval = cells.cell(5).metrics["retrieval"]
    assert (retrieval["any@256t"], retrieval["n@256t"]) == (None, 0)


def confident(told: Sequence[float | None], **changes: Any) -> list[ItemRecord]:
    """Return records of which all with an even number have found their evidence."""
    return [
        cells.record(i, right=True, confidence=one, budget_events=[f"e{i}"][i % 2 :], **changes)
        for i, one in enumerate(told)
    ]


def test_confidences_are_compared_with_what_was_found() -> None:
    """0.9 found and 0.4 not are one pair in order, 0.1 and 0.1 a tie, of four: (1 + 1 + 0.5) / 4.

    Squares are 0.1^2, 0.4^2, 0.9^2 and 0.1^2; bins 0.1 (2, half found), 0.4 and 0.9 are
    0.4, 0.4 and 0.1 off.
    """
    told = summarized(confident([0.9, 0.4, 0.1, 0.1]))["calibration"]
    assert (told["n"], told["auroc"]) == (4, 2.5 / 4)
    assert told["brier"] == pytest.approx((0.01 + 0.16 + 0.81 + 0.01) / 4)
    assert told["ece"] == pytest.approx((2 * 0.4 + 0.4 + 0.1) / 4)
    assert told["bins"]["0.4-0.5"] == {"n": 1, "confidence": 0.4, "found": 0.0}
    assert told["bins"]["0.1-0.2"] == {"n": 2, "confidence": 0.1, "found": 0.5}


def test_where_nothing_is_to_be_found_nothing_is() -> None:
    """Whatever events an unanswerable item names, and whether or not they stand in the budget."""
    found = cells.record(8, right=True, confidence=1.0, budget_events=["a"], gold_events=["a"])
    assert summarized([found])["calibration"]["brier"] == 1.0


@pytest.mark.parametrize("unknown", [{"gold_events": []}, {"budget_events": None}])
def test_confidences_of_what_is_not_known_are_not_judged(unknown: dict[str, Any]) -> None:
    """Without labelled evidence, or where no budget was filled, nobody can say."""
    known = confident([0.9])
    other = cells.record(1, right=True, **{"confidence": 0.1, "budget_events": ["e1"]} | unknown)
    assert summarized([*known, other])["calibration"]["n"] == 1


def test_a_cell_without_confidences_tells_no_calibration() -> None:
    """Nor does one of which nothing can be judged."""
    assert "calibration" not in cells.cell(5).metrics
    assert "calibration" not in summarized(confident([None, None])) | summarized([])
    assert "calibration" not in summarized(confident([0.5], gold_events=[]))


def summarized(records: Sequence[ItemRecord], primary: str = "exact_match") -> dict[str, Any]:
    """Return metrics of records without anything but scores."""
    empty = ("phases_ms", "memory_stats", "writes", "kv_cache")
    nothing: dict[str, Any] = {name: {} for name in empty}
    return summarize(
        records, primary=primary, n_sessions=1, peak_bytes=0, events=0, read_as="text", **nothing
    )
