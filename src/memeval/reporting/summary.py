"""What the numbers of a run say, in sentences: who helps, at what cost, by which part."""

from collections.abc import Sequence
from statistics import median

from memeval.reporting import sweeps
from memeval.reporting.ablations import Ablation, Compared, ablations
from memeval.reporting.costs import taught_ms
from memeval.reporting.gain import Gain
from memeval.reporting.roles import CEILING, FLOOR
from memeval.reporting.row import Row, partner
from memeval.reporting.scores import label_of
from memeval.reporting.tables import (
    ABSENT,
    difference,
    grouped,
    interval,
    number,
    rounded,
    seeds_of,
    share_of_the_way,
)
from memeval.reporting.verdict import Verdict, best_baseline, on_memories, standing

ALIKE = "Indistinguishable from it"
BEST = "the best baseline, "
UNEVEN = 1.5
"""A time's largest seed over its smallest that is worth a word."""
WORTH_TELLING = 0.05
"""A relative change of what a part costs that is worth a word."""


def gained(rows: Sequence[Row]) -> list[str]:
    """Say for each suite which memory did best, by how much, and what became of the others."""
    told = []
    whole = on_memories(rows)
    for group in grouped(rows):
        mine = [one for one in whole if one.row.group == group[0].group]
        scored = [one for one in mine if one.row.score().mean is not None]
        if not scored:
            told.append(f"{group[0].place}: no memory was measured.")
            continue
        best, *others = scored
        told.append(_best(group, best) + _beside(best.row, others))
    return told


def best_of(memories: Sequence[Row]) -> Row:
    """Return the memory of the highest score; of equal ones the one that stores least."""
    return min(memories, key=standing)


def alike(best: Row, others: Sequence[Row]) -> list[Row]:
    """Return the memories that were compared with the best one and cannot be told from it."""
    gains = Gain.family([(row, best) for row in others])
    return [gain.row for gain in gains if gain.comparison and not gain.is_finding]


def _best(group: Sequence[Row], verdict: Verdict) -> str:
    best, over = verdict.row, [_over(verdict.over_floor), _over(verdict.over_best, BEST)]
    told = f"{best.place}, {counted(len(best.seeds))}: {best.preset} has {label_of([best])} "
    told += f"{', '.join([interval(best.score()), *filter(None, over)])}."
    floor, ceiling = partner(group, best, FLOOR), partner(group, best, CEILING)
    ends = [f"{_short(end)} {_score(end)}{_partial(group, end)}" for end in (floor, ceiling) if end]
    way = share_of_the_way(group, best)
    if way == ABSENT:
        return told + (f" Beside it: {', '.join(ends)}." if ends else "")
    told += f" That is {way} of the way from {' to '.join(ends)}"
    passed = ceiling is not None and _mean(best) > _mean(ceiling)
    more = ", past the oracle, which reads the gold events as they were told" if passed else ""
    return f"{told}{more}."


def _over(gain: Gain, what: str = "") -> str:
    """Say a gain in words: in a sentence nobody reads the tables' equals sign."""
    if gain.other is None or gain.comparison is None:
        return ""
    alike = "" if gain.is_finding else " (indistinguishable)"
    return f"{difference(gain).removesuffix(' =')} over {what}{_short(gain.other)}{alike}"


def _beside(best: Row, others: Sequence[Verdict]) -> str:
    """Name the memories that cannot be told from the best, and place the rest by the baseline."""
    groups: dict[str, list[Row]] = {ALIKE: []}
    to_best = Gain.family([(one.row, best) for one in others])
    for one, gain in zip(others, to_best, strict=True):
        if place := _place(gain, one.over_best):
            groups.setdefault(place, []).append(one.row)
    lists = {name: [f"{r.preset} {_score(r)}" for r in found] for name, found in groups.items()}
    return "".join(f" {name}: {', '.join(told)}." for name, told in lists.items() if told)


def _place(to_best: Gain, to_baseline: Gain) -> str:
    """Say where a memory stands, as far as it was compared; nothing where there is no baseline."""
    if to_best.comparison is None:
        return "Not compared with it"
    if not to_best.is_finding:
        return ALIKE
    if to_baseline.other is None:
        return ""
    name = _short(to_baseline.other)
    if to_baseline.comparison is None:
        return f"Not compared with {name}"
    if not to_baseline.is_finding:
        return f"Indistinguishable from {name}"
    return f"Above {name}" if (to_baseline.mean or 0.0) > 0 else f"Below {name}"


def prices(rows: Sequence[Row]) -> list[str]:
    """Say for each suite what its best memory costs, what it is told over, and what equals it."""
    told = []
    timed: list[Row] = []
    for group in grouped(rows):
        memories = [row for row in group if row.is_memory and row.score().mean is not None]
        if memories:
            best = best_of(memories)
            told_over = (best_baseline(group, best), partner(group, best, FLOOR))
            others = [other for other in told_over if other]
            others += alike(best, [row for row in memories if row is not best])
            told.append(_price(best, others))
            timed += [best, *others]
    return [*told, _times(timed)] if told else []


def _price(best: Row, others: Sequence[Row]) -> str:
    beside = "".join(f", {_short(o)} {_question(o)}{_elsewhere(best, o)}" for o in others)
    told = f"{best.place}: a question costs {best.preset} {_question(best)}{beside}."
    return told + "".join(_kept(row) for row in (best, *others) if row.is_memory)


def _elsewhere(row: Row, other: Row) -> str:
    """Say where another row's time is no measure for this one's."""
    return " on another processor" if row.processors != other.processors else ""


def _question(row: Row) -> str:
    ms, tokens = number(row.median("latency_ms_mean"), 0), number(row.tokens_per_item(), 0)
    peak = row.max("rss_mb")
    return f"{ms} ms and {tokens} tokens" + ("" if peak is None else f" (peak {peak:,.0f} MB)")


def _kept(row: Row) -> str:
    """Say what it costs to teach a memory, and to keep what it was taught."""
    store, events = row.mean("memory", "store_bytes"), taught_ms(row)
    told = [f"an event costs {_ms(median(events))} ms to teach, replay included"] if events else []
    told += [f"the store holds {store / 1024:,.0f} KB"] if store is not None else []
    return f" In {row.preset} {', and '.join(told)}." if told else ""


def _times(rows: Sequence[Row]) -> str:
    """Say what times depend on, and name those told that differ much from seed to seed."""
    uneven = []
    for row in rows:
        taught = taught_ms(row) if row.is_memory else []
        for what, values in (("question", row.values("latency_ms_mean")), ("event taught", taught)):
            if values and max(values) > UNEVEN * min(values):
                ends = f"{_ms(min(values))} to {_ms(max(values))} ms"
                uneven.append(f"{_short(row)} {ends} per {what} ({row.place})")
    told = "Times differ by the machine's other work, so each is the median over seeds"
    return f"{told}. From seed to seed: {'; '.join(uneven)}." if uneven else f"{told}."


def _ms(value: float) -> str:
    return number(value, 0 if value >= 1 else 2)


def parts(variants: Sequence[Row]) -> list[str]:
    """Say for each ablation which parts earn something, which cost, and which cannot be told.

    Of a parameter that was given other values, what each of them changes.
    """
    told = []
    for found in ablations(variants):
        compared = [one for one in found.compared() if one.comparison]
        swept = [one for one in compared if sweeps.swept(one.row)]
        single = [one for one in compared if len(one.parts_off) == 1 and one not in swept]
        told += [_parts(found, single)] if single or not swept else []
        told += [_swept(found, swept)] if swept else []
    return told


def _swept(found: Ablation, swept: Sequence[Compared]) -> str:
    moved = [
        f"{sweeps.label(one.row)} by {rounded(one.mean or 0.0, '+.2f')}"
        f"{'' if one.is_finding else ' (indistinguishable)'}"
        for one in swept
    ]
    return f"{found.title}: {label_of(found.rows)} changes with {', '.join(moved)}."


def _parts(found: Ablation, single: Sequence[Compared]) -> str:
    if not single:
        return f"{found.title}: nothing to compare."
    findings = [one for one in single if one.is_finding]
    told = {
        f"{label_of(found.rows)} falls without": [one for one in findings if (one.mean or 0.0) < 0],
        "it rises without": [one for one in findings if (one.mean or 0.0) > 0],
        "indistinguishable without": [one for one in single if not one.is_finding],
    }
    listed = [f"{what} {', '.join(map(_loss, ones))}" for what, ones in told.items() if ones]
    return f"{found.title}: {'; '.join(listed)}."


def _loss(one: Compared) -> str:
    [knob] = one.parts_off
    if one.changes_nothing:
        return f"{knob} (nothing changed)"
    told = [rounded(one.mean or 0.0, "+.2f")]
    changed = {"store": one.store_change, "decisions": one.decisions_change}
    told += [
        f"{name} {by:+.0%}".replace("%", " %")
        for name, by in changed.items()
        if by and abs(by) >= WORTH_TELLING
    ]
    return f"{knob} ({', '.join(told)})"


def _mean(row: Row) -> float:
    return row.score().mean or 0.0


def _short(row: Row) -> str:
    """Return a baseline's name alone; of a memory's, `all` would be read as a word."""
    return row.preset if row.is_memory else row.preset.rpartition("/")[2]


def _score(row: Row) -> str:
    return number(row.score().mean, 2)


def counted(count: int) -> str:
    """Return a number of seeds in words."""
    return "1 seed" if count == 1 else f"{count} seeds"


def _partial(rows: Sequence[Row], row: Row) -> str:
    seeds = seeds_of(rows, row)
    return f" ({seeds} seeds)" if "of" in seeds else ""
