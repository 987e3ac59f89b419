"""The primary scores of runs, by item, as a comparison pairs them."""

from collections.abc import Iterable, Sequence

from memeval.errors import DataError
from memeval.results.cell import CellResult


def shared_primary(results: Iterable[CellResult]) -> str | None:
    """Return the primary score of all results; None if there are no results.

    Raises:
        DataError: they have different ones.
    """
    names = sorted({result.primary for result in results})
    if len(names) > 1:
        raise DataError(
            f"compared results must have one primary score, got {' and '.join(names)}; compare "
            "those of one dataset"
        )
    return names[0] if names else None


def primary_scores(results: Sequence[CellResult]) -> dict[tuple[str, str], float | None]:
    """Return the primary score of every answerable item, by session and query.

    Raises:
        DataError: the results have different primary scores, or hold an item twice.
    """
    primary = shared_primary(results)
    answered = [record for result in results for record in result.items if record.answerable]
    scores = {(one.session, one.query_id): one.scores.get(primary or "") for one in answered}
    if len(scores) < len(answered):
        raise DataError(
            f"the results of a run must be of different items, got {len(answered)} answers to "
            f"{len(scores)} items; compare one result of each session"
        )
    return scores
