"""The primary score where golds are known to be wrong: without their items, and corrected."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from memeval.results import ItemRecord
from memeval.scoring.scorer import Scorer
from memeval.types import Item

EXCLUDED, CORRECTED = "_excluded", "_corrected"
"""What is put behind the name of the primary score."""


def corrected_score(
    item: Item, answer: str, scorers: Sequence[Scorer], primary: str
) -> dict[str, float | None]:
    """Return the primary score against corrected answers by its name; nothing if there are none.

    Raises:
        PluginError: a scorer broke its contract.
    """
    if not (item.fault and item.corrected):
        return {}
    mended = replace(item, answers=item.corrected)
    for scorer in scorers:
        found = scorer(mended, answer)
        if primary in found:
            return {primary + CORRECTED: found[primary]}
    return {}


def with_errata(records: Sequence[ItemRecord], primary: str) -> tuple[ItemRecord, ...]:
    """Return all records of a cell, each with the scores beside the published one.

    Items with a fault have no score where they are excluded, nor where no corrected answer of
    theirs is known. A cell without faults has no such scores, and one without corrections one.
    """
    if not any(record.fault for record in records):
        return tuple(records)
    is_corrected = any(primary + CORRECTED in record.scores for record in records)
    return tuple(
        replace(one, scores=one.scores | _beside(one, primary, is_corrected=is_corrected))
        for one in records
    )


def _beside(record: ItemRecord, primary: str, *, is_corrected: bool) -> dict[str, float | None]:
    published = None if record.fault else record.scores.get(primary)
    told = {primary + EXCLUDED: published}
    if is_corrected:
        corrected = record.scores.get(primary + CORRECTED)
        told[primary + CORRECTED] = corrected if record.fault else published
    return told


def count_errata(records: Sequence[ItemRecord]) -> Mapping[str, Any]:
    """Return how many items of a cell have a fault, and of which kinds; nothing if none has."""
    kinds = Counter(record.fault for record in records if record.fault)
    return {"errata": {"n": kinds.total(), "kinds": dict(sorted(kinds.items()))}} if kinds else {}
