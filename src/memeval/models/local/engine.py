"""Greedy decoding and scoring of many prompts behind a shared prefix, without padding."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import psutil
import torch
from torch import Tensor

from memeval.models.local.kv import Fragment, FragmentCache, Rotation
from memeval.models.local.packing import Mark, Pack, Piece, States, split
from memeval.models.local.rows import (
    Answer,
    Row,
    Scored,
    Tokens,
    common_length,
    groups,
    shared_length,
)

# Tokens read in one forward pass: enough to keep the matrix products busy. More would only add to
# the attention between rows that the mask throws away.
CHUNK_TOKENS = {"cpu": 512, "cuda": 2048}
GROUP_TOKENS = {"cpu": 2048, "cuda": 16_384}  # in rows that decode together, likewise
GROUP_ROWS = {"cpu": 32, "cuda": 256}
WORTH_A_PASS = 64  # tokens that must be saved for a forward pass of its own
MEMORY_SHARE = 0.25  # of the free memory, for the KV cache of the rows at work

T = TypeVar("T")


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
        fragments: FragmentCache | None = None,
        fingerprint: Callable[[], str] = str,
        max_rows: int | None = None,
    ) -> None:
        kind = "cpu" if model.device.type == "cpu" else "cuda"
        self.max_rows = max_rows or GROUP_ROWS[kind]
        self.fragments = FragmentCache(0) if fragments is None else fragments
        self.max_tokens = min(GROUP_TOKENS[kind], _fitting_tokens(model))
        self._chunk_tokens = CHUNK_TOKENS[kind]
        self._device = model.device
        self._rotation = rotation
        self._fingerprint = fingerprint
        self._pack = Pack(model)
        self._empty = self._pack.mark()
        self._prefix: Tokens | None = None
        self._trunk: Tokens = ()  # what the last rows shared beyond the prefix
        self._root = 0

    @torch.inference_mode()
    def warm_up(self, window: int) -> None:
        """Read a chunk for nothing, so that no item is charged with what a first pass sets up."""
        tokens = (0,) * min(self._chunk_tokens, window)
        self._read([Piece(self._pack.new_segment(), tokens, 0, keep=1)], len)
        self._pack.back_to(self._empty)

    @torch.inference_mode()
    def generate(
        self,
        prefix: Tokens,
        rows: Sequence[Row],
        *,
        max_new_tokens: int,
        is_finished: Callable[[list[int]], bool],
        on_done: Callable[[int], None] = lambda _: None,
    ) -> list[Answer]:
        """Continue every row greedily until `is_finished(tokens)` or the limit.

        The finishing token stays in the answer: whoever decodes the tokens cuts at the stop string.
        """
        answers = [Answer() for _ in rows]
        self._read_prefix(prefix, answers)
        texts = [] if any(row.notes for row in rows) else [row.tokens for row in rows]
        trunk, shared = self._read_trunk(texts, answers)
        after_trunk = self._pack.mark()
        for group in self._groups([row.length - shared for row in rows], self.max_tokens):
            start, before = time.perf_counter(), sum(answers[i].prefill_ms for i in group)
            fragments = self._fragments_of([(rows[i], answers[i]) for i in group])
            running: list[_Running] = []
            read: list[States] = []
            lengths = [len(rows[i].tokens) - shared for i in group]
            for batch in self._groups(lengths, self._chunk_tokens):
                members = [(rows[group[j]], answers[group[j]]) for j in batch]
                running += self._prefill(members, fragments, trunk, shared)
                read.append(self._pack.take_out(after_trunk.keys))  # others need not pass by it
            self._pack.put_back(read)
            del fragments, read
            spent = (time.perf_counter() - start) * 1000 + before
            unshared = spent - sum(answers[i].prefill_ms for i in group)
            for i in group:  # what stitching and moving keys took
                answers[i].prefill_ms += unshared / len(group)
            self._decode(running, max_new_tokens, is_finished)
            self._pack.back_to(after_trunk)
            on_done(len(group))
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
        for group in self._groups(sizes, self._chunk_tokens):
            pieces: list[Piece] = []
            targets: list[int] = []
            owners: list[Scored] = []
            for i in group:
                trunk = self._pack.new_segment([self._root, common])
                pieces.append(Piece(trunk, trunks[i][shared:], start))
                place = len(prefix) + len(trunks[i])
                for branch in branches[i]:
                    segment = self._pack.new_segment([self._root, common, trunk])
                    pieces.append(Piece(segment, branch[:-1], place, keep=len(branch) - 1))
                    targets += branch[1:]
                owners += [found[i]] * (1 + len(branches[i]))
            read, elapsed = self._read(pieces, _LogLikelihood(targets))
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
            self._pack.back_to(self._empty)
            self._root = self._pack.new_segment()
            self._prefix, self._trunk = None, ()  # until it has been read
            _, [elapsed_ms] = self._read([Piece(self._root, prefix, 0)], len)
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
            _, [elapsed_ms] = self._read([piece], len)
            self._trunk = texts[0][:shared]
            for answer in answers:
                answer.prefill_ms += elapsed_ms / len(answers)
        for i, answer in enumerate(answers):
            answer.reused_tokens += shared if i else kept
        return trunk, shared

    def _prefill(
        self,
        rows: Sequence[tuple[Row, Answer]],
        fragments: dict[Tokens, Fragment],
        trunk: int,
        shared: int,
    ) -> list[_Running]:
        """Read some rows and return them with the first token of each answer."""
        notes = self._stitch([row for row, _ in rows], fragments)
        start = len(self._prefix or ()) + shared
        running, pieces = [], []
        for (row, answer), seen in zip(rows, notes, strict=True):
            segment = self._pack.new_segment([self._root, trunk, *seen])
            first = start + sum(map(len, row.notes))
            pieces.append(Piece(segment, row.tokens[shared:], first, keep=1))
            running.append(_Running(answer, segment, first + len(row.tokens) - shared))
        picked, elapsed = self._read(pieces, _most_likely)
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
    ) -> None:
        """Append tokens until every row has finished; a finished row costs no more."""
        for step in range(max_new_tokens):
            for row in running:
                row.answer.tokens.append(row.next_token)
            running = [row for row in running if not is_finished(row.answer.tokens)]
            if not running or step == max_new_tokens - 1:
                return
            pieces = [Piece(row.segment, (row.next_token,), row.position, 1) for row in running]
            picked, elapsed = self._read(pieces, _most_likely)
            tokens = [token for part in picked for token in part]
            for row, token, elapsed_ms in zip(running, tokens, elapsed, strict=True):
                row.next_token = token
                row.position += 1
                row.answer.decode_ms += elapsed_ms

    def _stitch(self, rows: Sequence[Row], fragments: dict[Tokens, Fragment]) -> list[list[int]]:
        """Put the rows' notes into the pack as fragments; return the segments each row sees."""
        segments: list[list[int]] = [[] for _ in rows]
        if not any(row.notes for row in rows):
            return segments
        prefix = len(self._prefix or ())
        pieces, distances, used = [], [], []
        for row, seen in zip(rows, segments, strict=True):
            place = 0
            for note in row.notes:
                seen.append(self._pack.new_segment())
                pieces.append(Piece(seen[-1], note, prefix + place))
                distances += [place] * len(note)
                used.append(fragments[note])
                place += len(note)
        keys = torch.cat([fragment.keys for fragment in used], dim=2)
        values = torch.cat([fragment.values for fragment in used], dim=2)
        moved = self._moved(keys, torch.tensor(distances, device=self._device))
        self._pack.insert(pieces, moved, values)
        return segments

    def _moved(self, keys: Tensor, distances: Tensor) -> Tensor:
        if self._rotation is None:
            raise ValueError("fragments need a model whose keys can be moved")
        return self._rotation.turn(keys, distances)

    def _fragments_of(self, rows: Sequence[tuple[Row, Answer]]) -> dict[Tokens, Fragment]:
        """Return the fragments of all notes, from the cache or read now, in one go."""
        found: dict[Tokens, Fragment] = {}
        payer: dict[Tokens, Answer] = {}
        for row, answer in rows:
            for note in row.notes:
                if note not in found and note not in payer:
                    cached = self.fragments.get(self._key(note))
                    if cached is None:
                        payer[note] = answer
                        continue
                    found[note] = cached
                answer.reused_tokens += len(note)
        if payer:
            found |= self._read_fragments(payer)
        return found

    def _read_fragments(self, payer: dict[Tokens, Answer]) -> dict[Tokens, Fragment]:
        """Read notes, each on its own right after the prefix, and keep them in the cache."""
        mark = self._pack.mark()
        start = len(self._prefix or ())
        pieces = [Piece(self._pack.new_segment([self._root]), note, start) for note in payer]
        _, elapsed = self._read(pieces, len)
        read = self._pack.take_out(mark.keys)
        self._pack.back_to(mark)
        sizes = [len(note) for note in payer]
        parts = zip(
            *(torch.split(states, sizes, dim=2) for states in (read.keys, read.values)), strict=True
        )
        found = {}
        for (note, answer), (keys, values), elapsed_ms in zip(
            payer.items(), parts, elapsed, strict=True
        ):
            found[note] = Fragment(keys.clone(), values.clone())  # of its own, so it can be freed
            self.fragments.put(self._key(note), found[note])
            answer.prefill_ms += elapsed_ms
        return found

    def _key(self, note: Tokens) -> tuple[str, Tokens, Tokens]:
        return (self._fingerprint(), self._prefix or (), note)

    def _read(
        self, pieces: Sequence[Piece], reduce: Callable[[Tensor], T]
    ) -> tuple[list[T], list[float]]:
        """Feed pieces in chunks; return each chunk's reduced logits, and milliseconds by piece."""
        reduced, elapsed = [], [0.0] * len(pieces)
        for chunk in split(pieces, self._chunk_tokens):
            start = time.perf_counter()
            reduced.append(reduce(self._pack.feed([piece for _, piece in chunk])))
            if self._device.type == "cuda":
                torch.cuda.synchronize(self._device)
            spent = (time.perf_counter() - start) * 1000
            tokens = sum(len(piece.tokens) for _, piece in chunk)
            for number, piece in chunk:
                elapsed[number] += spent * len(piece.tokens) / tokens
        return reduced, elapsed

    def _groups(self, lengths: Sequence[int], max_tokens: int) -> Iterator[list[int]]:
        return groups(lengths, max_rows=self.max_rows, max_tokens=max_tokens)


class _LogLikelihood:
    """Turns logits into the log p of the tokens that follow, in order."""

    def __init__(self, targets: Sequence[int]) -> None:
        self._targets = torch.tensor(targets)
        self._done = 0

    def __call__(self, logits: Tensor) -> Tensor:
        """Return log p of the next targets, `(kept,) float32`, on the CPU."""
        targets = self._targets[self._done : self._done + len(logits)].to(logits.device)
        self._done += len(logits)
        logits = logits.float()
        picked = logits.gather(1, targets[:, None])[:, 0]
        return (picked - logits.logsumexp(1)).cpu()


def _most_likely(logits: Tensor) -> list[int]:
    tokens: list[int] = logits.argmax(-1).tolist()
    return tokens


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
