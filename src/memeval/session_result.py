"""What one session found: its records, what they cost, and how sessions become one cell."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TypeVar

from memeval import parquet
from memeval.atomic import new_folder
from memeval.errata import count_errata, with_errata
from memeval.errors import DataError, PluginError
from memeval.judging import Verdict
from memeval.judging.judge import added
from memeval.metrics import score_names, summarize
from memeval.outside import UnreadableError
from memeval.record import as_record
from memeval.results import CellResult, ItemRecord, as_records, as_table
from memeval.runner import SessionRun
from memeval.scoring.scorer import Scorer
from memeval.sealing import SEAL, check_seal, read_head, sealed
from memeval.types import Usage

Number = TypeVar("Number", int, float)
RECORDS, TALLY = "items.parquet", "tally.json"
NOT_JUDGED = Verdict({})
COUNTED = ("hits", "misses", "evictions")
"""What a cache of notes counts; all else that it tells is a level."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What a session took, apart from its items: times in ms, bytes, and what was counted."""

    events: int
    phases_ms: Mapping[str, float]
    peak_bytes: int
    stats: Mapping[str, int | float]
    writes: Mapping[str, float | None]
    read_as: str
    kv_cache: Mapping[str, int]
    left_out: Mapping[str, int]
    usage: Mapping[str, Mapping[str, float | None]]
    encoder: Mapping[str, int] = field(default_factory=dict)
    batches: Sequence[Sequence[float]] = ()


@dataclass(frozen=True, slots=True)
class SessionResult:
    """A scored session."""

    records: tuple[ItemRecord, ...]
    tally: Tally


def score_session(
    run: SessionRun,
    *,
    scorers: Sequence[Scorer],
    primary: str,
    read_as: str,
    kv_cache: Mapping[str, int],
    verdicts: Sequence[Verdict] | None = None,
) -> SessionResult:
    """Score what became of a session; `verdicts` are a judge's, one an item.

    Raises:
        PluginError: a scorer broke its contract.
    """
    records = tuple(
        as_record(
            run.session,
            one.reached,
            stored=one.stored,
            ranks=one.reached.recall.ranked,
            scorers=scorers,
            primary=primary,
            parts=run.parts,
            judged=verdict.scores,
        )
        for one, verdict in zip(run.asked, verdicts or [NOT_JUDGED] * len(run.asked), strict=True)
    )
    given = {name for record in records for name in record.scores}
    if records and primary not in given:
        raise PluginError(
            f"a dataset's primary score must be one that its scorers give, got {primary!r} where "
            f"they give {', '.join(sorted(given))}; name its scorer, or another score"
        )
    return SessionResult(
        records,
        Tally(
            run.events,
            run.phases_ms,
            run.peak_bytes,
            run.stats,
            run.writes,
            read_as,
            kv_cache,
            run.left_out,
            {role: as_usage(used) for role, used in run.usage.items()},
            batches=run.batches,
        ),
    )


def pool(results: Sequence[SessionResult], *, primary: str) -> CellResult:
    """Return the cell that sessions are together.

    Times and counts are summed, the peak is the largest. What a memory counts and how well it
    wrote is the mean over its stores.
    """
    tallies = [result.tally for result in results]
    records = tuple(record for result in results for record in result.records)
    records = with_errata(records, primary)
    metrics = summarize(
        records,
        primary=primary,
        n_sessions=len(results),
        phases_ms=_summed(tally.phases_ms for tally in tallies),
        peak_bytes=max(tally.peak_bytes for tally in tallies),
        events=sum(tally.events for tally in tallies),
        memory_stats={k: v for k, v in _means(t.stats for t in tallies).items() if v is not None},
        writes=_means(tally.writes for tally in tallies),
        read_as=tallies[0].read_as,
        kv_cache=_cache_use([tally.kv_cache for tally in tallies]),
        usage=_used(tally.usage for tally in tallies),
        encoder=_summed(tally.encoder for tally in tallies),
        batches=[batch for tally in tallies for batch in tally.batches],
    )
    left_out = _summed(tally.left_out for tally in tallies)
    return CellResult(records, {**metrics, "left_out": left_out, **count_errata(records)})


def write_session(folder: Path, result: SessionResult) -> None:
    """Write a session's two files as one: the folder is there whole, or not at all.

    Raises:
        OutputError: the folder cannot be written.
    """
    names = score_names(result.records, "") if result.records else ()
    with new_folder(folder, ours=(RECORDS, TALLY)) as unfinished:
        table = as_table(result.records, [name for name in names if name])
        parquet.write(table, unfinished / RECORDS)
        head = sealed(unfinished, TALLY, asdict(result.tally), [RECORDS])
        (unfinished / TALLY).write_text(json.dumps(head, allow_nan=False), "utf-8")


def read_session(folder: Path) -> SessionResult:
    """Read a session that was kept.

    Raises:
        DataError: a file is missing or damaged.
    """
    with _damage_told(folder):
        tally = _tally(folder)
        with parquet.opened(folder / RECORDS) as file:
            records = as_records(file.read(use_threads=False))
    return SessionResult(tuple(records), tally)


def check_session(folder: Path) -> None:
    """Raise `DataError`, whose cause says why, unless the files are as they were written."""
    with _damage_told(folder):
        _tally(folder)


def _tally(folder: Path) -> Tally:
    content = read_head(folder / TALLY)
    if SEAL not in content or not (folder / RECORDS).is_file():
        raise UnreadableError(f"it has no {RECORDS} with a digest in {TALLY}")
    check_seal(folder, TALLY, content, [RECORDS])
    del content[SEAL]
    return Tally(**content)


@contextmanager
def _damage_told(folder: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, UnreadableError) as error:
        raise DataError(
            f"a finished session must hold {RECORDS} and {TALLY}, got {str(folder)!r} ({error}); "
            "run the cell again"
        ) from error


def as_usage(used: Usage | Mapping[str, float | None]) -> dict[str, float | None]:
    """Return what a role used by name."""
    return asdict(used) if isinstance(used, Usage) else dict(used)


def _used(
    tables: Iterable[Mapping[str, Mapping[str, float | None]]],
) -> dict[str, Mapping[str, float | None]]:
    """Return what each role used in all sessions."""
    total: dict[str, Mapping[str, float | None]] = {}
    for table in tables:
        for role, used in table.items():
            total[role] = added(total.get(role, {}), used)
    return total


def _summed(tables: Iterable[Mapping[str, Number]]) -> dict[str, Number]:
    total: dict[str, Number] = {}
    for table in tables:
        for name, value in table.items():
            total[name] = total[name] + value if name in total else value
    return total


def _means(tables: Iterable[Mapping[str, int | float | None]]) -> dict[str, int | float | None]:
    """Return the mean of every name over the tables that tell it; of one table, what it says."""
    told = list(tables)
    if len(told) == 1:
        return dict(told[0])
    found: dict[str, list[float]] = {}
    for table in told:
        for name, value in table.items():
            found.setdefault(name, []).extend([] if value is None else [float(value)])
    return {name: sum(values) / len(values) if values else None for name, values in found.items()}


def _cache_use(caches: Sequence[Mapping[str, int]]) -> dict[str, int]:
    """Return what caches of notes did together, and the most that one held."""
    names = dict.fromkeys(name for cache in caches for name in cache)
    return {
        name: (sum if name in COUNTED else max)(cache[name] for cache in caches if name in cache)
        for name in names
    }
