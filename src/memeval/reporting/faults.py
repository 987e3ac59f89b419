"""What is missing, broken or not to be compared; and what a reader should know of the rest."""

from collections import Counter, defaultdict
from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from memeval.naming import configuration_in
from memeval.reporting import gains, reading, roles
from memeval.reporting.load import Found, Hole
from memeval.reporting.row import Row, split
from memeval.results import ITEMS, StoredCell

HEADER = ("what", "why")
NAMED = 3
"""How many of the things that share a reason are named."""
LISTED = 6
"""How many presets are named as measured otherwise than most."""
NEEDED = (roles.FLOOR, *roles.REFERENCES, roles.CEILING)
"""The roles without which what a memory gains cannot be told."""
CONTROLS = (roles.PLACEBO, roles.CORE, roles.CEILING)
"""The roles that give back gold events, or what stands around them."""
WITHOUT_GOLD = "no gold events in this data: nothing to give back"


def faults(found: Found) -> list[Hole]:
    """Return everything that is missing or broken, the unreadable cells first."""
    rows = [*found.rows, *found.ablations]
    bare = {peers[0].group for peers in split(found.rows, _group) if not has_gold(peers)}
    idle = [row for row in found.rows if row.group in bare and row.own_role in CONTROLS]
    return [
        *found.holes,
        *_absent_seeds(found),
        *_absent_references(gains.headline(found.rows), bare),
        *(Hole(label(row), WITHOUT_GOLD) for row in idle),
        *_other_items(found, idle),
        *_not_the_preset(rows),
        *_without_records(rows),
    ]


def has_gold(rows: Iterable[Row]) -> bool:
    """Whether any item of these rows has gold events or is walked; so if no records tell."""
    cells = [cell for row in rows if not row.lacks_records for cell in row.cells]
    return not cells or any(map(reading.has_gold, cells))


def by_reason(holes: Iterable[Hole]) -> list[Hole]:
    """Return a line for each reason: of many things the count and the first names."""
    named: dict[str, list[str]] = {}
    for hole in holes:
        named.setdefault(hole.reason, []).append(hole.folder)
    return [Hole(_first_of(names), reason) for reason, names in named.items()]


def _first_of(names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    more = [f"and {len(names) - NAMED} more"] if len(names) > NAMED else []
    return f"{len(names)} in all: {'; '.join([*names[:NAMED], *more])}"


def _absent_seeds(found: Found) -> Iterator[Hole]:
    """Name the seeds that others of the same model, suite and size have and a row has not."""
    for peers in (*split(found.rows, _group), *split(found.ablations, _experiment)):
        seeds = {seed for row in peers for seed in row.seeds}
        for row in peers:
            if absent := sorted(seeds - set(row.seeds)):
                named = ", ".join(map(str, absent))
                reason = f"no seed {named}, which others have: compared on the seeds of both"
                yield Hole(label(row), reason)


def _absent_references(rows: Sequence[Row], bare: Container[Hashable]) -> Iterator[Hole]:
    """Name the baselines that a memory's gain, floor or ceiling lacks where the report tells it.

    One of each role is enough. On `bare` data, without gold, controls are not asked for.
    """
    for peers in split(rows, _group):
        there = {row.own_role for row in peers}
        unasked = CONTROLS if peers[0].group in bare else ()
        needed = [role for role in NEEDED if role not in unasked and role not in there]
        absent = [" or ".join(roles.presets_of((role,))) for role in needed]
        if absent and any(row.is_memory for row in peers):
            yield Hole(f"{', '.join(absent)}: {peers[0].place}", "not measured, a memory was")


def _other_items(found: Found, idle: Sequence[Row]) -> Iterator[Hole]:
    """Name the rows that were asked other items, or on other data, than most on the same seed.

    Those that are `idle` were asked less because they had nothing to give.
    """
    for peers in (*split(found.rows, _group), *split(found.ablations, _experiment)):
        asked: dict[int, list[tuple[Row, Hashable]]] = defaultdict(list)
        for row in peers:
            if not row.records or any(row is one for one in idle):
                continue
            items = defaultdict(set)
            for key in row.records:
                items[row.seed_of[key]].add(key)
            for cell in row.cells:
                seed = cell.meta["seed"]
                signature: Hashable = (frozenset(items[seed]), cell.meta.get("dataset_sha256"))
                asked[seed].append((row, signature))
        for seed, answers in sorted(asked.items()):
            usual, count = Counter(signature for _, signature in answers).most_common(1)[0]
            for row, signature in answers:
                if signature != usual:
                    reason = f"on seed {seed} its items or data are not those of {count} other"
                    yield Hole(label(row), f"{reason} presets: not compared with them")


def _without_records(rows: Sequence[Row]) -> Iterator[Hole]:
    """Name the rows of which only the means are at hand."""
    for row in rows:
        if row.lacks_records:
            yield Hole(
                label(row),
                f"only its means are told, without interval or comparison: not all of its cells "
                f"hold {ITEMS}; run them again to have it",
            )


def _not_the_preset(rows: Sequence[Row]) -> Iterator[Hole]:
    """Name the rows that were not run whole, or not as their preset says."""
    for row in rows:
        limits = {_limit(cell) for cell in row.cells} - {None}
        if limits:
            yield Hole(label(row), f"only the first {min(map(int, limits))} items of each cell")
        changed = sorted({name for cell in row.cells for name in _overrides(cell)})
        if changed and row.variant is None and not configuration_in(row.preset):
            named = ", ".join(changed)
            yield Hole(label(row), f"run with overrides, not as the preset says: {named}")


def notes(found: Found) -> list[str]:
    """Return what holds of the whole date and a reader should know."""
    rows = [*found.rows, *found.ablations]
    cells = found.cells
    models = sorted({row.model for row in rows})
    told = []
    if len(models) > 1:
        named = ", ".join(models)
        told.append(f"{len(models)} models: {named}. Each is reported apart; no figure mixes them.")
    for what, get in DIFFERENCES.items():
        groups: dict[str, Counter[str]] = defaultdict(Counter)
        for row in rows:
            for cell in row.cells:
                groups[str(get(cell.meta))][_measured(row)] += 1
        if len(groups) > 1:
            told.append(f"The cells were measured with {len(groups)} {what}: {_fewer(groups)}.")
    for row in rows:
        codes = len({cell.meta.get("memory_code_hash") for cell in row.cells})
        if codes > 1:
            told.append(f"{label(row)}: its seeds were measured with {codes} versions of its code.")
    if any((cell.meta.get("git") or {}).get("dirty") for cell in cells):
        told.append("Some cells were measured with code that was not committed.")
    return told


def _measured(row: Row) -> str:
    name = row.preset if row.variant is None else f"ablations of {row.preset}"
    return f"{name} {row.size}"


def _fewer(groups: Mapping[str, Counter[str]]) -> str:
    """Name the presets and sizes of every group of cells but the largest.

    Of some only a part is in the group, which is said.
    """
    whole = sum(groups.values(), Counter[str]())
    most, *smaller = sorted(groups.values(), key=Counter.total, reverse=True)
    told = [f"{_cells(most.total())} with one"]
    for group in smaller:
        names = [f"{'' if group[name] == whole[name] else 'part of '}{name}" for name in group]
        more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
        listed = ", ".join(names[:LISTED])
        told.append(f"{_cells(group.total())} with another ({listed}{more})")
    return ", ".join(told)


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count:,} cells"


DIFFERENCES: Mapping[str, Callable[[Mapping[str, Any]], object]] = {
    "versions of memeval's code, which may be why they differ": lambda meta: meta.get("code_hash"),
    "versions of torch or transformers": lambda meta: [
        (meta.get("packages") or {}).get(name) for name in ("torch", "transformers")
    ],
    "numbers of threads, so times and memory are not to be compared": lambda m: m.get("threads"),
    "processors, so times are not to be compared": lambda meta: (meta.get("machine") or {}).get(
        "cpu"
    ),
}


def label(row: Row) -> str:
    """Return a row's preset, variant and place."""
    variant = f", {row.variant}" if row.variant is not None else ""
    return f"{row.preset}{variant}: {row.place}"


def _limit(cell: StoredCell) -> Any:
    return cell.meta["config"].get("limit")


def _overrides(cell: StoredCell) -> list[str]:
    given = cell.meta.get("overrides", {})
    return [f"{name}={value}" for name, value in given.items() if name != "limit"]


def _group(row: Row) -> Hashable:
    return row.group


def _experiment(row: Row) -> Hashable:
    return (row.preset, row.group)
