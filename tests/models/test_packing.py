"""Texts laid side by side read as if each stood alone."""

from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tiny_models import PACKABLE, UNPACKABLE, random_model

from memeval.models.local.packing import Pack, Piece, are_close, is_exact, split

TOKENS = list(range(10, 90))  # longer than the sliding windows of the tiny models


def alone(model: Any, tokens: list[int]) -> torch.Tensor:
    """Return the logits of a text that is read by itself, without a cache."""
    logits: torch.Tensor = model(input_ids=torch.tensor([tokens]), use_cache=False).logits[0]
    return logits


@pytest.mark.parametrize("architecture", PACKABLE)
@torch.inference_mode()
def test_packed_texts_have_the_logits_they_have_alone(architecture: str) -> None:
    """A prefix, two texts behind it, and the continuation of one: each equals the plain model."""
    model = random_model(architecture)
    pack = Pack(model)
    prefix = pack.new_segment()
    one, two = pack.new_segment([prefix]), pack.new_segment([prefix])
    pack.feed([Piece(prefix, TOKENS[:40], 0)])
    other = [*TOKENS[:40], *TOKENS[60:30:-1]]
    logits = pack.feed([Piece(one, other[40:], 40, 30), Piece(two, TOKENS[40:70], 40, 30)])
    torch.testing.assert_close(logits[:30], alone(model, other)[40:], rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(logits[30:], alone(model, TOKENS)[40:70], rtol=1e-4, atol=1e-4)
    logits = pack.feed([Piece(two, TOKENS[70:], 70, 10)])
    torch.testing.assert_close(logits, alone(model, TOKENS)[70:], rtol=1e-4, atol=1e-4)


@torch.inference_mode()
def test_what_comes_after_a_mark_leaves_no_trace() -> None:
    """Going back to a mark restores the logits to the bit."""
    model = random_model("llama")
    pack = Pack(model)
    prefix = pack.new_segment()
    pack.feed([Piece(prefix, TOKENS[:40], 0)])
    mark = pack.mark()
    seen = []
    for _ in range(2):
        row = pack.new_segment([prefix])
        seen.append(pack.feed([Piece(row, TOKENS[40:60], 40, 20)]))
        pack.back_to(mark)
        assert len(pack) == 40
    assert torch.equal(*seen)


@pytest.mark.parametrize("architecture", PACKABLE)
def test_packing_is_recognised(architecture: str) -> None:
    """Rotary and learned positions can be packed."""
    assert is_exact(random_model(architecture))


@pytest.mark.parametrize("architecture", UNPACKABLE)
def test_models_that_do_not_pack_are_recognised(architecture: str) -> None:
    """ALiBi counts from the order of keys, a recurrent model has one state."""
    assert not is_exact(random_model(architecture))


@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=6),
    st.integers(1, 7),
)
def test_splitting_keeps_every_token_and_every_wanted_logit(
    shapes: list[tuple[int, int]], room: int
) -> None:
    """The runs hold the pieces in order, none longer than allowed, each kept position once."""
    pieces = [
        Piece(i, tuple(range(100 * i, 100 * i + length)), 5 * i, min(keep, length))
        for i, (length, keep) in enumerate(shapes)
    ]
    runs = list(split(pieces, room))
    assert all(sum(len(part.tokens) for _, part in run) <= room for run in runs)
    for number, piece in enumerate(pieces):
        parts = [part for run in runs for n, part in run if n == number]
        assert tuple(t for part in parts for t in part.tokens) == piece.tokens
        ends = [(p.start + len(p.tokens) - p.keep, p.start + len(p.tokens)) for p in parts]
        kept = [place for first, end in ends for place in range(first, end)]
        last = piece.start + len(piece.tokens)
        assert kept == list(range(last - piece.keep, last))


@pytest.mark.parametrize("architecture", [*PACKABLE, *UNPACKABLE])
def test_half_precision_is_told_as_float32_is(architecture: str) -> None:
    """What can be packed in float32 can be in bfloat16, and nothing else."""
    model = random_model(architecture)
    try:
        assert is_exact(model.to(torch.bfloat16)) == (architecture in PACKABLE)
    finally:
        model.to(torch.float32)


def test_one_token_that_rounding_excites_does_not_decide() -> None:
    """In half precision the token in the middle is asked, in float32 every one."""
    expected = torch.ones(5, 3)
    found = expected.clone()
    found[4, 2] = 3.0
    assert are_close(found.bfloat16(), expected.bfloat16(), tokens=0)
    assert not are_close(found, expected, tokens=0)
    found[1:4, 0] = 3.0
    assert not are_close(found.bfloat16(), expected.bfloat16(), tokens=0)
