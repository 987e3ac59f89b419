"""Greedy decoding and scoring of many prompts behind a shared prefix, without padding."""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import psutil
import torch

from memeval.models.local.head import Head, LogLikelihood
from memeval.models.local.kv import FragmentCache, Rotation
from memeval.models.local.packing import Mark, Piece, States
from memeval.models.local.passes import Passes, most_likely
from memeval.models.local.rows import (
    Answer,
    Row,
    Scored,
    Tokens,
    common_length,
    groups,
    shared_length,
)
from memeval.models.local.stitching import Stitcher

GROUP_TOKENS = {"cpu": 2048, "cuda": 16_384}  # in rows that decode together, likewise
GROUP_ROWS = {"cpu": 32, "cuda": 256}
WORTH_A_PASS = 64  # tokens that must be saved for a forward pass of its own
MEMORY_SHARE = 0.25  # of the free memory, for the KV cache of the rows at work


@dataclass(slots=True)
class _Running:
    """A row at work: its segment, the position of its next token, and that token."""

    answer: Answer
    segment: int
    position: int
    next_token: int = -1


class Engine:
    """Reads a prefix once, keeps it for the next call, and packs rows behind it."""

    def __init__(
        self,
        model: Any,
        *,
        rotation: Rotation | None = None,
        head: Head | None = None,
        max_rows: int | None = None,
    ) -> None:
        kind = "cpu" if model.device.type == "cpu" else "cuda"
        self.max_rows = max_rows or GROUP_ROWS[kind]
        self.max_tokens = min(GROUP_TOKENS[kind], _fitting_tokens(model))
        self._rotation = rotation
        self._head = head
        self._passes = Passes(model)
        self._pack = self._passes.pack
        self._prefix: Tokens | None = None
        self._trunk: Tokens = ()  # what the last rows shared beyond the prefix
        self._root = 0

    @torch.inference_mode()
    def warm_up(self, window: int) -> None:
        """Read a chunk for nothing, so that no item is charged with what a first pass sets up."""
        tokens = (0,) * min(self._passes.chunk_tokens, window)
        self._passes.read([Piece(self._pack.new_segment(), tokens, 0, keep=1)], len)
        self._pack.back_to(self._pack.beginning)

    @torch.inference_mode()
    def generate(
        self,
        prefix: Tokens,
        rows: Sequence[Row],
        *,
        max_new_tokens: int,
        is_finished: Callable[[list[int]], bool],
        window: float = math.inf,
        notes: FragmentCache | None = None,
        on_done: Callable[[int], None] = lambda _: None,
    ) -> list[Answer]:
        """Continue every row greedily until `is_finished(tokens)`, the limit or the window's end.

        The notes of the rows are found in `notes` and kept there. The finishing token stays in the
        answer: whoever decodes the tokens cuts at the stop string.
        """
        answers = [Answer() for _ in rows]
        self._read_prefix(prefix, answers)
        cache = FragmentCache(0) if notes is None else notes
        stitcher = Stitcher(self._passes, self._rotation, cache, prefix, self._root)
        texts = [] if any(row.notes for row in rows) else [row.tokens for row in rows]
        trunk, shared = self._read_trunk(texts, answers)
        after_trunk = self._pack.mark()
        for group in self._groups([row.length - shared for row in rows], self.max_tokens):
            start, before = time.perf_counter(), sum(answers[i].prefill_ms for i in group)
            fragments = stitcher.fragments_of([(rows[i], answers[i]) for i in group])
            running: list[_Running] = []
            read: list[States] = []
            lengths = [len(rows[i].tokens) - shared for i in group]
            for batch in self._groups(lengths, self._passes.chunk_tokens):
                members = [(rows[group[j]], answers[group[j]]) for j in batch]
                seen = stitcher.stitch([row for row, _ in members], fragments)
                running += self._prefill(members, seen, trunk, shared)
                read.append(self._pack.take_out(after_trunk.keys))  # others need not pass by it
            self._pack.put_back(read)
            del fragments, read
            spent = (time.perf_counter() - start) * 1000 + before
            unshared = spent - sum(answers[i].prefill_ms for i in group)
            for i in group:  # what stitching and moving keys took
                answers[i].prefill_ms += unshared / len(group)
            self._decode(running, max_new_tokens, is_finished, window, on_done)
            self._pack.back_to(after_trunk)
        return answers

    @torch.inference_mode()
    def log_likelihoods(
        self, prefix: Tokens, trunks: Sequence[Tokens], branches: Sequence[Sequence[Tokens]]
    ) -> list[Scored]:
        """Score every token of every branch but its first: log p in nats, `(tokens - 1,)`.

        The branches of a trunk are read in one pass: they stand side by side behind it and do not
        see one another. The first token of a branch is context: the last token of a prompt.
        """
        found = [Scored() for _ in trunks]
        self._read_prefix(prefix, found)
        common, shared = self._read_trunk(trunks, found)
        after_trunk = self._pack.mark()
        start = len(prefix) + shared
        sizes = [
            len(trunk) - shared + sum(map(len, options))
            for trunk, options in zip(trunks, branches, strict=True)
        ]
        for group in self._groups(sizes, self._passes.chunk_tokens):
            pieces: list[Piece] = []
            following: list[list[int]] = []
            owners: list[Scored] = []
            for i in group:
                trunk = self._pack.new_segment([self._root, common])
                pieces.append(Piece(trunk, trunks[i][shared:], start))
                place = len(prefix) + len(trunks[i])
                for branch in branches[i]:
                    segment = self._pack.new_segment([self._root, common, trunk])
                    pieces.append(Piece(segment, branch[:-1], place, keep=len(branch) - 1))
                    following += [[token] for token in branch[1:]]
                owners += [found[i]] * (1 + len(branches[i]))
            reduce = LogLikelihood(following, self._head)
            read, elapsed = self._passes.read(pieces, reduce, states=self._head is not None)
            scores = torch.cat([torch.empty(0), *read])
            parts = torch.split(scores, [piece.keep for piece in pieces])
            for owner, piece, part, elapsed_ms in zip(owners, pieces, parts, elapsed, strict=True):
                owner.prefill_ms += elapsed_ms
                if piece.keep:
                    owner.log_p.append(part)
            self._pack.back_to(after_trunk)
        return found

    def _read_prefix(self, prefix: Tokens, answers: Sequence[Answer]) -> None:
        """See to it that the pack begins with the prefix, reading it if it is another one."""
        elapsed_ms = 0.0
        reused = answers
        if prefix != self._prefix:
            self._pack.back_to(self._pack.beginning)
            self._root = self._pack.new_segment()
            self._prefix, self._trunk = None, ()  # until it has been read
            _, [elapsed_ms] = self._passes.read([Piece(self._root, prefix, 0)], len)
            self._prefix = prefix
            self._after_prefix = self._pack.mark()
            reused = answers[1:]
        for answer in answers:
            answer.prefill_ms += elapsed_ms / len(answers)
        for answer in reused:
            answer.reused_tokens += len(prefix)

    def _read_trunk(self, texts: Sequence[Tokens], answers: Sequence[Answer]) -> tuple[int, int]:
        """Bring the pack to the state after what all texts share; return its segment and length.

        What the last call shared is kept as far as it is the same: a stream that is read before
        every question, or at every decision of a walk, is read once.
        """
        shared = shared_length(texts) if texts else 0
        kept = common_length(self._trunk, texts[0][:shared]) if shared else 0
        if (shared - kept) * (len(texts) - 1) < WORTH_A_PASS:
            shared = kept
        keys, segments = self._after_prefix.keys, self._after_prefix.segments
        self._pack.back_to(Mark(keys + kept, segments))
        trunk = self._pack.new_segment([self._root])
        self._trunk = self._trunk[:kept]
        if shared > kept:
            start = len(self._prefix or ()) + kept
            piece = Piece(trunk, texts[0][kept:shared], start)
            _, [elapsed_ms] = self._passes.read([piece], len)
            self._trunk = texts[0][:shared]
            for answer in answers:
                answer.prefill_ms += elapsed_ms / len(answers)
        for i, answer in enumerate(answers):
            answer.reused_tokens += shared if i else kept
        return trunk, shared

    def _prefill(
        self,
        rows: Sequence[tuple[Row, Answer]],
        notes: Sequence[Sequence[int]],
        trunk: int,
        shared: int,
    ) -> list[_Running]:
        """Read some rows behind their notes; return them with the first token of each answer."""
        start = len(self._prefix or ()) + shared
        running, pieces = [], []
        for (row, answer), seen in zip(rows, notes, strict=True):
            segment = self._pack.new_segment([self._root, trunk, *seen])
            first = start + sum(map(len, row.notes))
            pieces.append(Piece(segment, row.tokens[shared:], first, keep=1))
            running.append(_Running(answer, segment, first + len(row.tokens) - shared))
        picked, elapsed = self._passes.read(pieces, most_likely)
        tokens = [token for part in picked for token in part]
        for work, token, elapsed_ms in zip(running, tokens, elapsed, strict=True):
            work.next_token = token
            work.answer.prefill_ms += elapsed_ms
        return running

    def _decode(
        self,
        running: list[_Running],
        max_new_tokens: int,
        is_finished: Callable[[list[int]], bool],
        window: float,
        on_done: Callable[[int], None],
    ) -> None:
        """Append tokens until every row has finished; a finished row costs no more."""
        for step in range(max_new_tokens):
            before = len(running)
            for row in running:
                row.answer.tokens.append(row.next_token)
            running = [
                row
                for row in running
                if row.position < window
                and step < max_new_tokens - 1
                and not is_finished(row.answer.tokens)
            ]
            if len(running) < before:
                on_done(before - len(running))
            if not running:
                return
            pieces = [Piece(row.segment, (row.next_token,), row.position, 1) for row in running]
            picked, elapsed = self._passes.read(pieces, most_likely)
            tokens = [token for part in picked for token in part]
            for row, token, elapsed_ms in zip(running, tokens, elapsed, strict=True):
                row.next_token = token
                row.position += 1
                row.answer.decode_ms += elapsed_ms

    def _groups(self, lengths: Sequence[int], max_tokens: int) -> Iterator[list[int]]:
        return groups(lengths, max_rows=self.max_rows, max_tokens=max_tokens)


def _fitting_tokens(model: Any) -> int:
    """Return how many tokens' keys and values fit into a share of the free memory."""
    config = model.config.get_text_config()
    heads = getattr(config, "num_key_value_heads", None) or config.num_attention_heads
    width = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    per_token = 2 * config.num_hidden_layers * heads * width * model.dtype.itemsize
    if model.device.type == "cuda":
        free, _ = torch.cuda.mem_get_info(model.device)
    else:
        free = psutil.virtual_memory().available
    return max(1, int(MEMORY_SHARE * free / per_token))
