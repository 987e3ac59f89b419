"""Keeps a map within its bounds, and makes one place of those that turn out to be one."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from memeval.memories.smpd.passages import Passage, remember_events
from memeval.memories.smpd.records import Prune, Sighting

if TYPE_CHECKING:
    from memeval.memories.smpd.place_graph import PlaceGraph

SPARE = 20
"""One place in so many more is dropped than must be, so that not every event has to drop one."""


def bound_degree(graph: "PlaceGraph", here: int) -> None:
    """Drop the least walked and longest unseen passage of a place that has too many."""
    passages = [passage for ways in graph.out[here].values() for passage in ways]
    if len(passages) <= graph.params.store.max_degree:
        return
    gone = min(passages, key=lambda passage: (passage.evidence, passage.last_seen))
    kept = graph.out[here][gone.there]
    kept.remove(gone)
    if not kept:
        del graph.out[here][gone.there]
        graph.into[gone.there].discard(here)
    names = [graph.places[p].name or f"place {p}" for p in (here, gone.there)]
    graph.prunes.append(Prune(" -> ".join(names), gone.last_seen, "degree"))


def bound_things(graph: "PlaceGraph") -> None:
    """Drop the things noticed longest ago, if there are too many."""
    most = graph.params.store.max_things
    if len(graph.things) <= most:
        return
    oldest = sorted(graph.things, key=lambda key: (graph.things[key].time, key))
    for key in oldest[: len(oldest) - most + most // SPARE]:
        gone = graph.things.pop(key)
        graph.noticed[gone.place].discard(key)
        graph.prunes.append(Prune(gone.thing, gone.time, "things"))


def bound_places(graph: "PlaceGraph") -> bool:
    """Drop the places seen longest ago, if there are too many; return whether there were."""
    places, most = graph.places, graph.params.store.max_places
    if len(places) <= most:
        return False
    oldest = sorted(places, key=lambda place: (places[place].last_seen, place))
    gone = oldest[: len(oldest) - most + most // SPARE]
    for place in gone:
        name = places[place].name or f"place {place}"
        graph.prunes.append(Prune(name, places[place].last_seen, "places"))
    drop_places(graph, gone)
    return True


def drop_places(graph: "PlaceGraph", places: Iterable[int]) -> None:
    """Forget places with all that hangs on them."""
    graph.version += 1
    gone = set(places)
    for place in gone:
        what = graph.places.pop(place)
        for there in graph.out.pop(place):
            graph.into[there].discard(place)
        for here in graph.into.pop(place):
            graph.out[here].pop(place, None)
        for key in graph.noticed.pop(place, set()):
            del graph.things[key]
        graph.named.pop(what.name.casefold(), None)
        graph.geometry.remove(place)
    graph.leads = {
        key: there for key, there in graph.leads.items() if key[0] not in gone and there not in gone
    }


def merge_coinciding(graph: "PlaceGraph") -> dict[int, int]:
    """Make one place of an unnamed one and another on its spot; return which became which."""
    became: dict[int, int] = {}
    for place in [place for place, what in graph.places.items() if not what.name]:
        twins = [twin for twin in graph.geometry.neighbours_of(place) if twin not in became]
        if twins:
            named = [twin for twin in twins if graph.places[twin].name]
            became[place] = min(named or twins)
            _hang_over(graph, place, became[place])
    became = {place: _last(place, became) for place in became}
    graph.leads = {
        (became.get(here, here), move, cost): became.get(there, there)
        for (here, move, cost), there in graph.leads.items()
    }
    drop_places(graph, became)
    graph.counts["places_merged"] += len(became)
    return became


def _last(place: int, became: Mapping[int, int]) -> int:
    while place in became:
        place = became[place]
    return place


def _hang_over(graph: "PlaceGraph", place: int, into: int) -> None:
    """Let everything that was said of one place be said of another.

    Nothing is left hanging on the first: its neighbours may be the next to be hung over.
    """
    leaving, graph.out[place] = graph.out[place], {}
    for there, passages in leaving.items():
        graph.into[there].discard(place)
        _move(graph, passages, into, there)
    coming, graph.into[place] = graph.into[place], set()
    for here in coming:
        _move(graph, graph.out[here].pop(place), here, into)
    for key in list(graph.noticed.get(place, ())):
        old = graph.things[key]
        graph.see(Sighting(old.thing, into, old.text, old.time, old.event))


def _move(graph: "PlaceGraph", passages: list[Passage], here: int, there: int) -> None:
    if here == there:
        return
    known = graph.out[here].setdefault(there, [])
    graph.into[there].add(here)
    for passage in passages:
        passage.here, passage.there = here, there
        if known and graph.params.gate.enabled:
            known[0].evidence += passage.evidence
            known[0].rewards += passage.rewards
            known[0].last_seen = max(known[0].last_seen, passage.last_seen)
            remember_events(known[0].events, passage.events, graph.params.store.max_events)
        else:
            known.append(passage)
