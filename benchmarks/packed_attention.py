"""Times one layer's attention in a packed chunk, by the kernels that torch has for it."""

import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention

from memeval.models.local.attention import attend

PREFIX, ROW = 512, 64  # tokens that all rows see, and those of a row
QUERIES = {"cpu": 512, "cuda": 2048}
ROUNDS = 10


def packed_mask(queries: int, *, prefix: int = PREFIX, row: int = ROW) -> Tensor:
    """Return who sees whom, `(queries, prefix + queries) bool`: the prefix, and one's own row."""
    place = torch.arange(queries)
    own = (place[:, None] // row == place // row) & (place[:, None] >= place)
    return torch.cat([torch.ones(queries, prefix, dtype=torch.bool), own], dim=1)


def kernels(config: Any, device: str) -> list[tuple[str, str, str, str]]:
    """Return a row for each kernel: milliseconds, and the largest difference from the formula."""
    kind, rows = ("cpu" if device == "cpu" else "cuda"), []
    for dtype in (torch.float32, torch.bfloat16):
        given = inputs(config, device, dtype, QUERIES[kind])
        expected = formula(*given)
        for name, kernel in contestants(kind, given).items():
            told = str(dtype).removeprefix("torch.")
            try:
                run = kernel()
                apart = float((run().float() - expected).abs().max())
            except Exception as error:  # a kernel may be missing in any way
                rows.append((name, told, "-", type(error).__name__))
            else:
                rows.append((name, told, f"{milliseconds(run, kind):.2f}", f"{apart:.0e}"))
    return rows


def inputs(
    config: Any, device: str, dtype: torch.dtype, queries: int
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return queries, keys and values of a model, `(1, heads, tokens, dim)`, and a mask."""
    heads, key_heads = config.num_attention_heads, config.num_key_value_heads
    dim = getattr(config, "head_dim", None) or config.hidden_size // heads
    made = torch.Generator().manual_seed(0)
    query, key, value = (
        torch.randn(1, count, tokens, dim, generator=made).to(device, dtype)
        for count, tokens in (
            (heads, queries),
            (key_heads, PREFIX + queries),
            (key_heads, PREFIX + queries),
        )
    )
    return query, key, value, packed_mask(queries).to(device)


def formula(query: Tensor, key: Tensor, value: Tensor, mask: Tensor) -> Tensor:
    """Return softmax(q k' + mask) v in float32, as it is written down."""
    groups = query.shape[1] // key.shape[1]
    keys, values = (part.float().repeat_interleave(groups, 1) for part in (key, value))
    scores = query.float() @ keys.transpose(2, 3) * query.shape[-1] ** -0.5
    return scores.masked_fill(~mask, -torch.inf).softmax(-1) @ values


def contestants(
    kind: str, given: tuple[Tensor, Tensor, Tensor, Tensor]
) -> dict[str, Callable[[], Callable[[], Tensor]]]:
    """Return what makes each kernel ready; what is made then is what a layer costs."""
    query, key, value, mask = given
    groups = query.shape[1] // key.shape[1]

    def whole() -> Callable[[], Tensor]:
        def run() -> Tensor:
            keys, values = (part.repeat_interleave(groups, 1) for part in (key, value))
            return scaled_dot_product_attention(query, keys, values, attn_mask=mask)

        return run

    def blocks() -> Callable[[], Tensor]:
        module, seen = (
            SimpleNamespace(num_key_value_groups=groups, is_causal=True),
            mask[None, None],
        )
        return lambda: attend(module, query, key, value, seen)[0].transpose(1, 2)

    found = {"torch, one mask": whole, "flex": lambda: flex(query, key, value, mask)}
    return {"memeval, by blocks": blocks, **found} if kind == "cpu" else found


def flex(query: Tensor, key: Tensor, value: Tensor, mask: Tensor) -> Callable[[], Tensor]:
    """Compile torch's flexible attention for a mask, of which empty blocks are passed over."""
    from torch.nn.attention.flex_attention import create_block_mask, flex_attention

    blocks = create_block_mask(
        lambda _b, _h, asks, told: mask[asks, told], None, None, *mask.shape, device=query.device
    )
    compiled = torch.compile(flex_attention)
    return lambda: compiled(query, key, value, block_mask=blocks, enable_gqa=True)


def milliseconds(run: Callable[[], Tensor], kind: str) -> float:
    """Return what a call takes at best."""
    found = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        run()
        if kind == "cuda":
            torch.cuda.synchronize()
        found.append(1000 * (time.perf_counter() - began))
    return min(found)
