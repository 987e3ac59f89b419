"""Puts notes that were read apart to where they stand in a prompt."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from memeval.models.local.kv import Fragment, FragmentCache, Rotation
from memeval.models.local.packing import Piece
from memeval.models.local.passes import Passes
from memeval.models.local.rows import Answer, Row, Tokens


@dataclass(slots=True)
class Stitcher:
    """Works behind one prefix, which lies in the segment `root`, for whoever has the cache."""

    passes: Passes
    rotation: Rotation | None
    cache: FragmentCache
    prefix: Tokens
    root: int

    def stitch(self, rows: Sequence[Row], fragments: dict[Tokens, Fragment]) -> list[list[int]]:
        """Put the rows' notes into the pack as fragments; return the segments each row sees."""
        segments: list[list[int]] = [[] for _ in rows]
        if not any(row.notes for row in rows):
            return segments
        pack, start = self.passes.pack, len(self.prefix)
        pieces, distances, used = [], [], []
        for row, seen in zip(rows, segments, strict=True):
            place = 0
            for note in row.notes:
                seen.append(pack.new_segment())
                pieces.append(Piece(seen[-1], note, start + place))
                distances += [place] * len(note)
                used.append(fragments[note])
                place += len(note)
        keys = torch.cat([fragment.keys for fragment in used], dim=2)
        values = torch.cat([fragment.values for fragment in used], dim=2)
        moved = self.moved(keys, torch.tensor(distances, device=self.passes.device))
        pack.insert(pieces, moved, values)
        return segments

    def moved(self, keys: Tensor, distances: Tensor) -> Tensor:
        """Return keys, each token's rotated by its distance from where it was read."""
        if self.rotation is None:
            raise ValueError("fragments need a model whose keys can be moved")
        return self.rotation.turn(keys, distances)

    def fragments_of(self, rows: Sequence[tuple[Row, Answer]]) -> dict[Tokens, Fragment]:
        """Return the fragments of all notes, from the cache or read now, in one go."""
        found: dict[Tokens, Fragment] = {}
        payer: dict[Tokens, Answer] = {}
        for row, answer in rows:
            for note in row.notes:
                if note not in found and note not in payer:
                    cached = self.cache.get((self.prefix, note))
                    if cached is None:
                        payer[note] = answer
                        continue
                    found[note] = cached
                answer.reused_tokens += len(note)
        if payer:
            found |= self._read(payer)
        return found

    def _read(self, payer: dict[Tokens, Answer]) -> dict[Tokens, Fragment]:
        """Read notes, each on its own right after the prefix, and keep them in the cache."""
        pack, start = self.passes.pack, len(self.prefix)
        mark = pack.mark()
        pieces = [Piece(pack.new_segment([self.root]), note, start) for note in payer]
        _, elapsed = self.passes.read(pieces, len)
        read = pack.take_out(mark.keys)
        pack.back_to(mark)
        sizes = [len(note) for note in payer]
        parts = zip(
            *(torch.split(states, sizes, dim=2) for states in (read.keys, read.values)), strict=True
        )
        found = {}
        for (note, answer), (keys, values), elapsed_ms in zip(
            payer.items(), parts, elapsed, strict=True
        ):
            found[note] = Fragment(keys.clone(), values.clone())  # of its own, so it can be freed
            self.cache.put((self.prefix, note), found[note])
            answer.prefill_ms += elapsed_ms
        return found
