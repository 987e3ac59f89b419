"""What a bounded store is worth: what its gate keeps, against chance and against the newest.

python benchmarks/gate.py [--memory hei_nw[:KNOB=VALUE,...]]... [--dataset locomo[:PATH]]...
    [--share 0.5]...

A memory is taught a session with room for all of it, with `store.max_traces` at a share of the
traces that this makes (a long message makes several), and without a bound but only that share of
the events: some drawn at random, or the newest. What it finds in the reader's budget of 256 tokens
is compared by item, with the paired intervals of reports. `held` is the share of the traces.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
from evidence import ALL, MEASURES, Empty, Found, datasets, evidence, load, options

from memeval.cli import render
from memeval.config import ReaderOptions
from memeval.memories.checked import Checked
from memeval.randomness import named_random
from memeval.reader import Reader
from memeval.scoring.compare import compare_scores
from memeval.types import Session

FREE, GATE, RIVALS = "unbounded", "gate", ("random", "newest")
PLACE = MEASURES.index("any@256t")


def main() -> None:
    """Print a table a memory and dataset."""
    parser = options(__doc__)
    parser.add_argument("--share", type=float, action="append", help="of a session's events")
    chosen = parser.parse_args()
    model, contenders = load(chosen, chosen.memory or ["hei_nw"])
    for stream, sessions in datasets(chosen.dataset or ["locomo"]):
        for name, empty in contenders.items():
            found, held = search(sessions, empty, model, chosen.share or [0.5, 0.25])
            print_kept(f"{name} on {stream}", found, held)


def search(
    sessions: Sequence[Session], empty: Empty, model: Any, shares: Sequence[float]
) -> tuple[Found, dict[str, list[float]]]:
    """Teach every session in every way; return what was found, and the shares held."""
    found, held = Found(), dict[str, list[float]]()
    with render.counted("gate", total=len(sessions) * (1 + 3 * len(shares))) as advance:
        for place, session in enumerate(sessions):
            reader, traces = Reader(model, session.prompt, ReaderOptions()), 0
            for way, told, share in ways(session, shares):
                room = {"store.max_traces": max(1, round(share * traces))} if share < 1 else {}
                memory = Checked(empty(**room))
                found.add(way, f"{place} {session.id}", evidence(told, memory, reader))
                stored = int(memory.stats()["store_items"])
                traces = traces or stored  # of the first way, which has no bound
                held.setdefault(way, []).append(stored / traces)
                memory.close()
                advance()
    return found, held


def ways(session: Session, shares: Sequence[float]) -> Iterator[tuple[str, Session, float]]:
    """Yield all ways in which a session is taught: name, what is told, and the room for traces.

    Room is a share of the traces that the first way makes, which is without a bound.
    """
    yield FREE, session, 1
    for share in shares:
        yield f"{GATE} {share}", session, share
        count = max(1, round(share * len(session.events)))
        chosen = kept(session, count, named_random("gate", session.id, count))
        yield from ((f"{name} {share}", one, 1) for name, one in zip(RIVALS, chosen, strict=True))


def kept(session: Session, room: int, random: Random) -> tuple[Session, Session]:
    """Return a session with so many of its events: some at random, in order, and the newest."""
    places = sorted(random.sample(range(len(session.events)), room))
    drawn = tuple(session.events[place] for place in places)
    return replace(session, events=drawn), replace(session, events=session.events[-room:])


def print_kept(title: str, found: Found, held: Mapping[str, Sequence[float]]) -> None:
    """Print each way's evidence, and what the gate's is apart from that of the others."""
    keys = found.keys_of(ALL)
    rows = [
        (way, f"{np.mean(held[way]):.2f}", *(f"{one:.3f}" for one in found.means(way, keys)))
        for way in found.scores
    ]
    render.table(f"{title}: {len(keys):,} questions", ("", "held", *MEASURES), rows)
    render.table(f"apart by {MEASURES[PLACE]}", ("", "from", "difference", "95 %"), apart(found))


def apart(found: Found) -> list[tuple[str, ...]]:
    """Return what each bound by the gate is apart from no bound, and from the other choices."""
    rows = []
    for way in found.scores:
        name, _, share = way.partition(" ")
        for rival in (FREE, *(f"{one} {share}" for one in RIVALS)) if name == GATE else ():
            ours, theirs = (
                {key: scores[PLACE] for key, scores in found.scores[one].items()}
                for one in (way, rival)
            )
            paired = compare_scores(ours, theirs).difference
            interval = f"[{paired.low:+.3f}, {paired.high:+.3f}]"
            rows.append((way, rival, f"{paired.mean:+.3f}", interval))
    return rows


if __name__ == "__main__":
    main()
