"""What each memory gains over the baselines, and what each of its parts is worth."""

from collections.abc import Sequence

from memeval.reporting.gain import Gain
from memeval.reporting.row import Row, beside, split
from memeval.reporting.scores import label_of, model_of, suite_of
from memeval.reporting.tables import (
    ABSENT,
    Table,
    difference,
    interval,
    number,
    over,
    p_value,
    ratio,
    share_of_the_way,
    time_of,
    usual_processors,
)
from memeval.reporting.verdict import is_reference, is_rival, on_memories

LEAD = "What each memory gains over the best baseline of the same budget, with its 95 % interval:"
COMPARED = "The same beside gains over the model without a memory (closed book), and costs."
VERDICT_NOTE = (
    "Over: paired difference in {score} with its 95 % interval, clustered by session; "
    '"=" behind it: indistinguishable, as the interval holds 0, or p, adjusted by Holm over this '
    "table, is not below 0.05. Same budget: as many notes and tokens of them are read. The best "
    "is chosen on these questions, which favours it. Of the way: from closed book to oracle. ms: "
    "median over seeds."
)
EVERY_NOTE = (
    "Paired differences as in the first table, over each baseline that ran, whatever it may read: "
    "one that reads the right page, or all that fits, is under no budget of a memory's. "
    '"=" as there, with Holm over all differences of this table.'
)
TEST_NOTE = (
    "Each difference above, with what its verdict rests on. between / within: the variance between "
    "sessions (of the built-in suites, seeds) over that within them, where 1 is what the items "
    "alone explain; p: that of no difference, clustered by session; Holm p: adjusted over the "
    "table; detectable: the smallest true difference that as many items would have found in 80 of "
    "100 cases."
)


def headline(rows: Sequence[Row]) -> list[Row]:
    """Return the rows of one size for each model and suite: what most presets were measured on.

    Among sizes with as many presets it is 200, the size of ablations, or else the largest.
    """
    sizes: dict[tuple[str, str], dict[int, int]] = {}
    for row in rows:
        counts = sizes.setdefault((row.model, row.suite), {})
        counts[row.size] = counts.get(row.size, 0) + 1
    chosen = {
        place: max(counts, key=lambda size, c=counts: (c[size], size == 200, size))  # type: ignore[misc]
        for place, counts in sizes.items()
    }
    return [row for row in rows if chosen[row.model, row.suite] == row.size]


def references(rows: Sequence[Row]) -> list[str]:
    """Return the baselines that a memory is told over, of those that were run."""
    return list(dict.fromkeys(row.preset for row in rows if is_reference(row)))


def tells_others(rows: Sequence[Row]) -> bool:
    """Whether a memory can be told over more baselines than the best of its budget."""
    return len(references(rows)) > 1 or any(is_reference(r) and not is_rival(r) for r in rows)


def over_baselines(rows: Sequence[Row]) -> list[tuple[Row, list[Gain]]]:
    """Return each memory with its gains over every baseline; Holm's family is all of them."""
    memories, names = [verdict.row for verdict in on_memories(rows)], references(rows)
    pairs = [(row, beside(rows, row, name)) for row in memories for name in names]
    family = Gain.family(pairs)
    width = len(names)
    return [(row, family[i * width : (i + 1) * width]) for i, row in enumerate(memories)]


def lead(rows: Sequence[Row]) -> list[str]:
    """Name the best baseline of each suite, and what each memory gains over it, also if negative.

    Memories of one suite that were run on other seeds or data may have another one.
    """
    gains = [told.over_best for told in on_memories(rows) if told.over_best.comparison]
    told = []
    for mine in split(gains, lambda gain: (gain.row.group, gain.other and gain.other.preset)):
        row, other = mine[0].row, mine[0].other
        on = " on ".join((suite_of(rows, row), *model_of(rows, row)))
        gained = ", ".join(f"{gain.row.preset} {difference(gain)}" for gain in mine)
        told.append(f"{on}, over {other.preset if other else ABSENT}: {gained}")
    return told


def verdict_table(rows: Sequence[Row]) -> Table:
    """Return header and rows, one for each memory: whether it helps, and at what cost."""
    gained = (f"{label_of(rows)} [95 %]", "over closed book [95 %]", "over best baseline [95 %]")
    cost = ("ms/question", "tokens/question")
    header = ("memory", *model_of(rows), "suite", *gained, "of the way", *cost)
    usual = usual_processors(rows)
    return header, [
        (
            told.row.preset,
            *model_of(rows, told.row),
            suite_of(rows, told.row),
            interval(told.row.score()),
            difference(told.over_floor),
            over(told.over_best),
            share_of_the_way(rows, told.row),
            time_of(told.row, usual),
            number(told.row.tokens_per_item(), 0),
        )
        for told in on_memories(rows)
    ]


def every_table(rows: Sequence[Row]) -> Table:
    """Return header and rows, one for each memory: its gains over every baseline."""
    names = [f"over {name.rpartition('/')[2]} [95 %]" for name in references(rows)]
    header = ("memory", *model_of(rows), "suite", f"{label_of(rows)} [95 %]", *names)
    return header, [
        (
            row.preset,
            *model_of(rows, row),
            suite_of(rows, row),
            interval(row.score()),
            *map(difference, gains),
        )
        for row, gains in over_baselines(rows)
    ]


def verdict_tests(rows: Sequence[Row]) -> Table:
    """Return what each difference of the first table rests on."""
    return _tests(
        rows, [g for told in on_memories(rows) for g in (told.over_floor, told.over_best)]
    )


def every_tests(rows: Sequence[Row]) -> Table:
    """Return what each difference over every baseline rests on."""
    return _tests(rows, [gain for _, gains in over_baselines(rows) for gain in gains])


def _tests(rows: Sequence[Row], gains: Sequence[Gain]) -> Table:
    verdict = ("over", "difference [95 %]", "sessions", "between / within", "p", "Holm p")
    return ("memory", *model_of(rows), "suite", *verdict, "detectable"), [
        (
            gain.row.preset,
            *model_of(rows, gain.row),
            suite_of(rows, gain.row),
            gain.other.preset.rpartition("/")[2],
            difference(gain),
            str(gain.comparison.difference.n_sessions),
            ratio(gain.comparison.difference),
            p_value(gain.comparison.p_value),
            p_value(gain.holm_p),
            number(gain.comparison.detectable, 3),
        )
        for gain in gains
        if gain.other and gain.comparison
    ]
