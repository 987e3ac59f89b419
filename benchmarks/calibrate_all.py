"""Fits what a score of each memory is worth in `memory/all`, on seeds that no reported run uses.

    python benchmarks/calibrate_all.py [--rows FILE]

Each memory is taught each calibration stream and asked its questions, `sgc_rss` only those that the
map leaves open: it asks the model for every way to read a question. A leading trace is right if it
tells an accepted answer, or, for a walk, if it rests on the events of a step that comes nearer;
nothing is right where nothing is known. The language model is asked what the memories ask it, but
answers no question. `--rows` keeps what was collected, so that it can be fitted again at once.
"""

import argparse
import json
import time
from collections.abc import Callable, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

from memeval import load_encoder, load_memory, load_model
from memeval.memories.all.params import AllParams, ConfidenceParams, RecallParams
from memeval.suites.own import generate
from memeval.types import Item, Recall

MEMORIES = ("smpd", "hei_nw", "sgc_rss")
SUITES = ("semantic", "episodic", "spatial")
SEEDS = (7, 11, 13)
ORDER = ("smpd", "sgc_rss", "hei_nw")
Row = dict[str, Any]
Key = tuple[int, str, str]


def main() -> None:
    """Collect what was not collected yet, fit, and print how far the choice gets."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=Path, help="keep what is collected here")
    parser.add_argument("--size", type=int, default=50)
    chosen = parser.parse_args()
    rows = read(chosen.rows) if chosen.rows else []
    done = {(row["seed"], row["suite"]) for row in rows}
    parts: dict[str, Any] = {}
    for seed, suite in product(SEEDS, SUITES):
        if (seed, suite) not in done:
            parts = parts or {
                "model": load_model("smollm2", threads=1),
                "encoder": load_encoder("minilm", threads=1),
            }
            found = collect(suite, chosen.size, seed, parts)
            rows += found
            if chosen.rows:
                with chosen.rows.open("a", encoding="utf-8") as file:
                    file.writelines(json.dumps(row) + "\n" for row in found)
    confidence = fit_all(rows)
    print_choices(rows, confidence)


def fit_all(rows: Sequence[Row]) -> ConfidenceParams:
    """Fit every memory on the questions that reach it: those that no earlier one settles."""
    worth: dict[str, dict[str, float]] = {}
    settled: set[Key] = set()
    fitted = ConfidenceParams()
    for name in ORDER:
        told = [r for r in rows if r["memory"] == name and r["score"] is not None]
        open_ = [r for r in told if key(r) not in settled]
        scores = np.array([r["score"] for r in open_])
        right = np.array([r["right"] for r in open_], bool)
        slope, bias = fit(scores, right)
        worth[name] = {"slope": round(slope, 2), "bias": round(bias, 2)}
        fitted = ConfidenceParams.model_validate(worth)
        error = brier(fitted, name, scores, right)
        print(f"{name:8} slope {slope:6.2f} bias {bias:6.2f}   {len(open_)} traces, "
              f"{right.mean():.3f} right, Brier {error:.3f}")  # fmt: skip
        settled |= {
            key(r) for r in open_ if fitted.probability(r["score"], name) >= RecallParams().enough
        }
        settled |= {key(r) for r in rows if r["memory"] == name and r["denied"]}
    return fitted


def fit(scores: np.ndarray, right: np.ndarray) -> tuple[float, float]:
    """Return slope and bias of Platt's logistic (1999), whose targets fall short of 0 and 1.

    So a source that was always right is sure, and not infinitely sure.
    """
    hits, misses = right.sum(), (~right).sum()
    target = np.where(right, (hits + 1) / (hits + 2), 1 / (misses + 2))

    def loss(w: np.ndarray) -> float:
        z = w[0] * scores + w[1]
        return float(np.mean(np.logaddexp(0, z) - target * z))

    found = minimize(loss, np.array([0.0, 0.0]), bounds=[(0, 30), (-30, 30)]).x
    return float(found[0]), float(found[1])


def brier(fitted: ConfidenceParams, name: str, scores: np.ndarray, right: np.ndarray) -> float:
    """Return the mean squared error of the probabilities."""
    told = np.array([fitted.probability(score, name) for score in scores])
    return float(np.mean((told - right) ** 2))


def print_choices(rows: Sequence[Row], fitted: ConfidenceParams) -> None:
    """Print, by suite, how often the leading trace is right under each way to choose it."""
    ways: dict[str, Callable[[Sequence[Row]], Row | None]] = {
        **{f"{name} alone": (lambda said, n=name: of(said, n)) for name in MEMORIES},
        "highest score": lambda said: max(said, key=lambda r: r["score"], default=None),
        "likeliest": lambda said: max(said, key=lambda r: worth(r, fitted), default=None),
        "in turn": lambda said: in_turn(said, fitted),
    }
    items: dict[Key, list[Row]] = {}
    for r in rows:
        items.setdefault(key(r), []).append(r)
    print(f"{'':16}" + "".join(f"{suite:>10}" for suite in SUITES) + "   spoke of the unknown")
    for way, choose in ways.items():
        right: dict[str, list[bool]] = {suite: [] for suite in SUITES}
        spoke = []
        for told in items.values():
            denied = way == "in turn" and any(r["denied"] for r in told)
            led = None if denied else choose([r for r in told if r["score"] is not None])
            if told[0]["slice"] == "unknown":
                spoke.append(led is not None)
            else:
                right[told[0]["suite"]].append(led is not None and led["right"])
        shares = "".join(f"{np.mean(found):10.3f}" for found in right.values())
        print(f"{way:16}{shares}   {sum(spoke)} of {len(spoke)}")


def in_turn(said: Sequence[Row], fitted: ConfidenceParams) -> Row | None:
    """Return what leads when each memory is asked only what the earlier ones left open."""
    found: list[Row] = []
    for name in ORDER:
        if (mine := of(said, name)) is not None:
            found.append(mine)
            if worth(mine, fitted) >= RecallParams().enough:
                break
    return max(found, key=lambda r: worth(r, fitted), default=None)


def of(said: Sequence[Row], name: str) -> Row | None:
    """Return what one memory told."""
    return next((r for r in said if r["memory"] == name), None)


def worth(row: Row, fitted: ConfidenceParams) -> float:
    """Return how likely a trace is right."""
    return fitted.probability(row["score"], row["memory"])


def key(row: Row) -> Key:
    """Return what tells an item from all others."""
    return row["seed"], row["suite"], row["item"]


def read(path: Path) -> list[Row]:
    """Return the rows of an earlier run."""
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return [json.loads(line) for line in lines]


def collect(suite: str, size: int, seed: int, parts: Mapping[str, Any]) -> list[Row]:
    """Return a row for every memory and item: the score of the leading trace, None without one."""
    session = generate(suite, size=size, seed=seed)
    rows, is_open = [], dict.fromkeys((item.query.id for item in session.items), True)
    for name in MEMORIES:
        params = AllParams().model_dump()[name]
        memory = load_memory(name, **parts, **params)
        memory.observe(session.events)
        memory.replay()
        asked = [i for i in session.items if name != "sgc_rss" or is_open[i.query.id]]
        began = time.perf_counter()
        recalls = memory.recall([item.query for item in asked])
        spent_ms = 1000 * (time.perf_counter() - began) / max(1, len(asked))
        print(f"{suite} {seed} {name}: {len(asked)} questions, {spent_ms:.0f} ms each", flush=True)
        denied = [False] * len(asked)
        if name == "sgc_rss":
            denied = memory.denies([item.query for item in asked])
        for item, recall, none in zip(asked, recalls, denied, strict=True):
            is_open[item.query.id] &= name != "smpd" or not recall.traces
            rows.append(row(name, suite, seed, item, recall) | {"denied": none})
    return rows


def row(name: str, suite: str, seed: int, item: Item, recall: Recall) -> Row:
    """Return what a memory led with for an item."""
    best = recall.traces[0] if recall.traces else None
    return {
        "seed": seed,
        "suite": suite,
        "memory": name,
        "item": item.query.id,
        "slice": item.slice,
        "question": item.query.text,
        "told": best.text if best else None,
        "score": best.score if best else None,
        "right": is_right(item, recall),
    }


def is_right(item: Item, recall: Recall) -> bool:
    """Say whether the leading trace tells the answer, or the next step."""
    if not recall.traces:
        return not item.answerable
    best = recall.traces[0]
    if item.navigation:
        nearer = item.navigation.nearer[item.navigation.start].values()
        return any(set(events) & set(best.events) for events in nearer)
    return item.answerable and any(answer in best.text for answer in item.answers)


if __name__ == "__main__":
    main()
