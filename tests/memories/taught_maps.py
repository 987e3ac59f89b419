"""Maps for tests: taught from a few sentences, and what they answer."""

import re

from memeval.memories.loading import load_memory
from memeval.memories.smpd import Smpd
from memeval.types import Event, Query

ANSWER = re.compile(r"(?:Answer|Respuesta): (.*)$")


def taught(*texts: str, **params: object) -> Smpd:
    made = load_memory("smpd", **params)
    assert isinstance(made, Smpd)
    made.observe([Event(f"e{i}", text, i) for i, text in enumerate(texts)])
    made.replay()
    return made


def asking(question: str) -> Query:
    return Query("q", question, 10_000)


def answer(memory: Smpd, question: str) -> str:
    """Return what the best note rehearses as the answer, or all of it; nothing of none."""
    [recall] = memory.recall([asking(question)])
    if not recall.traces:
        return ""
    found = ANSWER.search(recall.traces[0].text)
    return found[1] if found else recall.traces[0].text


def layout(memory: Smpd, *names: str) -> dict[str, tuple[float, float]]:
    """Return where places lie, seen from the first."""
    graph = memory._graph
    places = [graph.named[name.casefold()] for name in names]
    x, y = graph.geometry.at[places[0]]
    at = [graph.geometry.at[place] for place in places]
    return {name: (a - x, b - y) for name, (a, b) in zip(names, at, strict=True)}
