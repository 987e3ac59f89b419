"""Compares the prompt for conversations with the general one, on LoCoMo with evidence as notes.

    python benchmarks/conversation_prompt.py PATH [--size 60] [--seed 7] [--threads 2]

PATH is LoCoMo's published file. The scores are `locomo_f1`, by slice.
"""

import argparse
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from memeval import load_model
from memeval.cli import render
from memeval.config import ReaderOptions
from memeval.reader import QUESTION_ANSWERING, Reader
from memeval.suites.choosing import dataset_named
from memeval.suites.public.conversation import CONVERSATION
from memeval.suites.public.locomo_f1 import locomo_f1
from memeval.types import Item, PromptFormat, Recall, Trace

ALL = "all"
PROMPTS = {
    "for one's own data": replace(QUESTION_ANSWERING, max_new_tokens=CONVERSATION.max_new_tokens),
    "for conversations": CONVERSATION,
}


def main() -> None:
    """Print the mean score of each prompt, by slice and over all questions."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--size", type=int, default=60)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    model: Any = load_model("smollm2", threads=chosen.threads)
    asked = answerable(chosen.path, chosen.size, chosen.seed)
    rows = []
    for name, prompt in PROMPTS.items():
        found = scores(model, asked, prompt)
        rows.append((name, *(f"{sum(one) / len(one):.2f}" for one in found.values())))
    rows.append(("questions", *(str(len(one)) for one in found.values())))
    render.table("locomo_f1 with the evidence as notes", ("prompt", *found), rows)


def answerable(path: Path, size: int, seed: int) -> list[tuple[Item, Recall]]:
    """Return questions that have an answer and evidence, each with this as notes."""
    data = dataset_named(f"locomo:{path}", size, seed).open()
    return [
        (item, Recall(tuple(Trace(told[id_], 1.0, (id_,)) for id_ in item.gold_events)))
        for session in data.sessions
        for told in [{event.id: event.told() for event in session.events}]
        for item in session.items
        if item.answerable and item.gold_events
    ]


def scores(
    model: Any, asked: Sequence[tuple[Item, Recall]], prompt: PromptFormat
) -> dict[str, list[float]]:
    """Return the score of every answer, by slice and all together."""
    options = ReaderOptions(kind="text", traces=None, budget_tokens=None, order="best_first")
    reader = Reader(model, prompt, options)
    queries = [item.query for item, _ in asked]
    read = reader.cut(queries, [recall for _, recall in asked])
    found: dict[str, list[float]] = defaultdict(list)
    for (item, _), answer in zip(asked, reader.read(queries, read), strict=True):
        score = locomo_f1(item, answer.text)["locomo_f1"]
        assert score is not None
        for name in (item.slice, ALL):
            found[name].append(score)
    return {name: found[name] for name in sorted(found)}


if __name__ == "__main__":
    main()
