"""How a world is told: somebody walks every passage both ways, and says so in many walks."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

from memeval.suites.own.base import Happening
from memeval.suites.own.spatial.worlds import World

WALK = (4, 9)  # steps
RELATIVE = 0.3  # of the steps that may leave out where they start
COMPASS_STEPS = (
    "{who} went {move} from {here} to {there}.",
    "From {here}, {who} walked {move} and came to {there}.",
    "Going {move} from {here}, {who} reached {there}.",
)
PLAIN_STEPS = (
    "{who} went from {here} to {there}.",
    "From {here}, {who} walked on and came to {there}.",
    "Leaving {here}, {who} reached {there}.",
)
RELATIVE_STEPS = ("Then {pronoun} went {move} to {there}.", "Then {pronoun} went on to {there}.")
CLOSED = "The way between {here} and {there} has been closed."

Step = tuple[str, str]
"""A place, and the place next to it that is walked to."""


@dataclass(frozen=True, slots=True)
class Walker:
    """Who walks."""

    name: str
    pronoun: str


@dataclass(slots=True)
class Telling:
    """A world as events: walks in any order, closures after them.

    `told` holds what one must know to know a step: the sentence that tells it, and the one before
    where it does not say by itself from where.
    """

    world: World
    walks: list[list[Happening]] = field(default_factory=list)
    closures: list[Happening] = field(default_factory=list)
    told: dict[Step, list[Happening]] = field(default_factory=dict)

    def walk(self, steps: Sequence[Step], walker: Walker, random: Random) -> list[Happening]:
        """Tell a walk and add it to the rest; return its sentences."""
        sentences: list[Happening] = []
        for i, step in enumerate(steps):
            follows = bool(i) and not sentences[-1].dependent and random.random() < RELATIVE
            sentence = Happening(
                _sentence(self.world, step, walker, random, follows=follows), dependent=follows
            )
            self.told.setdefault(step, [sentences[-1], sentence] if follows else [sentence])
            sentences.append(sentence)
        self.walks.append(sentences)
        return sentences

    def close(self, here: str, there: str) -> Happening:
        """Tell that a passage cannot be used any more, either way."""
        closure = Happening(CLOSED.format(here=here, there=there))
        self.closures.append(closure)
        self.world.graph.remove_edge(here, there)
        return closure

    def blocks(self, random: Random) -> list[list[Happening]]:
        """Return the walks, shuffled, and then the closures."""
        walks = list(self.walks)
        random.shuffle(walks)
        return [*walks, *([closure] for closure in self.closures)]


def _sentence(world: World, step: Step, walker: Walker, random: Random, *, follows: bool) -> str:
    here, there = step
    move = world.move(here, there)
    if follows:
        form = RELATIVE_STEPS[0 if world.compass else 1]
    else:
        form = random.choice(COMPASS_STEPS if world.compass else PLAIN_STEPS)
    return form.format(who=walker.name, pronoun=walker.pronoun, move=move, here=here, there=there)


def round_trip(world: World, random: Random) -> list[Step]:
    """Return one walk that takes every passage once in each direction.

    Each place has as many ways in as out, so such a walk exists (Hierholzer 1873).
    """
    left = {place: sorted(world.graph[place]) for place in sorted(world.graph)}
    for ways in left.values():
        random.shuffle(ways)
    start = random.choice(list(left))
    stack, closed = [start], []
    while stack:
        ways = left[stack[-1]]
        if ways:
            stack.append(ways.pop())
        else:
            closed.append(stack.pop())
    closed.reverse()
    return list(pairwise(closed))


def cut(steps: Sequence[Step], random: Random) -> list[Sequence[Step]]:
    """Cut a long walk into walks of a few steps each."""
    walks, start = [], 0
    while start < len(steps):
        end = start + random.randint(*WALK)
        walks.append(steps[start:end])
        start = end
    return walks
