"""A suite of its own: what colour things are, in two sessions.

A sample: "The lamp is red." is followed by "What colour is the lamp?", answered "red".
"""

from memeval import Event, InMemory, Item, Query, Session

ROOMS = {"kitchen": {"lamp": "red", "door": "blue"}, "cellar": {"lamp": "green", "box": "grey"}}


def session(room, things):
    events = tuple(Event(f"e{i}", f"The {t} is {c}.", i) for i, (t, c) in enumerate(things.items()))
    items = tuple(
        Item(Query(f"q{i}", f"What colour is the {t}?", 9), (c,), (f"e{i}",), (f"e{i}",), "colour")
        for i, (t, c) in enumerate(things.items())
    )
    return Session(room, events, items)


class Colours:
    prompt = None
    primary = "first_letter"

    def dataset(self, *, size=None, seed=None, path=None, **options):
        sessions = [session(room, things) for room, things in ROOMS.items()]
        names = ("first_letter", *options.get("scorers", ()))
        return InMemory("colours", sessions, scorers=names, primary=self.primary)
