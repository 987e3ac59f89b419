"""Prints what SGC-RSS's switches change of what is answered, and when, by the first trace alone.

python benchmarks/sgc_switches.py [--dataset NAME[:PATH]]... [--size 200] [--without KNOB]...

Beside a dataset, `semantic` of the calibration seeds, of which 40 % is told again. A question is
answered if the first trace ends in an accepted answer; one that asks for what was never told, if
nothing is recalled. Asked is before replay ("at once") and after it. Differences are paired by
question, clustered by session. Edges that tell the same fact twice are duplicates.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from evidence import SEEDS, WIDTH, Empty, datasets, load, options
from sgc_rss import repeated

from memeval.cli import render
from memeval.memories.sgc_rss import SgcRss
from memeval.runner import stages
from memeval.scoring.compare import compare_scores
from memeval.scoring.intervals import Key
from memeval.suites.own import generate
from memeval.types import Item, Recall, Session

FULL = "sgc_rss"
HEADER = ("", "right", "difference", "95 %", "at once", "edges", "duplicates", "closed")


class Told(NamedTuple):
    """What was right of each question, after replay and before; and what the graphs hold."""

    right: dict[Key, float]
    at_once: dict[Key, float]
    edges: int
    duplicates: int
    closed: int


def main() -> None:
    """Print a table a stream."""
    parser = options(__doc__)
    parser.add_argument("--without", action="append", help="a switch; default all it declares")
    chosen = parser.parse_args()
    render.console.width = max(render.console.width, WIDTH)
    names = [f"{FULL}:{knob}=false" for knob in chosen.without or SgcRss.knobs]
    _, contenders = load(chosen, [FULL, *names])
    for stream, sessions in streams(chosen.size or [200], chosen.dataset):
        told = {name: teach(sessions, empty) for name, empty in contenders.items()}
        asked = len(told[FULL].right)
        render.table(f"{stream}: {asked:,} questions", HEADER, list(rows(told)))


def streams(sizes: Sequence[int], others: Sequence[str]) -> Iterator[tuple[str, Sequence[Session]]]:
    """Yield the sessions of each stream; those of a dataset one by one."""
    for size in sizes:
        made = [repeated(generate("semantic", size=size, seed=seed)) for seed in SEEDS]
        yield f"semantic {size}, partly told again", made
    for name, sessions in datasets(others):
        for session in sessions:
            yield f"{name}, {session.id}", [session]


def teach(sessions: Sequence[Session], empty: Empty) -> Told:
    """Teach and ask every session."""
    right: dict[Key, float] = {}
    at_once: dict[Key, float] = {}
    held = [0, 0, 0]
    for session in sessions:
        memory = empty()
        for stage in stages(session):
            memory.observe(stage.events)
            at_once |= scores(session, stage.items, memory)
            memory.replay()
            right |= scores(session, stage.items, memory)
        held = [a + b for a, b in zip(held, graph_of(memory), strict=True)]
    return Told(right, at_once, *held)


def scores(session: Session, items: Sequence[Item], memory: Any) -> dict[Key, float]:
    """Return 1 for every question of a session that is answered, else 0."""
    asked = [item for item in items if not item.unscored_reason]
    recalls = memory.recall([item.query for item in asked])
    return {
        (session.id, item.query.id): float(is_right(item, recall))
        for item, recall in zip(asked, recalls, strict=True)
    }


def is_right(item: Item, recall: Recall) -> bool:
    """Whether the first trace ends in an answer, or, where nothing is known, nothing is said."""
    if not item.answerable or not recall.traces:
        return not item.answerable and not recall.traces
    end = _plain(recall.traces[0].text)
    return any(end.endswith(_plain(answer)) for answer in item.answers)


def _plain(text: str) -> str:
    return text.casefold().rstrip(". ")


def graph_of(memory: SgcRss) -> tuple[int, int, int]:
    """Return a graph's edges, how many of them tell a fact again, and how many hold no more."""
    edges = memory._graph.edges.values()
    facts = {(edge.head, edge.phrasing, edge.tail, edge.until) for edge in edges}
    return len(edges), len(edges) - len(facts), sum(not edge.is_open for edge in edges)


def rows(told: Mapping[str, Told]) -> Iterator[tuple[str, ...]]:
    """Yield a row for the full memory and for each without a switch, told against it."""
    for name, one in told.items():
        apart = compare_scores(one.right, told[FULL].right).difference
        interval = f"[{apart.low:+.3f}, {apart.high:+.3f}]" if name != FULL else "-"
        difference = f"{mean(one.right) - mean(told[FULL].right):+.3f}" if name != FULL else "-"
        yield (
            *(name, f"{mean(one.right):.3f}", difference, interval, f"{mean(one.at_once):.3f}"),
            *(f"{count:,}" for count in (one.edges, one.duplicates, one.closed)),
        )


def mean(scored: Mapping[Key, float]) -> float:
    """Return the share that is right."""
    return sum(scored.values()) / len(scored)


if __name__ == "__main__":
    main()
