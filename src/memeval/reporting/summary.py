"""What the numbers of a date say, in sentences: who helps, at what cost, by which part."""

from collections.abc import Sequence

from memeval.reporting.ablations import Ablation, Compared, ablations
from memeval.reporting.gains import REFERENCES, is_finding
from memeval.reporting.load import CEILING, CORE, FLOOR, RAG, Found, Row, partner
from memeval.reporting.tables import (
    ABSENT,
    grouped,
    number,
    seeds_of,
    share_of_the_way,
)

ALL = "memory/all"
FORGETTING = 0.02
"""A fall of exact match from one size to another that is worth a sentence."""
WORTH_TELLING = 0.05
"""A relative change of what a part costs that is worth a word."""


def gained(rows: Sequence[Row]) -> list[str]:
    """Say for each suite which memory did best, beside the baselines."""
    told = []
    for group in grouped(rows):
        memories = [row for row in group if row.is_memory and row.exact_match().mean is not None]
        if not memories:
            told.append(f"{group[0].place}: no memory was measured.")
            continue
        told.append(_best(group, best_of(memories)) + _not_above_rag(group, memories))
    return told


def best_of(memories: Sequence[Row]) -> Row:
    """Return the memory of the highest exact match; of equal ones a single one, not all three."""
    return max(memories, key=lambda row: (row.exact_match().mean or 0.0, row.preset != ALL))


def _not_above_rag(group: Sequence[Row], memories: Sequence[Row]) -> str:
    """Name the memories whose gain over retrieval by words is none, or cannot be told from none."""
    lower = []
    for row in memories:
        rag = partner(group, row, RAG)
        compared = row.against(rag) if rag else None
        if compared and not (compared.difference.low or 0.0) > 0:
            lower.append(f"{row.preset} {_score(row)}")
    return f" Not above rag: {', '.join(lower)}." if lower else ""


def _best(group: Sequence[Row], best: Row) -> str:
    others = [
        f"{_short(other)} {_score(other)}{_partial(group, other)}"
        for name in (FLOOR, *REFERENCES, CEILING)
        if (other := partner(group, best, name))
    ]
    beside = f" beside {', '.join(others)}" if others else ""
    way = share_of_the_way(group, best)
    share = "" if way == ABSENT else f"; {way} of the way from closed book to oracle"
    count = sum(row.is_memory for row in group)
    rank = f"best of {count} memories: " if count > 1 else ""
    seeds = _seeds(len(best.seeds))
    return f"{best.place}, {seeds}: {rank}{best.preset} {_score(best)}{beside}{share}."


def prices(rows: Sequence[Row]) -> list[str]:
    """Say for each suite what a question costs with its best memory, with rag and with core."""
    told = []
    for group in grouped(rows):
        memories = [row for row in group if row.is_memory and row.exact_match().mean is not None]
        if memories:
            best = best_of(memories)
            others = [other for name in (RAG, CORE) if (other := partner(group, best, name))]
            told.append(_price(best, others))
    return told


def _price(best: Row, others: Sequence[Row]) -> str:
    beside = "".join(f", {_short(other)} {_question(other)}" for other in others)
    teach = _teaching_ms(best)
    store = best.mean("memory", "store_bytes")
    held = "" if store is None else f", and its store holds {store / 1024:,.0f} KB"
    return (
        f"{best.place}: a question costs {best.preset} {_question(best)}{beside}; "
        f"to teach it an event takes {number(teach, 0 if (teach or 0) >= 1 else 2)} ms with "
        f"replay{held}."
    )


def _teaching_ms(row: Row) -> float | None:
    """Return the milliseconds of an event, its share of replay among them."""
    event, teach, replay = (
        row.mean(*path)
        for path in (("teach_ms_per_event",), ("phases_ms", "teach"), ("phases_ms", "replay"))
    )
    return event * (1 + (replay or 0.0) / teach) if event and teach else event


def _question(row: Row) -> str:
    ms, tokens = number(row.mean("latency_ms_mean"), 0), number(row.tokens_per_item(), 0)
    return f"{ms} ms and {tokens} tokens"


def parts(variants: Sequence[Row]) -> list[str]:
    """Say for each ablation which parts earn something, which cost, and which cannot be told."""
    return [_parts(found) for found in ablations(variants)]


def _parts(found: Ablation) -> str:
    single = [one for one in found.compared() if one.comparison and len(one.row.knobs_off) == 1]
    if not single:
        return f"{found.title}: nothing to compare."
    findings = [one for one in single if _counts(one)]
    earns = [_loss(one) for one in findings if _mean(one) < 0]
    costs = [_loss(one) for one in findings if _mean(one) > 0]
    told = [f"exact match falls without {', '.join(earns)}"] if earns else []
    told += [f"it rises without {', '.join(costs)}"] if costs else []
    if open_ := [_loss(one) for one in single if not _counts(one)]:
        told.append(f"indistinguishable without {', '.join(open_)}")
    return f"{found.title}: {'; '.join(told)}."


def _counts(one: Compared) -> bool:
    return one.comparison is not None and is_finding(one.comparison, one.holm_p)


def _mean(one: Compared) -> float:
    return (one.comparison.difference.mean if one.comparison else None) or 0.0


def _loss(one: Compared) -> str:
    [knob] = one.row.knobs_off
    if one.changes_nothing:
        return f"{knob} (nothing changed)"
    told = [f"{_mean(one) or 0.0:+.2f}".replace("-0.00", "+0.00")]
    changed = {"store": one.store_change, "decisions": one.decisions_change}
    told += [f"{name} {by:+.0%}" for name, by in changed.items() if by and abs(by) >= WORTH_TELLING]
    return f"{knob} ({', '.join(told)})"


def unknown(found: Found, rows: Sequence[Row]) -> list[str]:
    """Say what these measurements leave open."""
    models = sorted({row.model for row in rows})
    told = []
    if len(models) == 1:
        told.append(f"Whether it holds for another model: all was measured with {models[0]}.")
    if fewest := min((len(row.seeds) for row in rows), default=0):
        told.append(
            f"What other streams would give: {_seeds(fewest)} is few, and a bootstrap over so few "
            "sessions takes the variance between them from as many draws."
        )
    compared = [one for a in ablations(found.ablations) for one in a.compared() if one.comparison]
    smallest = [c.comparison.detectable for c in compared if c.comparison]
    if known := sorted(value for value in smallest if value):
        told.append(
            "What a part is worth that changes less than an ablation can see: the smallest "
            f"difference found in 80 of 100 is {known[0]:.3f} to {known[-1]:.3f}."
        )
    return told + _falls(found.rows)


def _falls(rows: Sequence[Row]) -> list[str]:
    """Name the best memories that lose as the store grows; how they go on is not known."""
    told = []
    largest: dict[tuple[str, str], list[Row]] = {}
    for group in grouped(rows):  # by size, so that the last one stays
        memories = [row for row in group if row.is_memory and row.exact_match().mean is not None]
        if memories:
            largest[group[0].model, group[0].suite] = memories
    for (model, suite), memories in largest.items():
        last = best_of(memories)
        others = [r for r in rows if (r.preset, r.model, r.suite) == (last.preset, model, suite)]
        first = min(others, key=lambda row: row.size)
        fall = (first.exact_match().mean or 0.0) - (last.exact_match().mean or 0.0)
        if fall > FORGETTING:
            told.append(
                f"How {last.preset} goes on beyond {last.size} items: on {suite} with {model} it "
                f"fell from {_score(first)} at {first.size} to {_score(last)}."
            )
    return told


def _short(row: Row) -> str:
    return row.preset.rpartition("/")[2]


def _score(row: Row) -> str:
    return number(row.exact_match().mean, 2)


def _seeds(count: int) -> str:
    return "1 seed" if count == 1 else f"{count} seeds"


def _partial(rows: Sequence[Row], row: Row) -> str:
    seeds = seeds_of(rows, row)
    return f" ({seeds} seeds)" if "of" in seeds else ""
