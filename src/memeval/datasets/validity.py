"""Checks that a session's questions have one answer, and that nothing gives it away."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from memeval.outside import shown_text
from memeval.types import Event, Item, Navigation, Session
from memeval.words import is_unknown

MAX_ANSWER_SHARE = 0.2
MIN_ITEMS_FOR_SHARE = 20  # in a handful of items any answer is common
LONGEST_PLACE = 1_000  # characters: a path and a line, or an id

HAS_GOLD = "answerable items have gold events"
HAS_NO_GOLD = "unanswerable items have no gold events"
UNCOMMON = "no answer fits a fifth of the items"
UNSAID = "the answer is not in the question"

Solver = Callable[[Session], dict[str, set[str]]]
"""Returns the answers that follow from the events' text, by query id."""
BUILT_IN_ONLY = frozenset({HAS_GOLD, UNCOMMON, UNSAID})
"""Rules that one's own data need not keep: it may ask yes or no, give options, or lack labels."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One rule that one item or event breaks."""

    rule: str
    where: str
    detail: str

    def __str__(self) -> str:
        where = shown_text(self.where, LONGEST_PLACE)
        return f"{self.rule}: {where}: {shown_text(self.detail)}"


def find_faults(session: Session, solve: Solver | None = None) -> list[Fault]:
    """Return every fault of a session; with a solver, also answers it disagrees with."""
    by_id = {event.id: event for event in session.events}
    faults = [*_stream_faults(session.events), *_common_answer_faults(session.items)]
    faults += _query_faults(session.items)
    for item in session.items:
        faults += _item_faults(item, by_id)
        faults += _way_faults(item, by_id)
    if solve:
        faults += _solver_faults(session, solve)
    return faults


def _stream_faults(events: Sequence[Event]) -> Iterator[Fault]:
    for id_, count in Counter(event.id for event in events).items():
        if count > 1:
            yield Fault("event ids are unique", id_, f"stands {count} times")
    for before, after in pairwise(events):
        if after.time < before.time:
            yield Fault("events are in order of time", after.id, f"is before {before.id}")
    for event in events:
        if not event.text.strip():
            yield Fault("events have text", event.id, "is empty")


def _query_faults(items: Sequence[Item]) -> Iterator[Fault]:
    for id_, count in Counter(item.query.id for item in items).items():
        if count > 1:
            yield Fault("query ids are unique", id_, f"stands {count} times")
    seen: dict[tuple[str, int], Item] = {}
    for item in items:
        first = seen.setdefault((item.query.told(), item.query.time), item)
        if set(first.answers) != set(item.answers):
            detail = f"the text of {first.query.id} with another answer"
            yield Fault("equal questions have equal answers", item.query.id, detail)


def _common_answer_faults(items: Sequence[Item]) -> Iterator[Fault]:
    if len(items) < MIN_ITEMS_FOR_SHARE:
        return
    for answer, count in Counter(a for item in items for a in item.answers).most_common():
        if count / len(items) < MAX_ANSWER_SHARE:
            break
        detail = f"answers {count} of {len(items)} items"
        yield Fault(UNCOMMON, repr(answer), detail)


def _item_faults(item: Item, events: dict[str, Event]) -> Iterator[Fault]:
    where = item.query.id
    yield from _answer_faults(item)
    for id_ in (*item.gold_events, *item.passage):
        if id_ not in events:
            yield Fault("events that an item names exist", where, id_)
    for id_ in item.gold_events:
        if id_ in events and events[id_].time > item.query.time:
            yield Fault("gold events precede their query", where, id_)
    if missing := set(item.gold_events) - set(item.passage):
        yield Fault("passages contain their gold", where, ", ".join(sorted(missing)))
    if item.answerable != bool(item.gold_events):
        yield Fault(HAS_GOLD if item.answerable else HAS_NO_GOLD, where, str(item.answers))


def _answer_faults(item: Item) -> Iterator[Fault]:
    where = item.query.id
    if not item.answers and not item.navigation:
        yield Fault("every item has an answer", where, "has none")
    if item.answerable and any(map(is_unknown, item.answers)):
        yield Fault("an answer is known or unknown, not both", where, f"{list(item.answers)}")
    for answer in item.answers:
        if not is_unknown(answer) and re.search(rf"\b{re.escape(answer)}\b", item.query.text, re.I):
            yield Fault(UNSAID, where, repr(answer))


def _way_faults(item: Item, events: dict[str, Event]) -> Iterator[Fault]:
    """Check that a walker always has a legal move, and comes to the goal by the nearer ones."""
    way, where = item.navigation, item.query.id
    if way is None:
        return
    if way.start == way.goal:
        yield Fault("a walk leads somewhere else", where, way.start)
        return
    named = {
        way.start,
        way.goal,
        *(there for moves in way.moves.values() for there in moves.values()),
    }
    if outside := sorted(named - set(way.moves)):
        yield Fault("places of a way have moves", where, ", ".join(outside))
        return
    arriving = _arriving(way)
    if lost := [here for here in way.moves if here not in arriving]:
        yield Fault("moves that come nearer lead to the goal", where, ", ".join(lost))
    told = {id_ for moves in way.nearer.values() for ids in moves.values() for id_ in ids}
    if missing := sorted(id_ for id_ in told if id_ not in events):
        yield Fault("events that an item names exist", where, ", ".join(missing))


def _arriving(way: Navigation) -> set[str]:
    """Return the places from which the first nearer moves lead to the goal; each is seen once."""
    before: dict[str, list[str]] = {}
    for here, moves in way.moves.items():
        for nearer in islice(way.nearer.get(here, ()), 1):
            if nearer in moves and here != way.goal:
                before.setdefault(moves[nearer], []).append(here)
    found = [way.goal]
    for here in found:  # which grows as it is gone through
        found += before.get(here, [])
    return set(found)


def _solver_faults(session: Session, solve: Solver) -> Iterator[Fault]:
    found = solve(session)
    for item in session.items:
        way = item.navigation
        accepted = set(way.nearer[way.start]) if way else set(item.answers)
        if found[item.query.id] != accepted:
            detail = f"the stream says {sorted(found[item.query.id])}, accepted {sorted(accepted)}"
            yield Fault("exactly the accepted answer follows", item.query.id, detail)
