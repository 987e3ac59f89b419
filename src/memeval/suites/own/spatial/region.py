"""One world of the spatial suite: how it is told, and what can be asked about it."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from itertools import pairwise, product
from random import Random
from typing import Any

import networkx as nx

from memeval.suites.own.base import Deck, Happening, Question, Way, article
from memeval.suites.own.spatial.tour import Step, Telling, Walker, cut, round_trip
from memeval.suites.own.spatial.worlds import COMPASS, Graph, World

ROUTE_STEPS, NAMED_STEPS = (2, 8), (2, 5)  # of compass moves, of names of places
NAVIGATE_STEPS = 3
MOST_WAYS = 3  # equally short ones that a route may have
HABIT_STEPS, HABIT_WALKS, HABIT_PART = (5, 8), 3, 3
DETOURS_PER_CLOSURE = 4

NEXT_TO = "Which place is {move} of {here}?"
LANDMARK = "{who} noticed {a} {thing} at {here}."
WHERE = "Where is the {thing}?"
ROUTE = "How do you get from {here} to {goal}?"
COMPASS_STEP = "You are at {here} on the way to {goal}. Which way do you go?"
NAMED_STEP = "You are at {here} on the way to {goal}. Where do you go next?"
SHORTCUT = "Nobody has gone {move} from {here}. What would one find there?"


class Region:
    """One world, how it is told, and the questions about it that are left to ask."""

    def __init__(self, world: World, *, people: Deck[Any], things: Deck[Any], random: Random):
        self.world = world
        self.random = random
        self.telling = Telling(world)
        self._people, self._things = people, things
        self._asked: set[str] = set()
        self._open = world.graph.copy()  # before anything was closed
        for steps in cut(round_trip(world, random), random):
            self.telling.walk(steps, self.walker(), random)
        self._habit: list[str] = []
        self._noticed: dict[str, tuple[str, Happening]] = {}

    def walker(self) -> Walker:
        """Deal somebody new."""
        (first, pronoun), surname = self._people.draw()
        return Walker(f"{first} {surname}", pronoun)

    def ask(self, counts: Mapping[str, int]) -> list[Question]:
        """Ask as many questions of each slice as the world has, at most so many.

        Ways are closed before any other question is asked, for its answer may hang on them.
        """
        self._close(counts.get("detour", 0))
        return [
            question
            for name, count in counts.items()
            for _ in range(count)
            if (question := ASKERS[name](self))
        ]

    def place(self) -> Question | None:
        """Ask what lies next to a place, or where something was noticed."""
        kinds = [self._landmark, self._next_to] if self.world.compass else [self._landmark]
        self.random.shuffle(kinds)
        return next((question for kind in kinds if (question := kind())), None)

    def route(self) -> Question | None:
        """Ask for the whole way; every shortest one is accepted."""
        low, high = ROUTE_STEPS if self.world.compass else NAMED_STEPS
        for here, goal in self._pairs(low, high, evenly=True):
            text = ROUTE.format(here=here, goal=goal)
            ways = sorted(nx.all_shortest_paths(self.world.graph, here, goal))
            if len(ways) <= MOST_WAYS and self._is_new(text):
                answers = tuple(
                    ", ".join(self.world.move(*step) for step in pairwise(way)) for way in ways
                )
                return Question(text, answers, "route", blocks=[], gold=self._gold(ways[0]))
        return None

    def navigate(self) -> Question | None:
        """Ask for a way, one decision at a time."""
        least = 2 if self.world.kind == "star" else NAVIGATE_STEPS
        for here, goal in self._pairs(least, len(self.world.graph)):
            if question := self._way("navigate", here, goal):
                return question
        return None

    def detour(self) -> Question | None:
        """Ask for a way whose shortest course has been closed."""
        before = self._open_distances
        for here, goal in self._pairs(2, len(self.world.graph)):
            is_longer = before[here][goal] < self._distances[here][goal]
            if is_longer and (question := self._way("detour", here, goal)):
                question.gold[:0] = self.telling.closures
                return question
        return None

    def habit(self) -> Question | None:
        """Ask for a part of a route that people walk again and again."""
        route = self._habit or self._make_habit()
        pairs = [
            (route[i], route[j])
            for i in range(len(route))
            for j in range(i + HABIT_PART, len(route))
        ]
        self.random.shuffle(pairs)
        for here, goal in pairs:
            if question := self._way("habit", here, goal):
                return question
        return None

    def shortcut(self) -> Question | None:
        """Ask what is to be found where a move leads that nobody made, but three others tell."""
        for course in self._shortcuts:
            here, around, *_, there = course
            text = SHORTCUT.format(move=self.world.move(here, there), here=here)
            if self._is_new(text):
                blocks = [] if there in self._noticed else [[self._notice(there)]]
                thing, told = self._noticed[there]
                gold = [*self._gold(course), told]
                near = self._exits(here, but=around)
                return Question(text, (thing,), "shortcut", blocks=blocks, gold=gold, near=near)
        return None

    def _next_to(self) -> Question | None:
        steps = [step for step in sorted(self.telling.told) if self._is_open(step)]
        for here, there in self.random.sample(steps, len(steps)):
            text = NEXT_TO.format(move=self.world.move(here, there), here=here)
            if self._is_new(text):
                gold, near = self.telling.told[here, there], self._exits(here, but=there)
                return Question(text, (there,), "place", blocks=[], gold=gold, near=near)
        return None

    def _landmark(self) -> Question | None:
        """Ask for something noticed; half the time a thing of the same sort is elsewhere."""
        free = [place for place in sorted(self.world.graph) if place not in self._noticed]
        if not free:
            return None
        here = self.random.choice(free)
        told = self._notice(here)
        thing, _ = self._noticed[here]
        question = Question(
            WHERE.format(thing=thing), (here,), "place", blocks=[[told]], gold=[told]
        )
        free.remove(here)
        if free and self.random.random() < 0.5:
            noun = thing.split()[1]
            confuser = self._notice(self.random.choice(free), noun=noun)
            question.blocks.append([confuser])
            question.near.append(confuser)
        return question

    def _notice(self, here: str, *, noun: str | None = None) -> Happening:
        """Put something that stands nowhere else at a place that has nothing yet."""
        thing = " ".join(self._things.draw_like(lambda card: noun in (None, card[1])))
        who = self.walker().name
        told = Happening(LANDMARK.format(who=who, a=article(thing), thing=thing, here=here))
        self._noticed[here] = thing, told
        return told

    def _way(self, ability: str, here: str, goal: str) -> Question | None:
        """Make a question that is answered by walking, unless it has been asked."""
        form = COMPASS_STEP if self.world.compass else NAMED_STEP
        asking = form.replace("{goal}", goal)
        text = asking.format(here=here)
        if not self._is_new(text):
            return None
        course = min(nx.all_shortest_paths(self.world.graph, here, goal))
        way = Way(here, goal, asking, self.world.moves(), self._nearer(goal))
        gold = self._gold(course)
        return Question(text, (), ability, blocks=[], gold=gold, way=way)

    def _nearer(self, goal: str) -> dict[str, dict[str, list[Happening]]]:
        """Return, for every place, the moves that come nearer to a goal, and what tells them."""
        steps = self._distances[goal]
        return {
            here: {
                move: self.telling.told[here, there]
                for move, there in moves.items()
                if steps[there] < steps[here]
            }
            for here, moves in self.world.moves().items()
            if here != goal
        }

    def _close(self, detours: int) -> None:
        """Close passages that are not the only way, so that there are detours to ask for."""
        for _ in range(-(-detours // DETOURS_PER_CLOSURE)):
            bridges = {frozenset(edge) for edge in nx.bridges(self.world.graph)}
            spare = [e for e in sorted(self.world.graph.edges) if frozenset(e) not in bridges]
            if spare:
                self.telling.close(*self.random.choice(spare))

    def _make_habit(self) -> list[str]:
        """Choose a route and let people walk it again and again; the last sentence pays off."""
        for here, goal in self._pairs(*HABIT_STEPS):
            self._habit = min(nx.all_shortest_paths(self.world.graph, here, goal))
            for _ in range(HABIT_WALKS):
                steps = list(pairwise(self._habit))
                self.telling.walk(steps, self.walker(), self.random)[-1].reward = True
            break
        return self._habit

    @cached_property
    def _shortcuts(self) -> list[list[str]]:
        """Ways of three steps round to a neighbour without a passage, the plainest told first."""
        places = {point: place for place, point in self.world.at.items()}
        found: list[list[str]] = []
        for (x, y), here in sorted(places.items()):
            for (dx, dy), (ax, ay) in product(COMPASS.values(), COMPASS.values()):
                around = ((x + ax, y + ay), (x + ax + dx, y + ay + dy), (x + dx, y + dy))
                if dx * ax + dy * ay or not all(point in places for point in around):
                    continue
                course = [here, *(places[point] for point in around)]
                is_open = all(map(self._is_open, pairwise(course)))
                if is_open and not self._open.has_edge(here, course[-1]):
                    found.append(course)
        self.random.shuffle(found)
        return sorted(found, key=lambda course: len(self._gold(course)))

    def _pairs(self, low: int, high: int, *, evenly: bool = False) -> list[tuple[str, str]]:
        """Return pairs of places so many steps apart, shuffled; evenly: over the distances."""
        lengths = self._distances
        pairs = [
            (here, goal)
            for here in sorted(lengths)
            for goal in sorted(lengths[here])
            if low <= lengths[here][goal] <= high
        ]
        self.random.shuffle(pairs)
        if evenly and pairs:
            wanted = self.random.choice(sorted({lengths[a][b] for a, b in pairs}))
            pairs.sort(key=lambda pair: abs(lengths[pair[0]][pair[1]] - wanted))
        return pairs

    def _gold(self, course: Sequence[str]) -> list[Happening]:
        """Return what tells the steps of a course, each sentence once."""
        told = (event for step in pairwise(course) for event in self.telling.told[step])
        return list(dict.fromkeys(told))

    def _exits(self, here: str, *, but: str) -> list[Happening]:
        """Return what tells the other steps from a place."""
        return [
            self.telling.told[here, there][-1]
            for there in sorted(self.world.graph[here])
            if there != but
        ]

    @cached_property
    def _distances(self) -> dict[str, dict[str, int]]:
        """Steps between all places, closed passages left out: wanted only after closing."""
        return _distances(self.world.graph)

    @cached_property
    def _open_distances(self) -> dict[str, dict[str, int]]:
        return _distances(self._open)

    def _is_open(self, step: Step) -> bool:
        return bool(self.world.graph.has_edge(*step))

    def _is_new(self, text: str) -> bool:
        """Whether a question has not been asked, which it is from now on."""
        if text in self._asked:
            return False
        self._asked.add(text)
        return True


def _distances(graph: Graph) -> dict[str, dict[str, int]]:
    return dict(nx.all_pairs_shortest_path_length(graph))


ASKERS: dict[str, Callable[[Region], Question | None]] = {
    "place": Region.place,
    "route": Region.route,
    "navigate": Region.navigate,
    "shortcut": Region.shortcut,
    "detour": Region.detour,
    "habit": Region.habit,
}
