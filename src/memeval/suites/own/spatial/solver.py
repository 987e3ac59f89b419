"""A solver of the spatial suite that reads only the text of the events and the question.

It knows the phrasings, not the generator: it draws one map from all walks, works out coordinates
by following the directions, and answers by breadth-first search. A question that is answered by
walking is sound if the moves that come nearer to the goal are the ones that the item holds.
"""

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from memeval.types import Event, Session
from memeval.words import UNKNOWN

PLACE = r"[A-Z]\w+ [A-Z]\w+"
HERE, THERE = rf"(?P<here>{PLACE})", rf"(?P<there>{PLACE})"
WHO = r"[A-Z]\w+ [A-Z]\w+"
MOVE = r"(?P<move>north|east|south|west)"
STEPS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"^{WHO} went (?:{MOVE} )?from {HERE} to {THERE}\.$",
        rf"^From {HERE}, {WHO} walked (?:{MOVE}|on) and came to {THERE}\.$",
        rf"^(?:Going {MOVE} from|Leaving) {HERE}, {WHO} reached {THERE}\.$",
        rf"^Then s?he went (?:{MOVE}|on) to {THERE}\.$",
    )
)
CLOSED = re.compile(rf"^The way between {HERE} and {THERE} has been closed\.$")
SEEN = re.compile(rf"^{WHO} noticed an? (?P<thing>[a-z ]+) at {HERE}\.$")
NEXT_TO = re.compile(rf"^Which place is {MOVE} of {HERE}\?$")
WHERE = re.compile(r"^Where is the (?P<thing>[a-z ]+)\?$")
SHORTCUT = re.compile(rf"^Nobody has gone {MOVE} from {HERE}\. What would one find there\?$")
ROUTE = re.compile(rf"^How do you get from {HERE} to (?P<goal>{PLACE})\?$")
NEAREST = re.compile(rf"^You are at {HERE} on the way to (?P<goal>{PLACE})\.")
VECTORS = {"north": (0, 1), "east": (1, 0), "south": (0, -1), "west": (-1, 0)}

Moves = dict[str, dict[str, str]]
"""Where each move leads, by place and move."""


@dataclass(slots=True)
class Map:
    """All that the events say."""

    moves: Moves = field(default_factory=dict)
    seen: dict[str, set[str]] = field(default_factory=dict)
    walked: Moves = field(default_factory=dict)  # closed or not: where a direction leads


def read_stream(events: Sequence[Event]) -> Map:
    """Draw the map; the last word on a passage is whether it was walked or closed."""
    drawn = Map()
    here = ""
    for event in sorted(events, key=lambda e: e.time):
        if match := next((m for p in STEPS if (m := p.match(event.text))), None):
            found = match.groupdict()
            start, here = found.get("here") or here, found["there"]
            move = found["move"] or here
            drawn.moves.setdefault(start, {})[move] = here
            drawn.walked.setdefault(start, {})[move] = here
        elif match := CLOSED.match(event.text):
            for a, b in ((match["here"], match["there"]), (match["there"], match["here"])):
                drawn.moves[a] = {m: p for m, p in drawn.moves[a].items() if p != b}
        elif match := SEEN.match(event.text):
            drawn.seen.setdefault(match["thing"], set()).add(match["here"])
    return drawn


def solve(drawn: Map, text: str) -> set[str]:
    """Return every answer that follows from the map; {"unknown"} if none does."""
    if match := WHERE.match(text):
        return drawn.seen.get(match["thing"]) or {UNKNOWN}
    if match := NEXT_TO.match(text):
        there = drawn.walked.get(match["here"], {}).get(match["move"])
        return {there or UNKNOWN}
    if match := SHORTCUT.match(text):
        places = beside(drawn.walked, match["here"], match["move"])
        return {thing for thing, at in drawn.seen.items() if at & places} or {UNKNOWN}
    if match := ROUTE.match(text):
        return set(shortest_ways(drawn.moves, match["here"], match["goal"])) or {UNKNOWN}
    if match := NEAREST.match(text):
        left = steps_to(drawn.moves, match["goal"])
        near = left.get(match["here"], 0) - 1
        ways = drawn.moves.get(match["here"], {}).items()
        return {move for move, there in ways if left.get(there) == near}
    return set()


def beside(walked: Moves, here: str, move: str) -> set[str]:
    """Return the places one move away, by the coordinates that following the walks gives."""
    at = {here: (0, 0)}
    waiting = deque([here])
    while waiting:
        place = waiting.popleft()
        for direction, there in walked.get(place, {}).items():
            x, y = at[place]
            dx, dy = VECTORS[direction]
            if there not in at:
                at[there] = (x + dx, y + dy)
                waiting.append(there)
    return {place for place, point in at.items() if point == VECTORS[move]}


def steps_to(moves: Moves, goal: str) -> dict[str, int]:
    """Return the steps to a goal from every place that reaches it (passages go both ways)."""
    left = {goal: 0}
    waiting = deque([goal])
    while waiting:
        place = waiting.popleft()
        for there in moves.get(place, {}).values():
            if there not in left:
                left[there] = left[place] + 1
                waiting.append(there)
    return left


def shortest_ways(moves: Moves, here: str, goal: str) -> list[str]:
    """Return every shortest way as its moves, one after another."""
    left = steps_to(moves, goal)
    if here not in left:
        return []
    ways: list[tuple[str, list[str]]] = [(here, [])]
    for _ in range(left[here]):
        ways = [
            (there, [*told, move])
            for place, told in ways
            for move, there in moves[place].items()
            if left[there] == left[place] - 1
        ]
    return [", ".join(told) for _, told in ways]


def solve_session(session: Session) -> dict[str, set[str]]:
    """Return the answers, or the moves that come nearer, by query id."""
    drawn = read_stream(session.events)
    return {item.query.id: solve(drawn, item.query.text) for item in session.items}
