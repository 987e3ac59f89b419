"""A small stream that contracts are tested on: what happened to whom, told by two people."""

from memeval.types import Event, Item, Query, Session

SENTENCES = (
    ("Ada", "Mira sold her violin to a man from Porto."),
    ("Ben", "It rained all afternoon, so nobody came."),
    ("Ada", "The bakery moved to Canal Street in March."),
    ("Ben", "Mira's brother is called Tomas."),
    ("", "Tomas works at the bakery."),
    ("", "The red gate is north of the old well."),
    ("", "From the well a path leads east to the mill."),
    ("Ada", "I lost my keys near the mill again."),
    ("Ben", "The man from Porto returned the violin."),
    ("", "Ein Brief aus Köln kam an: „Grüße“, sonst nichts 🙂."),
    ("", "雨が降っていた。"),
    ("Ada", "Tomas moved to Porto in June."),
)
QUESTIONS = (
    ("Who bought Mira's violin?", "a man from Porto", (0,)),
    ("Where is the bakery?", "Canal Street", (2,)),
    ("Where does Mira's brother work?", "at the bakery", (3, 4)),
    ("What is north of the old well?", "the red gate", (5,)),
    ("Where did Ada lose her keys?", "near the mill", (7,)),
    ("What is the name of the mayor?", "unknown", ()),
)


def events(start: int = 0) -> tuple[Event, ...]:
    """Return the stream, beginning at a time; ids tell streams of other times apart."""
    return tuple(
        Event(f"e{start + i}", text, start + i, reward=i == 2, pin=i == 5, speaker=who)
        for i, (who, text) in enumerate(SENTENCES)
    )


def session() -> Session:
    """Return the stream with its questions, asked at the end."""
    told = events()
    items = tuple(
        Item(
            Query(f"q{i}", question, len(told)),
            (answer,),
            tuple(told[place].id for place in gold),
            tuple(told[place].id for place in gold),
            "all",
        )
        for i, (question, answer, gold) in enumerate(QUESTIONS)
    )
    return Session("contract", told, items)
