"""What a cell's dataset can tell that its records do not hold."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from memeval.results import StoredCell
from memeval.scoring.intervals import Key

Retell = Callable[[Key, Sequence[str]], str]
"""Tells a question's prompt from the notes that were read, in the order in which they stood."""


@dataclass(frozen=True, slots=True)
class Source:
    """The texts of gold events, by session and id, and prompts told again from their parts.

    `retell` is None where the cell's prompts had another form than the dataset's have today.
    """

    events: Mapping[Key, str]
    retell: Retell | None = None


Reopen = Callable[[StoredCell], Source]
"""Opens a cell's dataset again; whatever it raises says why that cannot be done."""
