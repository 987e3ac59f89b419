"""The tables of the report, as plain rows of text, and how their figures are written."""

from collections import Counter
from collections.abc import Callable, Sequence

from memeval.reporting import columns
from memeval.reporting.gain import Gain
from memeval.reporting.load import Hole
from memeval.reporting.reading import is_generated
from memeval.reporting.roles import CEILING, FLOOR
from memeval.reporting.row import Row, partner, shared_seeds, split
from memeval.reporting.scores import label_of, model_of
from memeval.reporting.text import label
from memeval.reporting.verdict import verdicts
from memeval.scoring.intervals import Interval

ABSENT = columns.ABSENT

Table = tuple[tuple[str, ...], list[tuple[str, ...]]]
"""Header and lines."""
MakeTable = Callable[[Sequence[Row]], Table]


def number(value: float | None, digits: int = 3) -> str:
    """Format a figure, or a dash where nothing was measured."""
    return ABSENT if value is None else rounded(value, f",.{digits}f")


def rounded(value: float, form: str) -> str:
    """Format a figure; one that rounds to nought is not negative."""
    text = format(value, form)
    if any(digit in text for digit in "123456789"):
        return text
    return text.replace("-", "+" if form.startswith("+") else "")


def p_value(value: float | None) -> str:
    """Format a p-value; what is very small is not worth its digits."""
    return "<0.001" if value is not None and value < 0.001 else number(value, 3)


def interval(value: Interval) -> str:
    """Format a mean with its interval, or alone where there is none."""
    if value.mean is None:
        return ABSENT
    if value.low is None:
        return number(value.mean, 2)
    return f"{number(value.mean, 2)} [{number(value.low, 2)}, {number(value.high, 2)}]"


def difference(gain: Gain) -> str:
    """Format a paired difference with its interval; an equals sign marks no finding.

    One on fewer seeds than the row's says which.
    """
    if gain.comparison is None or gain.other is None or gain.mean is None:
        return ABSENT
    inner = gain.comparison.difference
    text = f"{rounded(gain.mean, '+.2f')} [{number(inner.low, 2)}, {number(inner.high, 2)}]"
    text += on_seeds(gain.row, gain.other)
    return text if gain.is_finding else f"{text} ="


def over(gain: Gain) -> str:
    """Format a paired difference behind which stands what it is over."""
    told = difference(gain)
    if told == ABSENT or gain.other is None:
        return ABSENT
    return f"{told} {gain.other.preset.rpartition('/')[2]}"


def time_of(row: Row, usual: frozenset[str]) -> str:
    """Format the milliseconds of a question, starred on other processors than the usual ones."""
    told = number(row.median("latency_ms_mean"), 0)
    return f"{told}*" if told != ABSENT and row.processors != usual else told


def usual_processors(rows: Sequence[Row]) -> frozenset[str]:
    """Return the processors that most rows were timed on."""
    counts = Counter(row.processors for row in rows)
    return max(counts, key=counts.__getitem__, default=frozenset())


def ratio(value: Interval) -> str:
    """Format the variance between sessions over that within them."""
    return number(value.between_to_within, 1)


def comparison_table(rows: Sequence[Row]) -> Table:
    """Return header and rows, one for each preset of one model, suite and size."""
    scored = (f"{label_of(rows)} [95 %]", "over closed book [95 %]", "over best baseline [95 %]")
    usual = usual_processors(rows)
    beside = ("of the way", "between / within", "hit@1", "tokens/item", "ms/item", "peak MB")
    return ("preset", "seeds", *scored, *beside), [
        (
            told.row.preset,
            seeds_of(rows, told.row),
            interval(told.row.score()),
            difference(told.over_floor),
            over(told.over_best),
            share_of_the_way(rows, told.row),
            ratio(told.row.score()),
            number(told.row.mean("retrieval", "hit@1"), 2),
            number(told.row.tokens_per_item(), 0),
            time_of(told.row, usual),
            number(told.row.max("rss_mb"), 0),
        )
        for told in verdicts(rows, rows)
    ]


SLICE_NOTE = (
    "{Score} by slice; where no question of a slice has an answer, what that score says of it, or "
    "how often the model rightly abstained."
)


def slice_table(rows: Sequence[Row]) -> Table:
    """Return header and rows: the score of each preset on each slice."""
    slices = slice_names(rows)
    table = [(row.preset, *(number(row.slice_score(name), 2) for name in slices)) for row in rows]
    return ("preset", *slices), table


WALK_HEADER = ("preset", "arrived", "at random", "steps over optimal", "decisions")


def walk_rows(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """Return what became of the items that were walked; no rows where there were none."""
    if not any(row.mean("navigation", "n") for row in rows):
        return []
    names = ("success", "random_walk_success", "steps_over_optimal", "decisions_mean")
    return [
        (row.preset, *(number(row.mean("navigation", name), 2) for name in names)) for row in rows
    ]


LOST_HEADER = ("preset", "wrong", "not stored", "not retrieved", "not used", "right, floor too")


def lost_rows(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """Say where each preset's wrong items were lost, and how many right ones the floor had too."""
    table = []
    for row in rows:
        if not row.records:
            told = (number(row.total("lost", name), 0) for name in LOSSES)
            table.append((row.preset, ABSENT, *told, ABSENT))
            continue
        answerable = [record for record in row.records.values() if record.answerable]
        wrong = [record for record in answerable if not record.is_right]
        counts = [sum(r.lost == name for r in wrong) for name in LOSSES]
        table.append((row.preset, str(len(wrong)), *map(str, counts), _also_floor(rows, row)))
    return table


LOSSES = ("not_stored", "not_retrieved", "not_used")
ABSTENTION_HEADER = ("preset", "abstention", "false abstention")


def abstention_rows(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """Return how often `unknown` was said: rightly, and although the answer was known."""
    names = ("abstention", "false_abstention")
    return [(row.preset, *(number(row.mean(name), 2) for name in names)) for row in rows]


def share_of_the_way(rows: Sequence[Row], row: Row) -> str:
    """Return how much of the way from floor to ceiling a row goes, in percent."""
    floor, ceiling = partner(rows, row, FLOOR), partner(rows, row, CEILING)
    if floor is None or ceiling is None or not _same_items(floor, row, ceiling):
        return ABSENT
    low, high, here = (r.score().mean for r in (floor, ceiling, row))
    if low is None or high is None or here is None or high <= low:
        return ABSENT
    return f"{100 * (here - low) / (high - low):.0f} %"


def _same_items(*rows: Row) -> bool:
    return all(row.records for row in rows) and len({frozenset(row.records) for row in rows}) == 1


def seeds_of(rows: Sequence[Row], row: Row) -> str:
    """Return how many seeds a row has, and of how many if others were measured on more."""
    count = len(row.seeds)
    most = len({seed for other in rows if other.group == row.group for seed in other.seeds})
    return str(count) if count == most else f"{count} of {most}"


def size_table(rows: Sequence[Row]) -> Table:
    """Return the score of each preset at each size: one store holds all, so size interferes."""
    sizes = sorted({row.size for row in rows})
    mixed = len({row.primary for row in rows}) > 1
    table = [
        (
            name,
            *model_of(rows, found[0]),
            f"{found[0].suite} ({label(found[0].primary)})" if mixed else found[0].suite,
            *(_score_at(size, found) for size in sizes),
        )
        for name, found in growing(rows)
    ]
    return ("preset", *model_of(rows), "suite", *(f"{size} items" for size in sizes)), table


def _score_at(size: int, rows: Sequence[Row]) -> str:
    return next((interval(row.score()) for row in rows if row.size == size), ABSENT)


def growing(rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    """Return what was measured at several sizes, each configuration of a preset for itself.

    Where several of one preset are shown, a digest tells them apart.
    """
    lines = [line for line in split(rows, lambda row: row.line) if len(line) > 1]
    counts: Counter[tuple[str, ...]] = Counter(line[0].line[:-1] for line in lines)
    return [(_line_name(line[0], counts), line) for line in lines]


def _line_name(row: Row, counts: Counter[tuple[str, ...]]) -> str:
    *place, config = row.line
    return f"{place[0]} ({config[:6]})" if counts[tuple(place)] > 1 else place[0]


def hole_rows(holes: Sequence[Hole]) -> list[tuple[str, ...]]:
    """Return what is missing, and why."""
    return [(hole.folder, hole.reason) for hole in holes]


def titled(rows: Sequence[Row]) -> str:
    """Say what rows of one group were measured on; data that was not drawn has no seed to tell."""
    most = max(rows, key=lambda row: row.limit or row.size)
    seeds = sorted({seed for row in rows for seed in row.seeds})
    if seeds == [0] and not is_generated(most.cells[0].meta):
        return most.place
    return f"{most.place}, seeds {', '.join(map(str, seeds))}"


def grouped(rows: Sequence[Row]) -> list[list[Row]]:
    """Split rows by model, suite, size and score."""
    return split(rows, lambda row: row.group)


def on_seeds(row: Row, other: Row) -> str:
    """Say on which seeds a row is compared, if those are not all that it has."""
    seeds = shared_seeds(row, other)
    return "" if seeds == row.seeds else f" (seeds {', '.join(map(str, seeds))})"


def of_one_stream(rows: Sequence[Row]) -> str:
    """Return what to say below a table where a row has one session; it begins with a space."""
    alone = any(row.score().n_sessions == 1 for row in rows)
    return " Of one session, an interval speaks of that stream alone." if alone else ""


def of_other_processors(rows: Sequence[Row], usual: frozenset[str]) -> str:
    """Return what to say below a table that has a starred time; it begins with a space."""
    starred = any(row.processors != usual for row in rows)
    return " *: timed on another processor than most." if starred else ""


def slice_names(rows: Sequence[Row]) -> list[str]:
    """Return the slices of any row, in order."""
    return sorted({name for row in rows for cell in row.cells for name in cell.metrics["slices"]})


def _also_floor(rows: Sequence[Row], row: Row) -> str:
    floor = partner(rows, row, FLOOR)
    if floor is None or not floor.records:
        return ABSENT
    right = [key for key, r in row.records.items() if r.answerable and r.is_right]
    return str(sum(floor.records[key].is_right for key in right if key in floor.records))
