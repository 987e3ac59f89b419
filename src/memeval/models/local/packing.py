"""Many texts in one sequence: no padding, and what texts share is read and held once.

A segment is a run of tokens that attends to the segments it was told to see, and causally to
itself. A shared prefix, the notes and question of one prompt, the options of a choice are segments.
Which keys a query attends to follows from segment and position alone, so the mask is exact for full
and for sliding attention, wherever in the sequence a key happens to lie. (Packing without padding:
Krell et al. 2021, arXiv:2107.02027.)
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from torch import Tensor
from transformers.cache_utils import Cache, DynamicLayer

FULL, SLIDING = "full_attention", "sliding_attention"
PROBE = 6  # tokens with which a model is tried out
TOLERANCE = {torch.float32: 1e-3, torch.bfloat16: 0.05, torch.float16: 0.01}  # of the largest


class Piece(NamedTuple):
    """Tokens to be read as the continuation of a segment, from a position on.

    `keep` is how many of its last positions want their logits returned.
    """

    segment: int
    tokens: Sequence[int]
    start: int
    keep: int = 0


@torch.inference_mode()
def is_exact(model: Any) -> bool:
    """Whether packed texts get the logits they get alone; a few tokens are read both ways.

    Models that tell positions from the order of tokens, or carry a recurrent state, do not pack.
    """
    tokens = list(range(1, PROBE + 1))
    try:
        pack = Pack(model)
        first, second = pack.new_segment(), pack.new_segment()
        halves = (tokens[:2], tokens[2:])
        pack.feed([Piece(first, tokens[::-1], 0), Piece(second, halves[0], 0)])
        pack.put_back([pack.take_out(0)])
        packed = pack.feed([Piece(second, halves[1], len(halves[0]), keep=len(halves[1]))])
        alone = model(input_ids=torch.tensor([tokens], device=model.device)).logits[0]
        expected = alone[len(halves[0]) :]
        return are_close(packed, expected, tokens=0)
    except torch.OutOfMemoryError:
        raise
    except (TypeError, ValueError, RuntimeError, AttributeError, IndexError, KeyError):
        return False


def are_close(found: Tensor, expected: Tensor, *, tokens: int) -> bool:
    """Whether two readings of a few tokens agree but for rounding; `tokens` is their dimension.

    Some tokens (the marks that begin a vocabulary) excite a model so that what half precision
    rounds is blown up layer by layer. What is read wrongly is wrong at most tokens, so in half
    precision the token in the middle decides.
    """
    apart = (found.float() - expected.float()).abs().transpose(0, tokens).flatten(1).amax(1)
    worst = apart.max() if found.dtype == torch.float32 else apart.median()
    allowed = TOLERANCE.get(found.dtype, 0.05) * float(expected.abs().max())
    return float(worst) <= allowed


def split(pieces: Sequence[Piece], room: int) -> Iterator[list[tuple[int, Piece]]]:
    """Yield the pieces, each with its number, in runs of at most `room` tokens.

    A piece is cut where a run is full; its parts keep its place and the logits it wants.
    """
    run: list[tuple[int, Piece]] = []
    left = room
    for number, (segment, tokens, start, keep) in enumerate(pieces):
        done = 0
        while done < len(tokens):
            part = tokens[done : done + left]
            kept = max(0, done + len(part) - max(done, len(tokens) - keep))
            run.append((number, Piece(segment, part, start + done, kept)))
            done += len(part)
            left -= len(part)
            if not left:
                yield run
                run, left = [], room
    if run:
        yield run


class States(NamedTuple):
    """Keys and values, `(layers, heads, tokens, dim)` each, and where every token belongs."""

    keys: Tensor
    values: Tensor
    segments: Tensor  # (tokens,) int64
    positions: Tensor  # (tokens,) int64


@dataclass(frozen=True, slots=True)
class Mark:
    """A state of a pack that it can be taken back to."""

    keys: int
    segments: int


class Pack:
    """One sequence of segments and its KV cache."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._cache = Cache(layer_class_to_replicate=GrowingLayer)
        self._sees: list[tuple[int, ...]] = []
        self._visible = torch.empty(0, 0, dtype=torch.bool, device=model.device)
        self._segments = torch.empty(0, dtype=torch.long, device=model.device)
        self._positions = torch.empty(0, dtype=torch.long, device=model.device)

    def __len__(self) -> int:
        return len(self._segments)

    def new_segment(self, sees: Sequence[int] = ()) -> int:
        """Open a segment that attends to the given ones, and return its number."""
        self._sees.append(tuple(sees))
        return len(self._sees) - 1

    beginning = Mark(0, 0)
    """A pack that nothing has been put into."""

    def mark(self) -> Mark:
        """Return a mark of the present state."""
        return Mark(len(self), len(self._sees))

    def back_to(self, mark: Mark) -> None:
        """Drop all segments and keys that came after a mark."""
        self._shorten(mark.keys)
        del self._sees[mark.segments :]
        self._visible = self._visible[: mark.segments, : mark.segments]

    def feed(self, pieces: Sequence[Piece]) -> Tensor:
        """Read pieces in one forward pass; return the kept logits, `(kept, vocab)`, in order."""
        kept = self._kept(pieces)
        logits: Tensor = self._model(**self._given(pieces), logits_to_keep=kept).logits
        return logits[0]

    def feed_states(self, pieces: Sequence[Piece]) -> Tensor:
        """Read pieces likewise; return what the output head is given, `(kept, width)`."""
        kept = self._kept(pieces)
        states: Tensor = self._model.base_model(**self._given(pieces)).last_hidden_state
        return states[0, kept.to(states.device)]

    def insert(self, pieces: Sequence[Piece], keys: Tensor, values: Tensor) -> None:
        """Take over ready-made keys and values, `(layers, heads, tokens, dim)`, instead of reading.

        The keys must be rotated to the positions of the pieces. They are copied.
        """
        self.put_back([States(keys, values, *self._places(pieces))])

    def take_out(self, start: int) -> "States":
        """Remove the keys from a place of the sequence on; their segments stay open."""
        layers, device = self._cache.layers, self._model.device  # layers may lie on several
        keys = torch.stack([layer.keys[0, :, start:].to(device) for layer in layers])
        values = torch.stack([layer.values[0, :, start:].to(device) for layer in layers])
        taken = States(keys, values, self._segments[start:], self._positions[start:])
        self._shorten(start)
        return taken

    def put_back(self, taken: Sequence["States"]) -> None:
        """Append keys that were taken out."""
        for number, layer in enumerate(self._cache.layers):
            keys = torch.cat([states.keys[number] for states in taken], dim=1)
            values = torch.cat([states.values[number] for states in taken], dim=1)
            layer.append(keys[None], values[None])
        for states in taken:
            self._note_keys(states.segments, states.positions)

    def _kept(self, pieces: Sequence[Piece]) -> Tensor:
        """Return which places of a pass are wanted, `(kept,) int64`."""
        kept: list[int] = []
        end = 0
        for piece in pieces:
            end += len(piece.tokens)
            kept += range(end - piece.keep, end)
        return torch.tensor(kept, dtype=torch.long, device=self._model.device)

    def _given(self, pieces: Sequence[Piece]) -> dict[str, Any]:
        """Return what a pass is called with; its keys belong to the pack from now on."""
        segments, positions = self._places(pieces)
        self._note_keys(segments, positions)
        tokens = [token for piece in pieces for token in piece.tokens]
        return {
            "input_ids": torch.tensor([tokens], device=self._model.device),
            "position_ids": positions[None],
            "attention_mask": self._masks(segments, positions),
            "past_key_values": self._cache,
            "use_cache": True,
        }

    def _shorten(self, length: int) -> None:
        for layer in self._cache.layers:
            layer.shorten(length)
        self._segments, self._positions = self._segments[:length], self._positions[:length]

    def _places(self, pieces: Sequence[Piece]) -> tuple[Tensor, Tensor]:
        """Return the segment and the position of every token, `(tokens,) int64` each."""
        segments = [piece.segment for piece in pieces for _ in piece.tokens]
        positions = [piece.start + i for piece in pieces for i in range(len(piece.tokens))]
        device = self._model.device
        return torch.tensor(segments, device=device), torch.tensor(positions, device=device)

    def _note_keys(self, segments: Tensor, positions: Tensor) -> None:
        self._segments = torch.cat([self._segments, segments])
        self._positions = torch.cat([self._positions, positions])

    def _masks(self, segments: Tensor, positions: Tensor) -> Any:
        """Return who attends to whom, `(1, 1, queries, keys) bool`, for each kind of layer."""
        distance = positions[:, None] - self._positions
        seen = self._visibility()[segments][:, self._segments]
        full = (seen & (distance >= 0))[None, None]
        config = self._model.config.get_text_config()
        window = getattr(config, "sliding_window", None)
        sliding = full & (distance < window) if window else full
        if getattr(config, "layer_types", None):
            return {FULL: full, SLIDING: sliding}
        return sliding

    def _visibility(self) -> Tensor:
        """Return which segment sees which, `(segments, segments) bool`."""
        known, total = len(self._visible), len(self._sees)
        if known < total:
            grown = torch.zeros(total, total, dtype=torch.bool)
            grown[:known, :known] = self._visible.cpu()
            for segment in range(known, total):
                grown[segment, [segment, *self._sees[segment]]] = True
            self._visible = grown.to(self._segments.device)
        return self._visible


class GrowingLayer(DynamicLayer):  # type: ignore[misc]
    """A layer's keys and values in buffers that double, so that a step copies only its own."""

    def lazy_initialization(self, key_states: Tensor, value_states: Tensor) -> None:
        """Start with empty buffers of the right shape."""
        super().lazy_initialization(key_states, value_states)
        self._buffers = [key_states[:, :, :0].clone(), value_states[:, :, :0].clone()]
        self._length = 0
        self._show()

    def update(
        self, key_states: Tensor, value_states: Tensor, *_args: Any, **_kwargs: Any
    ) -> tuple[Tensor, Tensor]:
        """Append the new states and return all."""
        self.append(key_states, value_states)
        return self.keys, self.values

    def append(self, key_states: Tensor, value_states: Tensor) -> None:
        """Append states, `(1, heads, tokens, dim)` each."""
        if not self.is_initialized:
            self.lazy_initialization(key_states, value_states)
        end = self._length + key_states.shape[2]
        for i, new in enumerate((key_states, value_states)):
            if end > self._buffers[i].shape[2]:
                self._buffers[i] = _grown(self._buffers[i], max(end, 2 * self._length))
            self._buffers[i][:, :, self._length : end] = new
        self._length = end
        self._show()

    def shorten(self, length: int) -> None:
        """Forget all but the first states."""
        if self.is_initialized:
            self._length = min(length, self._length)
            self._show()

    def _show(self) -> None:
        self.keys, self.values = (buffer[:, :, : self._length] for buffer in self._buffers)


def _grown(buffer: Tensor, room: int) -> Tensor:
    larger = buffer.new_empty(*buffer.shape[:2], room, buffer.shape[3])
    larger[:, :, : buffer.shape[2]] = buffer
    return larger
