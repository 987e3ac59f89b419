"""Spatial suite: worlds told as walks, asked in six ways, three of them by walking.

A sample item, of the slice `shortcut`; the stream also holds all other walks of the world:

    event   e00012  "From Heron Wharf, Nora Vance walked north and came to Alder Mill."
    event   e00013  "Then she went east to Otter Inn."
    event   e00051  "Going south from Otter Inn, Igor Nash reached Teal Gate."
    event   e00077  "Clara Finch noticed a brass lute at Teal Gate."
    query   "Nobody has gone east from Heron Wharf. What would one find there?"
    answer  "brass lute"

Every passage of a world is told once in each direction, so that a question about one has one event
to rest on; only a habit is told again and again.
"""

from collections import Counter
from itertools import product
from typing import Any

from memeval.datasets.sampling import shares
from memeval.randomness import named_random
from memeval.suites.own import words
from memeval.suites.own.base import Deck, Question, assemble, chatter, flag
from memeval.suites.own.spatial.prompt import SPATIAL
from memeval.suites.own.spatial.region import Region
from memeval.suites.own.spatial.worlds import SERVES, Atlas
from memeval.types import Session

SHARES = {
    "place": 0.28,
    "route": 0.10,
    "navigate": 0.25,
    "shortcut": 0.12,
    "detour": 0.10,
    "habit": 0.15,
}
MAX_SIZE = 2000
EVENTS_PER_ITEM = 3  # about: worlds are told whole, so a handful of items has more
LEAST_CHATTER = 0.3  # lines for each item
TOLD_PER_ITEM = 1.5  # steps of a world for each item asked about it
LARGEST_SHARE = 0.3  # of the steps left, in passages of one world: small datasets have several
PASSAGE_SIZE = 6
HABITS_PER_ROUTE = 6
KINDS_SERVING = Counter(name for served in SERVES.values() for name in served)


def generate(*, size: int, seed: int) -> Session:
    """Generate the session of a size (number of items, 1 to 2,000) and a seed."""
    labels: dict[str, str | int] = {"suite": "spatial", "size": size, "seed": seed}
    random = named_random(*labels.values(), "worlds")
    people = Deck(list(product(words.FIRST_NAMES, words.SURNAMES)), random)
    things = Deck(list(product(words.ADJECTIVES, words.NOUNS)), random)
    atlas = Atlas(random)
    left = shares(size, SHARES)
    questions: list[Question] = []
    regions: list[Region] = []
    while any(left.values()):
        steps = TOLD_PER_ITEM * sum(left.values())
        wanted = {name for name, count in left.items() if count}
        world = atlas.world(LARGEST_SHARE * steps, wanted)
        region = Region(world, people=people, things=things, random=random)
        asked = region.ask(_quota(left, world.kind, 2 * world.graph.number_of_edges()))
        for question in asked:
            left[question.slice] -= 1
        questions += asked
        regions.append(region)
    random.shuffle(questions)
    stories = [region.telling.blocks(random) for region in regions]
    blocks = [*(block for story in stories for block in story), *_blocks(questions)]
    told = [event for block in blocks for event in block]
    idle = max(EVENTS_PER_ITEM * size - len(told), round(LEAST_CHATTER * size), 1)
    fillers = [chatter(random) for _ in range(idle)]
    flag([event for event in told if not event.reward], fillers, random)
    return assemble(
        questions,
        fillers,
        stories=stories,
        random=named_random(*labels.values(), "stream"),
        labels=labels,
        prompt=SPATIAL,
        passage_size=PASSAGE_SIZE,
    )


def _quota(left: dict[str, int], kind: str, steps: int) -> dict[str, int]:
    """Share out a world's questions among the slices it serves, first those that few kinds serve."""
    serves = {name: count for name, count in left.items() if name in SERVES[kind] and count}
    total = min(max(1, round(steps / TOLD_PER_ITEM)), sum(serves.values()))
    weights = {name: count / KINDS_SERVING[name] for name, count in serves.items()}
    whole = sum(weights.values())
    counts = shares(total, {name: weight / whole for name, weight in weights.items()})
    if counts.get("habit"):
        counts["habit"] = HABITS_PER_ROUTE  # a habit takes many events: it had better pay
    return {name: min(count, left[name]) for name, count in counts.items()}


def _blocks(questions: list[Question]) -> list[Any]:
    return [block for question in questions for block in question.blocks]
