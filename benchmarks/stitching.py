"""Exact match by where the gold note stands among k, for every way of reading the notes.

    python benchmarks/stitching.py [--items 48] [--k 1 2 3 5 8] [--ways text stitched ...]

Ways: `text`, one text; `stitched`, notes read apart and moved to their places; `shared`, all notes
at one position; `heads:N`, the first N tokens of each note read anew with the notes before it in
sight; `header`, every note begins with a line of its own, as a place for attention to sink to;
`top:N`, the last N notes read as one. Notes are gold events of the calibration seed 7, which no
report uses.
"""

import argparse
import sys
from collections.abc import Sequence
from random import Random
from typing import Any, ClassVar

import torch
from torch import Tensor

from memeval import load_model
from memeval.cli import render
from memeval.models import Prompt
from memeval.models.local import engine
from memeval.models.local.kv import Fragment
from memeval.models.local.packing import Piece
from memeval.models.local.rows import Row, Tokens
from memeval.models.local.stitching import Stitcher
from memeval.reader import QUESTION_ANSWERING
from memeval.scoring.answers import exact_match
from memeval.suites.own import generate
from memeval.types import Item, Session

SEED, SIZE = 7, 200
KV_CACHE_MB = 1024
WAYS = ("text", "stitched", "shared", "heads:1", "heads:4", "header", "top:2")


def main() -> None:
    """Print a row for each way and number of notes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=48)
    parser.add_argument("--k", type=int, nargs="+", default=[1, 2, 3, 5, 8])
    parser.add_argument("--ways", nargs="+", default=list(WAYS))
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args()
    model: Any = load_model("smollm2", threads=chosen.threads)
    session = generate("episodic", size=SIZE, seed=SEED)
    items = [item for item in session.items if len(item.gold_events) == 1][: chosen.items]
    rows = []
    for way in chosen.ways:
        engine.Stitcher = STITCHING.get(way.partition(":")[0], Stitcher)
        FreshHeads.heads = int(way.partition(":")[2] or 0) if way.startswith("heads") else 0
        for k in chosen.k:
            scores = [score(model, session, items, k=k, place=place, way=way) for place in range(k)]
            rows.append((way, str(k), " ".join(f"{s:.2f}" for s in scores)))
            print(*rows[-1], file=sys.stderr)
    header = ("way", "k", "exact match, gold first ... last")
    render.table(f"{len(items)} items, seed {SEED}", header, rows)


def score(
    model: Any, session: Session, items: Sequence[Item], *, k: int, place: int, way: str
) -> float:
    """Return exact match with the gold note at a place among k."""
    prompts = [prompt_of(session, item, k, place, way) for item in items]
    reading = model if way == "text" else model.stitching(cache_mb=KV_CACHE_MB)
    done = reading.generate(prompts, max_new_tokens=16, stop=["\n"])
    right = [exact_match(g.text, i.answers) for g, i in zip(done, items, strict=True)]
    return sum(right) / len(right)


def prompt_of(session: Session, item: Item, k: int, place: int, way: str) -> Prompt:
    """Put the gold note among k - 1 others, the same ones at every place."""
    form = session.prompt or QUESTION_ANSWERING
    texts = {event.id: event.text for event in session.events}
    gold = texts[item.gold_events[0]]
    others = sorted({texts[i.gold_events[0]] for i in session.items if i.gold_events} - {gold})
    told = Random(item.query.id).sample(others, k - 1)
    notes = [form.note.format(text=text) for text in (*told[:place], gold, *told[place:])]
    if way == "header":
        notes = [f"\nNotes:\n{note}" for note in notes]
    if way.startswith("top:"):
        count = int(way.removeprefix("top:"))
        notes = [*notes[:-count], "".join(notes[-count:])]
    return Prompt(form.prefix, tuple(notes), form.question.format(question=item.query.text))


class SharedPositions(Stitcher):
    """Leaves every note where it was read: right after the prefix."""

    def moved(self, keys: Tensor, _distances: Tensor) -> Tensor:
        """Leave the keys as they are."""
        return keys


class FreshHeads(Stitcher):
    """Reads the first tokens of every note anew, with the notes before it in sight."""

    heads: ClassVar[int] = 0

    def stitch(self, rows: Sequence[Row], fragments: dict[Tokens, Fragment]) -> list[list[int]]:
        """Put the rest of every note into the pack, and read its first tokens."""
        segments: list[list[int]] = [[] for _ in rows]
        pack, start = self.passes.pack, len(self.prefix)
        fresh, kept, distances, used = [], [], [], []
        for row, seen in zip(rows, segments, strict=True):
            place = 0
            for note in row.notes:
                head, tail = (pack.new_segment(s) for s in ([self.root, *seen], []))
                fresh.append(Piece(head, note[: self.heads], start + place))
                kept.append(Piece(tail, note[self.heads :], start + place + self.heads))
                distances += [place] * len(kept[-1].tokens)
                used.append(fragments[note])
                seen += [head, tail]
                place += len(note)
        keys = torch.cat([f.keys[:, :, self.heads :] for f in used], dim=2)
        values = torch.cat([f.values[:, :, self.heads :] for f in used], dim=2)
        pack.insert(kept, self.moved(keys, torch.tensor(distances)), values)
        self.passes.read(fresh, len)
        return segments


STITCHING = {"shared": SharedPositions, "heads": FreshHeads}


if __name__ == "__main__":
    main()
