"""How likely the tokens of many texts are, whichever way it is worked out."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from tiny_models import PACKABLE, random_model

from memeval.models.local import head as heads
from memeval.models.local.engine import Engine
from memeval.models.local.head import Head, LogLikelihood
from memeval.models.local.likelihood import Scorer
from memeval.models.local.rows import Tokens

GIVEN = (3, 7)
TEXTS: list[Tokens] = [
    (*GIVEN, *text)
    for text in (
        (10, 11, 12, 13),
        (10, 11, 20, 21, 22),  # parts from the first one
        (10, 11),  # ends where both go on
        (10, 11),  # a second time
        (30,),  # one token alone
        (),
        (*range(40, 60), 10, 11),
    )
]


@torch.inference_mode()
def alone(model: Any, text: Tokens) -> torch.Tensor:
    """Return log p of a text's own tokens, read by itself with all its logits."""
    log_p = model(torch.tensor([text])).logits[0].float().log_softmax(-1)
    return log_p[torch.arange(len(text) - 1), torch.tensor(text[1:])][len(GIVEN) - 1 :]


def assert_as_alone(model: Any, found: Sequence[torch.Tensor]) -> None:
    for text, log_p in zip(TEXTS, found, strict=True):
        torch.testing.assert_close(log_p, alone(model, text), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("architecture", PACKABLE)
@pytest.mark.parametrize("has_head", [True, False])
def test_texts_of_a_tree_are_as_likely_as_alone(architecture: str, *, has_head: bool) -> None:
    """Branching, ending within another, told twice, empty: each has what it has alone."""
    model = random_model(architecture)
    head = Head.of(model) if has_head else None
    assert (head is not None) == has_head
    assert_as_alone(model, Scorer(model, head).log_p(TEXTS, given=len(GIVEN)))


@pytest.mark.parametrize("chunk", [1, 3, 7])
def test_a_tree_may_be_cut_into_chunks_anywhere(chunk: int) -> None:
    """Texts longer than a chunk, and branches in another chunk than what they follow."""
    model = random_model("llama")
    scorer = Scorer(model, Head.of(model))
    scorer._passes.chunk_tokens = chunk
    assert_as_alone(model, scorer.log_p(TEXTS, given=len(GIVEN)))


def test_what_texts_begin_with_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two texts of ten tokens that share eight make a pass of ten tokens.

    8 shared, and 2 own tokens each, of which the last one is only asked for: 8 + 1 + 1.
    """
    scorer = Scorer(random_model("llama"))
    feed, read = scorer._passes.pack.feed, []
    monkeypatch.setattr(
        scorer._passes.pack,
        "feed",
        lambda pieces: read.extend(len(piece.tokens) for piece in pieces) or feed(pieces),
    )
    shared = tuple(range(8))
    scorer.log_p([(*shared, 20, 21), (*shared, 30, 31)], given=1)
    assert sum(read) == 8 + 1 + 1


@pytest.mark.parametrize("block", [1, 7, 1000])
def test_a_sum_by_blocks_is_the_whole_sum(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the block, whole or cut short; logits in hundreds overflow exp on their own."""
    monkeypatch.setitem(heads.BLOCK, "cpu", block)
    torch.manual_seed(0)
    states, weight, bias = torch.randn(5, 8), 100 * torch.randn(33, 8), torch.randn(33)
    places, tokens = torch.tensor([0, 0, 3, 4]), torch.tensor([1, 32, 5, 5])
    expected = (states @ weight.T + bias).double().log_softmax(1)[places, tokens].float()
    found = Head(weight, bias).log_p(states, places, tokens)
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-3)


def test_a_head_that_does_more_than_a_product_is_none() -> None:
    """A model that caps its logits is asked for them instead."""
    model = random_model("llama")
    forward = model.forward

    def capped(*args: Any, **kwargs: Any) -> Any:
        return SimpleNamespace(logits=torch.tanh(forward(*args, **kwargs).logits / 30) * 30)

    model.forward = capped
    try:
        assert Head.of(model) is None
    finally:
        del model.forward


def test_options_are_as_likely_with_a_head_as_without() -> None:
    """Choosing takes the same road."""
    model = random_model("llama")
    asked = ((5, 6), [(8, 9), (8, 10)], [[(1, 2), (1, 3, 4)], [(1, 2)]])
    with_head = Engine(model, head=Head.of(model)).log_likelihoods(*asked)
    without = Engine(model).log_likelihoods(*asked)
    for one, other in zip(with_head, without, strict=True):
        for found, expected in zip(one.log_p, other.log_p, strict=True):
            torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-4)


def test_places_that_nothing_follows_are_passed_by() -> None:
    """A chunk may keep nothing, or places without a target; the next goes on where it ended."""
    logits = torch.log(torch.tensor([[0.5, 0.5], [0.9, 0.1], [0.25, 0.75]]))
    reduce = LogLikelihood([[], [0, 1], [1]], None)
    assert len(reduce(logits[:1])) == 0
    torch.testing.assert_close(reduce(logits[1:]).exp(), torch.tensor([0.9, 0.1, 0.75]))
