"""Attention by blocks of queries is attention."""

from types import SimpleNamespace
from typing import Any

import pytest
import torch
from test_packing import TOKENS, alone
from tiny_models import PACKABLE, random_model

from memeval.models.local import attention
from memeval.models.local.attention import attend, use_blocks
from memeval.models.local.packing import Pack, Piece


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks so short that a pack has several."""
    monkeypatch.setattr(attention, "BLOCK", 7)


@pytest.fixture(params=PACKABLE)
def model(request: pytest.FixtureRequest) -> Any:
    """A model that reads by blocks, and as before when the test is over."""
    model = random_model(request.param)
    before = model.config._attn_implementation
    use_blocks(model)
    yield model
    model.set_attn_implementation(before)


@pytest.mark.usefixtures("small_blocks")
@torch.inference_mode()
def test_rows_read_by_blocks_have_the_logits_they_have_alone(model: Any) -> None:
    """Blocks that see some keys, and blocks that see all, in one pack."""
    pack = Pack(model)
    prefix = pack.new_segment()
    rows = [pack.new_segment([prefix]) for _ in range(4)]
    pack.feed([Piece(prefix, TOKENS[:20], 0)])
    logits = pack.feed([Piece(row, TOKENS[20 + i :], 20, 5) for i, row in enumerate(rows)])
    expected = [alone(model, [*TOKENS[:20], *TOKENS[20 + i :]])[-5:] for i in range(len(rows))]
    assert model.config._attn_implementation == attention.NAME
    torch.testing.assert_close(logits, torch.cat(expected), rtol=1e-4, atol=1e-4)


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize(("heads", "key_heads"), [(4, 4), (6, 2), (3, 1)])
@pytest.mark.parametrize("share", [0.05, 0.5, 1.0])
def test_attention_by_blocks_equals_the_formula(heads: int, key_heads: int, share: float) -> None:
    """Softmax(q k' + mask) v, computed in the open; every query sees at least one key."""
    torch.manual_seed(0)
    queries, keys, dim = 20, 33, 8
    query = torch.randn(1, heads, queries, dim)
    key, value = torch.randn(1, key_heads, keys, dim), torch.randn(1, key_heads, keys, dim)
    mask = torch.rand(1, 1, queries, keys) < share
    mask[..., torch.arange(queries), torch.arange(queries)] = True
    groups = heads // key_heads
    scores = query @ key.repeat_interleave(groups, 1).transpose(2, 3) * 0.3
    weights = scores.masked_fill(~mask, float("-inf")).softmax(-1)
    expected = (weights @ value.repeat_interleave(groups, 1)).transpose(1, 2)
    module = SimpleNamespace(num_key_value_groups=groups, is_causal=True)
    found, _ = attend(module, query, key, value, mask, scaling=0.3)
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-5)
