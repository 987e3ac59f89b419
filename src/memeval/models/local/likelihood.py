"""How likely every token of many texts is, what texts begin with alike being read once."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import torch
from torch import Tensor

from memeval.models.local.head import Head, LogLikelihood
from memeval.models.local.packing import Piece
from memeval.models.local.passes import Passes
from memeval.models.local.rows import Tokens
from memeval.models.local.tree import Node, batches, tree_of

CHUNKS = 4  # that a tree may fill: the more, the less is read twice, and the larger are the masks


class Scorer:
    """Reads texts side by side, as branches of one tree."""

    def __init__(self, model: Any, head: Head | None = None) -> None:
        self._passes = Passes(model)
        self._head = head

    @torch.inference_mode()
    def log_p(self, texts: Sequence[Tokens], *, given: int) -> list[Tensor]:
        """Return log p in nats of every token of each text but the first ones, `(tokens,)`.

        All texts begin with the same `given` tokens, at least one.
        """
        order = sorted(range(len(texts)), key=texts.__getitem__)
        found = [torch.empty(0)] * len(texts)
        ranked = [texts[i] for i in order]
        for batch in batches(ranked, CHUNKS * self._passes.chunk_tokens):
            scores = self._read(tree_of([ranked[i] for i in batch]), given)
            for i, score in zip(batch, scores, strict=True):
                found[order[i]] = score[given:]
        return found

    def _read(self, nodes: Sequence[Node], given: int) -> list[Tensor]:
        """Return the log p of all tokens of each text of a tree; those given have any."""
        pack = self._passes.pack
        pack.back_to(pack.beginning)
        firsts = [0, *accumulate(len(node.tokens) for node in nodes)]
        sees: list[list[int]] = []
        pieces: list[Piece] = []
        numbers: list[list[int]] = []  # of the tokens that may follow each place that is kept
        for node, first in zip(nodes, firsts, strict=False):
            above = [] if node.parent is None else sees[node.parent]
            sees.append([*above, pack.new_segment(above)])
            asked = [[first + i] for i in range(1, len(node.tokens))]
            if node.children:
                asked.append([firsts[child] for child in node.children])
            read = node.tokens[: len(asked)]  # nothing follows the last token of a leaf
            passed = max(0, given - 1 - node.depth)
            pieces.append(Piece(sees[-1][-1], read, node.depth, keep=len(asked[passed:])))
            numbers += asked[passed:]
        tokens = [token for node in nodes for token in node.tokens]
        following = [[tokens[number] for number in some] for some in numbers]
        reduce = LogLikelihood(following, self._head)
        read_, _ = self._passes.read(pieces, reduce, states=self._head is not None)
        whole = torch.zeros(len(tokens))
        whole[[number for some in numbers for number in some]] = torch.cat([torch.empty(0), *read_])
        return _by_text(nodes, torch.split(whole, [len(node.tokens) for node in nodes]))


def _by_text(nodes: Sequence[Node], parts: Sequence[Tensor]) -> list[Tensor]:
    """Put together what belongs to each text, in the order of the texts."""
    paths: list[list[Tensor]] = []
    found: dict[int, Tensor] = {}
    for node, part in zip(nodes, parts, strict=True):
        paths.append([*([] if node.parent is None else paths[node.parent]), part])
        found |= {text: torch.cat(paths[-1]) for text in node.texts}
    return [found[text] for text in range(len(found))]
