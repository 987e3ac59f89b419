"""Times `surprise` on turns of a conversation: as it was, against what it is, in one run.

python benchmarks/surprise.py [--dataset locomo] [--turns 128] [--rounds 3]

As it was: every text from its own beginning, and all logits of a chunk held before they are summed.
As it is: what texts begin with alike is read once, and logits are summed by blocks of the
vocabulary. Turns are told with their date and speaker, as memories tell them to a reader, and bare,
as they were said. Shares of the peak count every token as if it were read, so that one that is
shared can bring them above the whole. One core, processor time, the rounds of both in turns and the
best of each. Of the dataset only numbers are printed.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from engine import linear_layers, matmul_rate

from memeval import load_model, open_dataset
from memeval.cli import render
from memeval.models.local.engine import Engine

ROWS = 64


def main() -> None:
    """Print a row for each way of telling the turns."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dataset", default="locomo")
    parser.add_argument("--turns", type=int, default=128)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    model: Any = load_model("smollm2", device="cpu", threads=1)
    before = Engine(model._model, max_rows=ROWS)
    events = open_dataset(chosen.dataset).sessions[0].events[: chosen.turns]
    told = {"told": [event.told() for event in events], "bare": [event.text for event in events]}
    flops, table = flops_of_a_token(model._model), []
    for name, texts in told.items():
        count = sum(map(len, model.tokenize(texts)))
        old_s, old, new_s, new, peak = rounds(model, before, texts, chosen.rounds)
        apart = max(float(np.abs(a - b).max()) for a, b in zip(old, new, strict=True))
        table.append(
            (
                name,
                f"{count:,}",
                f"{count / old_s:,.0f}",
                f"{count / new_s:,.0f}",
                f"{old_s / new_s:.2f}",
                f"{100 * count * flops / old_s / peak:.0f} %",
                f"{100 * count * flops / new_s / peak:.0f} %",
                f"{apart:.0e}",
            )
        )
    header = ("turns", "tokens", "was, tokens/s", "is", "ratio", "was, of peak", "is", "nats apart")
    render.table(f"{len(events)} turns of {chosen.dataset}, one core", header, table)


def rounds(
    model: Any, before: Engine, texts: Sequence[str], count: int
) -> tuple[float, list[Any], float, list[Any], float]:
    """Return the best seconds and the nats of both ways, and the rate of matrix products."""
    old_s, new_s, peaks, old, new = [], [], [], [], []
    model.surprise(texts[:1])
    for _ in range(count):
        peaks.append(matmul_rate(model._model, time.process_time))
        seconds, old = timed(lambda: as_it_was(model, before, texts))
        old_s.append(seconds)
        seconds, new = timed(lambda: model.surprise(texts))
        new_s.append(seconds)
    return min(old_s), old, min(new_s), new, max(peaks)


def as_it_was(model: Any, engine: Engine, texts: Sequence[str]) -> list[Any]:
    """Return -log p of every token, by an engine without a head that reads each text apart."""
    begin, context = tuple(model._encoding.bos[:-1]), model._encoding.context
    branches = [[(context, *ids)] for ids in model.tokenize(texts)]
    scored = engine.log_likelihoods((), [begin] * len(texts), branches)
    return [-one.log_p[0].numpy() for one in scored]


def flops_of_a_token(model: Any) -> int:
    """Return the operations of a token's matrix products, the output head's with them."""
    layers = [*linear_layers(model), model.get_output_embeddings()]
    return sum(2 * layer.in_features * layer.out_features for layer in layers)


def timed(act: Callable[[], Any]) -> tuple[float, Any]:
    """Return the seconds of the processor that something takes, and what it returns."""
    began = time.process_time()
    done = act()
    return time.process_time() - began, done


if __name__ == "__main__":
    main()
