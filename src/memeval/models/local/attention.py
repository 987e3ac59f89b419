"""Attention for packed texts on a CPU: a block of queries reads only the keys that it sees.

Rows lie in the sequence one after another, so neighbouring queries see the shared prefix and their
own rows; the rest of the keys would be multiplied only to be masked. Query heads that share a key
head are laid along the queries instead of copying the keys for each (grouped-query attention:
Ainslie et al. 2023, arXiv:2305.13245).
"""

from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention
from torch.utils.weak import WeakIdKeyDictionary
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import sdpa_mask

NAME = "memeval_blocks"
BLOCK = 128  # queries; fewer make the products too small, more see keys of too many rows
WORTH_PICKING = 0.9  # of the keys: where more are seen, picking costs more than it saves


class Block(NamedTuple):
    """Neighbouring queries, the keys that any of them sees (None: all), and who sees whom."""

    start: int
    end: int
    keys: Tensor | None  # (seen,) int64
    mask: Tensor  # (1, 1, groups * queries, seen), 0 or -inf


def use_blocks(model: Any) -> None:
    """Let a model that runs on a CPU through torch's attention read packed texts by blocks."""
    if model.device.type == "cpu" and model.config._attn_implementation == "sdpa":
        model.set_attn_implementation(NAME)


def attend(
    module: Any,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    *,
    scaling: float | None = None,
    **others: Any,
) -> tuple[Tensor, None]:
    """Return softmax(q k' + mask) v, `(1, queries, heads, dim)`, as transformers wants it.

    `query` is `(1, heads, queries, dim)`, `key` and `value` are `(1, key_heads, keys, dim)`, the
    mask is `(1, 1, queries, keys)`, bool. Batches and passes without a mask are left to
    transformers.
    """
    if attention_mask is None or attention_mask.dtype != torch.bool or len(attention_mask) > 1:
        given = (module, query, key, value, attention_mask)
        out: Tensor = sdpa_attention_forward(*given, scaling=scaling, **others)[0]
        return out, None
    _, heads, length, dim = query.shape
    key_heads = key.shape[1]
    groups = heads // key_heads
    grouped = query.view(1, key_heads, groups, length, dim)
    read = []
    for start, end, keys, mask in _blocks(attention_mask, groups, query.dtype):
        rows = grouped[:, :, :, start:end].reshape(1, key_heads, -1, dim)
        seen = (key, value) if keys is None else (key[:, :, keys], value[:, :, keys])
        part = scaled_dot_product_attention(rows, *seen, attn_mask=mask, scale=scaling)
        read.append(part.view(1, key_heads, groups, end - start, -1))
    joined = torch.cat(read, dim=3).reshape(1, heads, length, -1)
    return joined.transpose(1, 2).contiguous(), None


_known: WeakIdKeyDictionary = WeakIdKeyDictionary()  # all layers of a pass share their masks


def _blocks(mask: Tensor, groups: int, dtype: torch.dtype) -> list[Block]:
    """Cut a mask into blocks of queries; once a mask, whatever the number of layers."""
    if mask in _known:
        return _known[mask]  # type: ignore[no-any-return]
    whole = mask[0, 0]
    blocks = []
    for start in range(0, len(whole), BLOCK):
        sees = whole[start : start + BLOCK]
        keys: Tensor | None = sees.any(0).nonzero()[:, 0]
        if keys is not None and len(keys) <= WORTH_PICKING * whole.shape[1]:
            sees = sees[:, keys]
        else:
            keys = None
        added = torch.zeros(sees.shape, dtype=dtype).masked_fill_(~sees, float("-inf"))
        blocks.append(Block(start, start + len(sees), keys, added.repeat(groups, 1)[None, None]))
    _known[mask] = blocks
    return blocks


AttentionInterface.register(NAME, attend)
AttentionMaskInterface.register(NAME, sdpa_mask)
