"""Memory tokens: notes that are read once, kept as keys and values, and moved to where they stand.

A fragment is read after the suite's prefix and sees nothing else, so it does not depend on the
notes beside it. Rotary position embeddings make moving it exact: `k' = R(p' - p) k`, values are
left as they are (Su et al. 2021, arXiv:2104.09864).
"""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from memeval.models.local.packing import PROBE, Pack, Piece, are_close

PROBE_DISTANCE = 17

Key = tuple[tuple[int, ...], tuple[int, ...]]
"""The tokens of the prefix, the tokens of the note; a cache belongs to one model."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """Keys and values of one note, `(layers, heads, tokens, dim)`, read right after the prefix."""

    keys: Tensor
    values: Tensor

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self.keys.nbytes + self.values.nbytes


class FragmentCache:
    """Fragments by key, the least recently used dropped first once the bound is reached."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.nbytes = 0
        self.hits = self.misses = self.evictions = 0
        self._fragments: OrderedDict[Key, Fragment] = OrderedDict()

    def __len__(self) -> int:
        return len(self._fragments)

    def stats(self) -> dict[str, int]:
        """Count hits, misses and evictions so far, and what is held now."""
        return {
            "hits": self.hits,
            "misses": self.misses,
            "evictions": self.evictions,
            "items": len(self),
            "bytes": self.nbytes,
        }

    def get(self, key: Key) -> Fragment | None:
        """Return a fragment and mark it as used; None on a miss."""
        found = self._fragments.get(key)
        if found is None:
            self.misses += 1
            return None
        self.hits += 1
        self._fragments.move_to_end(key)
        return found

    def put(self, key: Key, fragment: Fragment) -> None:
        """Keep a fragment; one that is larger than the bound is not kept at all."""
        if key in self._fragments or fragment.nbytes > self.max_bytes:
            return
        self._fragments[key] = fragment
        self.nbytes += fragment.nbytes
        while self.nbytes > self.max_bytes:
            _, dropped = self._fragments.popitem(last=False)
            self.nbytes -= dropped.nbytes
            self.evictions += 1


class Rotation:
    """The rotary embedding of a model, layer by layer, as `(layers, dim / 2)` frequencies."""

    def __init__(self, frequencies: Tensor) -> None:
        self._frequencies = frequencies

    @classmethod
    def of(cls, model: Any) -> "Rotation | None":
        """Return the rotation of a model, or None if moving its keys by it is not exact.

        Whatever the architecture claims, a few tokens are read at two places and compared.
        """
        try:
            frequencies = _frequencies(model)
            if frequencies is None:
                return None
            rotation = cls(frequencies)
            return rotation if _is_exact(model, rotation) else None
        except torch.OutOfMemoryError:
            raise
        except (TypeError, ValueError, RuntimeError, AttributeError, IndexError, KeyError):
            return None

    def turn(self, keys: Tensor, distances: Tensor) -> Tensor:
        """Return keys, `(layers, heads, tokens, dim)`, each token moved by its distance."""
        if not distances.any():
            return keys
        angles = distances.to(self._frequencies)[:, None] * self._frequencies[:, None, None]
        cos, sin = angles.cos(), angles.sin()  # (layers, 1, tokens, dim / 2)
        half = self._frequencies.shape[1]
        turned = keys.clone()
        first, second = keys[..., :half].float(), keys[..., half : 2 * half].float()
        turned[..., :half] = (first * cos - second * sin).to(keys.dtype)
        turned[..., half : 2 * half] = (second * cos + first * sin).to(keys.dtype)
        return turned


def _frequencies(model: Any) -> Tensor | None:
    """Return each layer's rotary frequencies, which may differ by kind of layer (Gemma-3)."""
    rotary = next((m for name, m in model.named_modules() if name.endswith("rotary_emb")), None)
    if rotary is None:
        return None
    config = model.config.get_text_config()
    count = int(config.num_hidden_layers)
    kinds = getattr(config, "layer_types", None) or [""] * count
    common = getattr(rotary, "inv_freq", None)
    found = [getattr(rotary, f"{kind}_inv_freq", common) for kind in kinds]
    tensors = [frequencies for frequencies in found if frequencies is not None]
    return torch.stack(tensors).float().to(model.device) if len(tensors) == count else None


@torch.inference_mode()
def _is_exact(model: Any, rotation: Rotation) -> bool:
    pack = Pack(model)
    tokens = list(range(1, PROBE + 1))
    here, there = pack.new_segment(), pack.new_segment()
    pack.feed([Piece(here, tokens, 0), Piece(there, tokens, PROBE_DISTANCE)])
    keys, expected = torch.split(pack.take_out(0).keys, PROBE, dim=2)
    moved = rotation.turn(keys, torch.full((PROBE,), PROBE_DISTANCE, device=keys.device))
    return are_close(moved, expected, tokens=2)
