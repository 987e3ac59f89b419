"""The table that `eval` closes with, in a form that fits a terminal of 80 columns."""

import re
from collections.abc import Sequence

from memeval.reporting.columns import ABSENT
from memeval.reporting.evidence import ANY
from memeval.reporting.gain import Gain
from memeval.reporting.row import Row
from memeval.reporting.scores import answerable_of, label_of
from memeval.reporting.tables import (
    Table,
    number,
    of_one_stream,
    of_other_processors,
    rounded,
    share_of_the_way,
    time_of,
    usual_processors,
)
from memeval.reporting.verdict import best_baseline, verdicts
from memeval.scoring.intervals import Interval

CLOSED = "over closed book"
MEANINGS = {
    CLOSED: "over closed book: minus the model without a memory, paired on the same questions",
    "best": "best: the baseline of the highest score of the same budget, chosen on these "
    "questions, which favours it",
    "over": "=: indistinguishable, as p, adjusted by Holm for the table, is not below 0.05",
    "found": f"found: any of the evidence in the best 256 tokens of notes ({ANY})",
    "way": "way: from closed book to oracle",
    "tokens": "tokens: of an item's prompts, of a walk all together",
    "ms": "ms: an item's share of the time, median over seeds",
    "MB": "MB: peak resident memory",
}
"""What is said below of a column, by a word of its heading."""


def screen_table(rows: Sequence[Row]) -> Table:
    """Return the comparison of one model, suite and size."""
    scored, usual = label_of(rows), usual_processors(rows)
    is_one = len(_best(rows)) == 1
    header = ("preset", scored, CLOSED, best_heading(rows), "found", "way", "tokens", "ms", "MB")
    return header, [
        (
            _short(told.row),
            tight(told.row.score(), ".2f"),
            gained(told.over_floor),
            gained(told.over_best) if is_one else _named(told.over_best),
            bare(told.row.mean("retrieval", ANY), ".2f"),
            share_of_the_way(rows, told.row),
            number(told.row.tokens_per_item(), 0),
            time_of(told.row, usual),
            number(told.row.max("rss_mb"), 0),
        )
        for told in verdicts(rows, rows)
    ]


def spare(rows: Sequence[Row]) -> tuple[str, ...]:
    """Return the columns that a narrow terminal is spared, the first of them first."""
    return ("MB", "way", "tokens", "found", "ms", best_heading(rows))


def best_heading(rows: Sequence[Row]) -> str:
    """Return how the column of differences over the best baseline is headed: by its name if one."""
    best = _best(rows)
    return f"over {best[0]} (best)" if len(best) == 1 else "over best"


def _best(rows: Sequence[Row]) -> list[str]:
    """Return the best baselines: rows of other seeds may have another one."""
    found = [best for row in rows if (best := best_baseline(rows, row))]
    return list(dict.fromkeys(map(_short, found)))


def _named(gain: Gain) -> str:
    """Format a difference, behind which stands what it is over."""
    told = gained(gain)
    return told if told == ABSENT or not gain.other else f"{told} {_short(gain.other)}"


def _short(row: Row) -> str:
    return row.preset.rpartition("/")[2]


def note(rows: Sequence[Row], shown: Sequence[str]) -> str:
    """Return what is said below tables of some rows: what the columns shown and the marks mean."""
    words = {word for name in shown for word in (name, *re.findall(r"\w+", name))}
    meant = (text for word, text in MEANINGS.items() if word in words)
    told = ["[ ]: 95 % interval", *answerable_of(rows), *meant]
    beside = of_other_processors(rows, usual_processors(rows))
    return f"{'; '.join(told)}.{beside}{of_one_stream(rows)}"


def gained(gain: Gain) -> str:
    """Format a paired difference; an equals sign marks no finding."""
    if gain.comparison is None:
        return ABSENT
    told = tight(gain.comparison.difference, "+.2f")
    return told if gain.is_finding or told == ABSENT else f"{told}="


def tight(value: Interval, form: str) -> str:
    """Format a mean with its interval, or alone where there is none."""
    mean = bare(value.mean, form)
    if value.mean is None or value.low is None:
        return mean
    return f"{mean} [{bare(value.low, '.2f')}, {bare(value.high, '.2f')}]"


def bare(value: float | None, form: str) -> str:
    """Format without the nought before the point, which leaves room for names."""
    text = ABSENT if value is None else rounded(value, form)
    return text.replace("0.", ".", 1) if text.lstrip("+-").startswith("0.") else text
