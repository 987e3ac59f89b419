"""Texts as a tree of tokens: what several of them begin with stands in it once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from memeval.models.local.rows import Tokens, common_length


@dataclass(slots=True)
class Node:
    """Tokens that the same texts go on with, from a depth on, behind those of a parent."""

    tokens: Tokens
    depth: int
    parent: int | None
    children: list[int] = field(default_factory=list)
    texts: list[int] = field(default_factory=list)
    """Which texts end here."""


def tree_of(texts: Sequence[Tokens]) -> list[Node]:
    """Return the nodes of sorted texts that begin with the same token, every parent first."""
    nodes: list[Node] = []
    left: list[tuple[int, int, int, int | None]] = [(0, len(texts), 0, None)]
    while left:
        low, high, depth, parent = left.pop()
        common = common_length(texts[low], texts[high - 1])  # what the extremes share, all share
        node = Node(texts[low][depth:common], depth, parent)
        number = len(nodes)
        nodes.append(node)
        if parent is not None:
            nodes[parent].children.append(number)
        while low < high and len(texts[low]) == common:
            node.texts.append(low)
            low += 1
        next_ = [text[common] for text in texts[low:high]]
        starts = [low + i for i in range(len(next_)) if i == 0 or next_[i] != next_[i - 1]]
        left += [(*pair, common, number) for pair in reversed(list(pairwise([*starts, high])))]
    return nodes


def batches(texts: Sequence[Tokens], most: int) -> Iterator[range]:
    """Yield which sorted texts are read together, so that a tree has at most so many tokens.

    A text that is longer stands alone.
    """
    start = total = 0
    for i, text in enumerate(texts):
        added = len(text) - (common_length(texts[i - 1], text) if i > start else 0)
        if i > start and total + added > most:
            yield range(start, i)
            start, total, added = i, 0, len(text)
        total += added
    if texts:
        yield range(start, len(texts))
