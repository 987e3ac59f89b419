"""Prompts at a length that a page bears: what a cell's prompts share apart from what differs."""

from collections.abc import Sequence
from dataclasses import dataclass
from os.path import commonprefix

from memeval.reporting.answered import Answer
from memeval.reporting.source import Retell
from memeval.results import StoredCell
from memeval.scoring.intervals import Key

MOST_SHARED = 4000
MOST_OWN = 1600
"""Characters that are shown of what prompts share, and of what is one question's own."""


@dataclass(frozen=True, slots=True)
class Told:
    """A prompt in two parts, each cut in its middle; `again` where it was told from its parts."""

    shared: str
    own: str
    again: bool


def told(
    cell: StoredCell, answers: Sequence[tuple[Key, Answer]], retell: Retell | None
) -> list[Told | None]:
    """Return the prompts of a cell's answers, those that the records do not hold told again."""
    texts = [whole(cell, key, answer, retell) for key, answer in answers]
    shared = _shared([text for text in texts if text])
    return [
        Told(
            cut(shared, MOST_SHARED),
            cut(text[len(shared) :], MOST_OWN),
            again=answer.prompt is None,
        )
        if text
        else None
        for (_, answer), text in zip(answers, texts, strict=True)
    ]


def whole(cell: StoredCell, key: Key, answer: Answer, retell: Retell | None) -> str | None:
    """Return the prompt of an answer as recorded, or else told again, if that can be done."""
    return answer.prompt or _again(cell, key, answer, retell)


def _again(cell: StoredCell, key: Key, answer: Answer, retell: Retell | None) -> str | None:
    """Return a prompt told from its parts, if all of them are known and no template wrote it."""
    reader = cell.meta["config"].get("reader") or {}
    if retell is None or answer.notes is None or reader.get("style") != "completion":
        return None
    is_first = reader.get("order") == "best_first"
    return retell(key, answer.notes if is_first else answer.notes[::-1])


def _shared(texts: Sequence[str]) -> str:
    """Return the lines that all texts begin with; one alone shares nothing."""
    beginning = commonprefix(texts) if len(texts) > 1 else ""  # noqa: RUF071 - no paths
    return beginning[: beginning.rfind("\n") + 1]


def cut(text: str, most: int) -> str:
    """Return beginning and end of a text that is too long, and between them how much is missing."""
    if len(text) <= most:
        return text
    half = most // 2
    return f"{text[:half]}\n[... {len(text) - 2 * half:,} characters ...]\n{text[-half:]}"
