"""What a cell found, in memory or on disk, and which of its scores is the one that counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from memeval.results.item import FORMAT_1_SCORES, ItemRecord

FORMAT = 2
FORMATS = (1, FORMAT)
"""What is read. Format 1 had four scores, of which exact match counted, and one session."""
RIGHT = 0.5
"""An item counts as right when its primary score is at least this."""


def primary_of(metrics: Mapping[str, Any]) -> str:
    """Return the name of the score that counts; a cell of format 1 does not tell, and has one."""
    return str(metrics.get("primary", FORMAT_1_SCORES[0]))


def scores_of(table: Mapping[str, Any]) -> Mapping[str, float | None]:
    """Return the scores of a cell's metrics, or of one of its slices, of either format."""
    known = {name: table[name] for name in FORMAT_1_SCORES if name in table}
    scores: Mapping[str, float | None] = table.get("scores", known)
    return scores


def score_of(metrics: Mapping[str, Any]) -> float | None:
    """Return the mean of the score that counts over answerable items; None if there are none."""
    return scores_of(metrics).get(primary_of(metrics))


def is_right(score: float | None) -> bool:
    """Whether an item of this primary score counts as right; one without a score does not."""
    return score is not None and score >= RIGHT


def weights_of(model: Mapping[str, Any]) -> str:
    """Return the digest of a cell's model that cells of every version hold."""
    return str(model.get("weights") or model.get("fingerprint", ""))


@dataclass(frozen=True, slots=True)
class CellResult:
    """What one cell found: a record for every item, and the metrics over them."""

    items: tuple[ItemRecord, ...]
    metrics: Mapping[str, Any]

    @property
    def exact_match(self) -> float | None:
        """Exact match over answerable items; None if there are none."""
        value: float | None = self.metrics["exact_match"]
        return value

    @property
    def primary(self) -> str:
        """The name of the score that counts."""
        return primary_of(self.metrics)

    @property
    def score(self) -> float | None:
        """The primary score over answerable items; None if there are none."""
        return score_of(self.metrics)


@dataclass(frozen=True, slots=True)
class StoredCell:
    """A finished cell on disk, with what its `meta.json` and `metrics.json` say."""

    folder: Path
    meta: Mapping[str, Any]
    metrics: Mapping[str, Any]

    @property
    def primary(self) -> str:
        """The name of the score that counts."""
        return primary_of(self.metrics)

    @property
    def score(self) -> float | None:
        """The primary score over answerable items; None if there are none."""
        return score_of(self.metrics)
