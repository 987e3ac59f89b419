"""What stands behind single answers: their gold events as told, the notes, and the prompt."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from memeval.reporting import prompts
from memeval.reporting.answered import Answer, read
from memeval.reporting.items import MOST_NOTES
from memeval.reporting.pairs import Place, dataset_of
from memeval.reporting.row import Row
from memeval.reporting.source import Reopen, opened

Event = tuple[str, str | None]
"""The id of an event and its text, where that is known."""


@dataclass(frozen=True, slots=True)
class Detail:
    """An answer with its notes, its whole prompt if known, and why gold events have no texts."""

    answer: Answer
    gold: tuple[Event, ...]
    prompt: str | None
    missing: str


def details(row: Row, places: Iterable[Place], reopen: Reopen | None) -> dict[Place, Detail]:
    """Return what stands behind a row's answers to some questions.

    Only the data of these questions is opened again.
    """
    return dict(_details(row, set(places), reopen))


def _details(row: Row, places: set[Place], reopen: Reopen | None) -> Iterator[tuple[Place, Detail]]:
    for cell in row.cells:
        dataset = dataset_of(row, cell.meta)
        keys = {(place.session, place.query) for place in places if place[:4] == dataset}
        if not keys:
            continue
        source = opened(cell, reopen)
        for key, (question, answer) in read(cell, traces=MOST_NOTES, only=keys).items():
            events = tuple((id_, source.events.get((key[0], id_))) for id_ in question.gold_events)
            prompt = prompts.whole(cell, key, answer, source.retell)
            yield Place(*dataset, *key), Detail(answer, events, prompt, source.missing)
