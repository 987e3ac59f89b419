"""A long message in the parts that are remembered each on its own."""

import re
from collections.abc import Iterator

WORDS = 60
"""In a passage; a reader's budget holds a few of them, and an encoder reads one whole."""
SLACK = 1.5  # times that is not worth a cut
_END = re.compile(r"\n+|(?<=[.!?…])\s+|(?<=[。！？])")  # noqa: RUF001 - the full stops of other scripts


def passages(text: str) -> list[str]:
    """Return a text as passages of whole sentences or lines; one of usual length is one passage.

    A sentence that is longer than a passage is cut between words.
    """
    if len(text.split()) <= SLACK * WORDS:
        return [text]
    found: list[list[str]] = [[]]
    length = 0
    for part in _parts(text):
        words = len(part.split())
        if length and length + words > WORDS:
            found.append([])
            length = 0
        found[-1].append(part)
        length += words
    return [" ".join(parts) for parts in found]


def _parts(text: str) -> Iterator[str]:
    for sentence in filter(str.strip, _END.split(text)):
        words = sentence.split()
        if len(words) <= SLACK * WORDS:
            yield sentence
        else:
            yield from (" ".join(words[i : i + WORDS]) for i in range(0, len(words), WORDS))
