"""Compares ways of saying a route, by the number of its steps: which can the model say at all?

    python benchmarks/route_telling.py [--size 200] [--seed 7 --seed 11] [--threads 2]

The notes are the gold events in order, as the oracle gives them. Every way of saying it has worked
examples of its own; the rest of the prompt is the suite's.
"""

import argparse
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch

from memeval import load_model
from memeval.cli import render
from memeval.config import ReaderOptions
from memeval.reader import Reader
from memeval.scoring.answers import exact_match
from memeval.suites.own import generate
from memeval.suites.own.spatial.solver import ROUTE, Map, read_stream
from memeval.types import Example, Item, PromptFormat, Query, Recall, Session, Trace

Course = Sequence[tuple[str, str]]
"""Move and place, step by step."""

WAYS: dict[str, Callable[[Course], str]] = {
    "moves": lambda course: ", ".join(move for move, _ in course),
    "places": lambda course: ", ".join(place for _, place in course),
    "numbered": lambda course: " ".join(f"{i}. {move}" for i, (move, _) in enumerate(course, 1)),
    "moves to places": lambda course: ", ".join(f"{move} to {place}" for move, place in course),
    "then": lambda course: ", then ".join(move for move, _ in course),
}


@dataclass(frozen=True, slots=True)
class Route:
    """A question for a route: its notes, and every accepted course."""

    question: str
    notes: tuple[str, ...]
    courses: tuple[Course, ...]


def main() -> None:
    """Print exact match of each way of saying it, by the number of steps."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=200)
    parser.add_argument("--seed", type=int, action="append")
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    model: Any = load_model("smollm2", threads=chosen.threads)
    sessions = [generate("spatial", size=chosen.size, seed=s) for s in chosen.seed or (7, 11, 13)]
    routes = [route for session in sessions for route in routes_of(session)]
    lengths = sorted({len(route.courses[0]) for route in routes})
    rows = []
    for name, say in WAYS.items():
        by_length = scores(model, routes, retold(sessions[0].prompt, say), say)
        means = [f"{sum(by_length[n]) / len(by_length[n]):.2f}" for n in lengths]
        whole = [score for scored in by_length.values() for score in scored]
        rows.append((name, *means, f"{sum(whole) / len(whole):.2f}"))
    counts = [sum(len(route.courses[0]) == n for route in routes) for n in lengths]
    rows.append(("routes", *map(str, counts), str(len(routes))))
    render.table("exact match by steps", ("told as", *map(str, lengths), "all"), rows)


def routes_of(session: Session) -> list[Route]:
    """Return the routes that a session asks for."""
    by_id = {event.id: event.text for event in session.events}
    drawn = read_stream(session.events)
    return [
        Route(
            item.query.text,
            tuple(by_id[id_] for id_ in item.gold_events),
            tuple(course_of(drawn, item, answer) for answer in item.answers),
        )
        for item in session.items
        if item.slice == "route"
    ]


def course_of(drawn: Map, item: Item, answer: str) -> Course:
    """Follow an accepted answer through the map."""
    match = ROUTE.match(item.query.text)
    assert match, item.query.text
    places = [match["here"]]
    moves = answer.split(", ")
    for move in moves:
        places.append(drawn.moves[places[-1]][move])
    return list(zip(moves, places[1:], strict=True))


def retold(prompt: PromptFormat | None, say: Callable[[Course], str]) -> PromptFormat:
    """Return the prompt with the routes of its examples said in another way."""
    assert prompt is not None
    return replace(prompt, examples=tuple(_retold(example, say) for example in prompt.examples))


def _retold(example: Example, say: Callable[[Course], str]) -> Example:
    match = ROUTE.match(example.question)
    if not match:
        return example
    told = [f"{note} " for note in example.notes]
    steps = example.answer.split(", ")
    ends = [note.removesuffix(". ").split(" to ")[-1].split(" reached ")[-1] for note in told]
    return replace(example, answer=say(list(zip(steps, ends, strict=True))))


def scores(
    model: Any, routes: Sequence[Route], prompt: PromptFormat, say: Callable[[Course], str]
) -> dict[int, list[bool]]:
    """Return whether each route was said right, by its number of steps."""
    options = ReaderOptions(kind="text", traces=None, budget_tokens=None, order="best_first")
    reader = Reader(model, prompt, options)
    queries = [Query(str(i), route.question, 0) for i, route in enumerate(routes)]
    recalls = [Recall(tuple(Trace(note, 1.0, ()) for note in route.notes)) for route in routes]
    read = reader.cut(queries, recalls)
    found: dict[int, list[bool]] = defaultdict(list)
    for route, answer in zip(routes, reader.read(queries, read), strict=True):
        accepted = [say(course) for course in route.courses]
        found[len(route.courses[0])].append(exact_match(answer.text, accepted))
    return found


if __name__ == "__main__":
    main()
