"""How long an answer may be, so that the dataset's golds can be given."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from memeval.models import TextModel, Tokenizes
from memeval.types import ANSWER_TOKENS, PromptFormat, Session

MARGIN = 8
"""Tokens beyond the longest gold: a model may write it otherwise, and must come to its end."""
MOST_OF_WINDOW = 4
"""Answers have at most one part in so many of the window."""


def with_room_for_golds(
    prompt: PromptFormat, sessions: Sequence[Session], model: TextModel
) -> PromptFormat:
    """Return a prompt whose answers may be as long as the longest gold needs.

    A number that the dataset chose stays, and so does any for a model that tells no tokens.
    """
    if prompt.max_new_tokens != ANSWER_TOKENS or not isinstance(model, Tokenizes):
        return prompt
    needed = MARGIN + max((max(sizes) for _, sizes in _sizes(sessions, model)), default=0)
    if model.window is not None:
        needed = min(needed, model.window // MOST_OF_WINDOW)
    return replace(prompt, max_new_tokens=max(ANSWER_TOKENS, needed))


def out_of_reach(prompt: PromptFormat, sessions: Sequence[Session], model: TextModel) -> list[str]:
    """Return the ids of the items none of whose golds fits the tokens that an answer may have.

    A word is at least a token: of a model that tells no tokens, words are counted.
    """
    return [id_ for id_, sizes in _sizes(sessions, model) if min(sizes) > prompt.max_new_tokens]


def _sizes(sessions: Sequence[Session], model: TextModel) -> Iterator[tuple[str, list[int]]]:
    """Yield every item that is to be answered in words, and how long its golds are."""
    for session in sessions:
        items = [item for item in session.items if item.answers and not item.navigation]
        told = [f" {answer}" for item in items for answer in item.answers]
        sizes = iter(_lengths(told, model))
        for item in items:
            yield item.query.id, [next(sizes) for _ in item.answers]


def _lengths(texts: Sequence[str], model: TextModel) -> list[int]:
    if isinstance(model, Tokenizes):
        return [len(tokens) for tokens in model.tokenize(texts)]
    return [len(text.split()) for text in texts]
