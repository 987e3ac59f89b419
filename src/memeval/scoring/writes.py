"""Whether a memory wrote what was worth it."""

from collections.abc import Collection, Mapping

import numpy as np


def write_scores(
    stored: Collection[str] | None,
    worth: Collection[str] | None,
    saliences: Mapping[str, float] | None,
) -> dict[str, float | None]:
    """Return precision, recall and average precision of writes; None for what cannot be told.

    `stored` are the ids of the events that are held, `worth` those worth remembering, `saliences`
    how much every event observed seemed worth to the memory.
    """
    known = stored is not None and worth is not None
    right = len(set(stored or ()) & set(worth or ()))
    return {
        "precision": right / len(stored) if known and stored else None,
        "recall": right / len(worth) if known and worth else None,
        "auprc": average_precision(saliences, worth) if saliences and worth is not None else None,
    }


def average_precision(scores: Mapping[str, float], relevant: Collection[str]) -> float | None:
    """Return the area under the precision-recall curve, as a sum of steps; None without relevant.

    Precision at each threshold, weighted by the recall won there. Unlike precision and recall it
    does not depend on a threshold, and unlike the area under the ROC curve it falls with every
    useless write among the first. Events with equal scores pass a threshold together. The same as
    scikit-learn's `average_precision_score`.
    """
    wanted = set(relevant)
    labels = np.array([event in wanted for event in scores], bool)
    if not labels.any():
        return None
    values = np.array(list(scores.values()))
    order = np.argsort(-values, kind="stable")
    last_of_ties = np.append(np.flatnonzero(np.diff(values[order])), len(order) - 1)
    hits = labels[order].cumsum()[last_of_ties]
    precision = hits / (last_of_ties + 1)
    return float(np.diff(hits, prepend=0) @ precision / labels.sum())
