"""Keeps a map within its bounds, and makes one place of those that turn out to be one."""

from collections.abc import Mapping

from memeval.memories.smpd.place_graph import PlaceGraph
from memeval.memories.smpd.records import SPARE, Prune


def bound_places(graph: PlaceGraph) -> bool:
    """Drop the places seen longest ago, if there are too many; return whether there were."""
    places, most = graph.places, graph.params.store.max_places
    if len(places) <= most:
        return False
    oldest = sorted(places, key=lambda place: (places[place].last_seen, place))
    gone = oldest[: len(oldest) - most + most // SPARE]
    graph.prunes += [Prune(graph.told(p), places[p].last_seen, "places") for p in gone]
    graph.drop(gone)
    return True


def merge_coinciding(graph: PlaceGraph) -> dict[int, int]:
    """Make one place of an unnamed one and another on its spot; return which became which."""
    became: dict[int, int] = {}
    for place in [place for place, what in graph.places.items() if not what.name]:
        twins = [twin for twin in graph.geometry.neighbours_of(place) if twin not in became]
        if twins:
            named = [twin for twin in twins if graph.places[twin].name]
            became[place] = min(named or twins)
            graph.hang_over(place, became[place])
    became = {place: _last(place, became) for place in became}
    graph.become(became)
    return became


def _last(place: int, became: Mapping[int, int]) -> int:
    while place in became:
        place = became[place]
    return place
