"""Times stores from ten thousand to a million traces: writing, recall, bytes, saving and loading.

python benchmarks/stores.py [--sizes 10000 100000] [--stores dense hei_nw] [--plot FILE.png]
                            [--rows FILE.json]

Bytes are those of a saved store, a trace; rankers save events alone, and encode them anew when they
load. With `--rows`, what was measured is kept there, and not measured again.

What the encoder costs is left out: a text's vector is the sum of a random vector a word, and the
time that takes is subtracted. Events come as a stream of batches that nobody keeps but the memory.
Times are processor time, so that other work on the machine does not count. Every row has a process
of its own, whose peak memory is told. Where `faiss-cpu` is installed, dense and hybrid are searched
by inverted lists as well, with how much of the exact best five is found so.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from memeval import load_memory
from memeval.cli import render
from memeval.models.scripted import ScriptedModel
from memeval.suites.own import words
from memeval.types import Event, Query

STORES = ("rag", "dense", "hybrid", "hei_nw", "sgc_rss", "dense lists", "hybrid lists")
MEMORIES = {"rag": "bm25", "dense lists": "dense", "hybrid lists": "hybrid"}
UNBOUND = {"hei_nw": "store.max_traces", "sgc_rss": "store.max_edges"}
MOST_MS, MOST_MB = 20, 4000
"""Of a recall (p95), and of memory at its peak: what a store is held to."""
SIZES, BATCH, QUERIES, SEED = (10_000, 100_000, 1_000_000), 1000, 100, 7
VERBS = ("works for", "lives in", "was born in", "is a pupil of", "is a rival of")
HEADER = ("store", "traces", "writes/s", "p50", "p95", "B disk", "save s", "load s", "MB", "of 5")


class Table:
    """An encoder that sums a random vector a word, and knows how long it took."""

    name, width = "table", 384

    def __init__(self) -> None:
        self._random = np.random.default_rng(SEED)
        self._of_word: dict[str, np.ndarray] = {}
        self.seconds = 0.0

    def encode(self, texts: Sequence[str], *, kind: str) -> np.ndarray:  # noqa: ARG002 - an encoder is told
        """Return unit vectors, `(texts, width) float32`."""
        began = time.process_time()
        rows = np.stack([np.sum([self._word(w) for w in text.split()], 0) for text in texts])
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        self.seconds += time.process_time() - began
        return rows

    def _word(self, word: str) -> np.ndarray:
        if word not in self._of_word:
            self._of_word[word] = self._random.standard_normal(self.width).astype(np.float32)
        return self._of_word[word]


def stream(size: int) -> Iterator[list[Event]]:
    """Give batches of facts about people; each tells who did what, or where somebody belongs."""
    pick = random.Random(SEED).choice
    things = [" ".join(n) for n in product(words.ADJECTIVES, words.NOUNS)]
    places = [" ".join(n) for n in product(words.PLACE_NAMES, words.PLACE_KINDS)]
    for start in range(0, size, BATCH):
        batch = []
        for i in range(start, start + BATCH):
            who, verb = who_of(i), pick(words.VERBS)
            text = f"{who} {verb.past} a {pick(things)} at {pick(places)}."
            batch.append(
                Event(f"e{i}", text if i % 2 else f"{who} {pick(VERBS)} {who_of(i + 7)}.", i)
            )
        yield batch


def who_of(number: int) -> str:
    """Return one of hundreds of thousands of names, spread over the stream."""
    first, last = words.FEMALE_NAMES + words.MALE_NAMES, words.SURNAMES
    number = number * 7919 % 262_144
    code = np.base_repr(number // (len(first) * len(last)), 26).lower().translate(LETTERS)
    return f"{first[number % len(first)]} {last[number // len(first) % len(last)]}{code}"


LETTERS = str.maketrans("0123456789", "zyxwvutsrq")


def queries_of(size: int) -> list[Query]:
    """Return questions about people that are spread over the stream."""
    step = max(1, size // QUERIES)
    return [
        Query(f"q{i}", f"What has {who_of(i)} done, and where?", size)
        for i in range(1, size, step)
    ][:QUERIES]  # fmt: skip


def measured(store: str, size: int) -> dict[str, float | None]:
    """Return what a store of so many traces costs."""
    table = Table()
    memory = empty(store, size, table)
    told = sum(seconds(partial(memory.observe, batch)) for batch in stream(size))
    told += seconds(memory.replay)
    queries = queries_of(size)
    # rankers index what was written when they are first asked
    told += seconds(lambda: memory.recall(queries[:1])) - table.seconds
    times = [1000 * seconds(lambda query=query: memory.recall([query])) for query in queries]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with TemporaryDirectory() as folder:
        place = Path(folder, "store")
        save_s = seconds(lambda: memory.save(place))
        nbytes = sum(path.stat().st_size for path in place.rglob("*"))
        load_s = seconds(lambda: memory.load(place))
    found = share_found(memory, queries) if store.endswith("lists") else None
    return {
        "writes": size / told,
        "p50": float(np.median(times)),
        "p95": float(np.percentile(times, 95)),
        "bytes": nbytes / size,
        "save": save_s,
        "load": load_s,
        "peak": peak,
        "found": found,
        "took": time.process_time(),
    }


def empty(store: str, size: int, table: Table) -> Any:
    """Return a memory that holds a whole stream."""
    params: dict[str, Any] = {UNBOUND[store]: 2 * size} if store in UNBOUND else {}
    if store == "sgc_rss":  # the scripted model cannot tell which phrasings say the same
        params["schema.join"] = False
    if store.endswith("lists"):
        params |= {"approximate.enabled": True, "approximate.above": 1}
    return load_memory(MEMORIES.get(store, store), model=ScriptedModel(), encoder=table, **params)


def share_found(memory: Any, queries: Sequence[Query]) -> float:
    """Return which share of the five best of an exact search is among the five best."""
    ours = memory.recall(queries)
    memory._vectors._lists = None
    shares = []
    for one, exact in zip(ours, memory.recall(queries), strict=True):
        least = exact.traces[4].score  # equal texts tie; either will do
        shares.append(sum(trace.score >= least for trace in one.traces[:5]) / 5)
    return float(np.mean(shares))


def seconds(act: Any) -> float:
    """Return how many seconds of the processor something takes."""
    began = time.process_time()
    act()
    return time.process_time() - began


def main() -> None:
    """Print a row for every store and size, and draw them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--stores", nargs="+", default=STORES, choices=STORES)
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--rows", type=Path)
    parser.add_argument(
        "--limit-s", type=float, default=3600, help="of one row, as the size before it forecasts"
    )
    parser.add_argument("--one", action="store_true", help="measure one row, as JSON")
    chosen = parser.parse_args()
    if chosen.one:
        print(json.dumps(measured(chosen.stores[0], chosen.sizes[0])))
        return
    kept = chosen.rows and chosen.rows.is_file() and chosen.rows.read_text("utf-8")
    found: dict[tuple[str, int], Any] = {(s, n): row for s, n, row in json.loads(kept or "[]")}
    for size, store in product(sorted(chosen.sizes), chosen.stores):
        if (store, size) in found:
            continue
        shorter = [row["took"] * size / n for (of, n), row in found.items()
                   if of == store and not isinstance(row, str)]  # fmt: skip
        if shorter and shorter[-1] > chosen.limit_s:
            found[store, size] = f"not run, about {shorter[-1]:,.0f} s"
        else:
            found[store, size] = apart(store, size, chosen.limit_s)
        print(f"{store} {size:,}: {found[store, size]}", file=sys.stderr, flush=True)
        if chosen.rows:
            rows = [(*key, row) for key, row in found.items()]
            chosen.rows.write_text(json.dumps(rows, indent=1), "utf-8")
    rows = sorted(found.items(), key=lambda one: (one[0][1], STORES.index(one[0][0])))
    render.table(
        "stores; recall in milliseconds of processor time, peak MB, how many of the exact best 5",
        HEADER,
        [(store, f"{size:,}", *cells(row)) for (store, size), row in rows],
    )
    for (store, size), row in rows:
        if isinstance(row, str):
            render.note(f"{store} {size:,}: {row}")
    render.line(f"p95 below {MOST_MS} ms in less than {MOST_MB:,} MB:")
    for store in chosen.stores:
        render.line(
            f"  {store}: {how_far({n: row for (of, n), row in found.items() if of == store})}"
        )
    if chosen.plot:
        draw(found, chosen.plot)


def apart(store: str, size: int, limit_s: float) -> dict[str, float | None] | str:
    """Measure a row in a process of its own; say why it has none."""
    command = [sys.executable, __file__, "--one", "--stores", store, "--sizes", str(size)]
    try:
        ran = subprocess.run(
            command, capture_output=True, text=True, timeout=3 * limit_s, check=False
        )
    except subprocess.TimeoutExpired:
        return f"not done in {3 * limit_s:g} s"
    if ran.returncode:
        return ran.stderr.strip().split("\n")[-1] or f"ended with {ran.returncode}"
    row: dict[str, float | None] = json.loads(ran.stdout)
    return row


def cells(row: Any) -> tuple[str, ...]:
    """Return a row's figures as they are printed."""
    if isinstance(row, str):
        return ("-",) * (len(HEADER) - 2)
    found = "-" if row["found"] is None else f"{row['found']:.2f}"
    return (
        f"{row['writes']:,.0f}",
        *(f"{row[name]:.1f}" for name in ("p50", "p95")),
        f"{row['bytes']:,.0f}",
        *(f"{row[name]:.1f}" for name in ("save", "load")),
        f"{row['peak']:,.0f}",
        found,
    )


def how_far(rows: dict[int, Any]) -> str:
    """Say up to which size a store holds; where it fails, by a straight line between two sizes."""
    before: tuple[int, Any] | None = None
    for size, row in sorted(rows.items()):
        if isinstance(row, str):
            break
        loads = [row["p95"] / MOST_MS, row["peak"] / MOST_MB]
        if max(loads) >= 1:
            if before is None:
                return f"not even {size:,} traces"
            smaller, were = before
            crossed = [
                smaller + (size - smaller) * (1 - was) / (now - was)
                for was, now in zip(were, loads, strict=True)
                if now >= 1
            ]
            return f"{smaller:,} traces; until about {round(min(crossed), -4):,.0f} by a line"
        before = size, loads
    return f"{before[0]:,} traces, the most that was measured" if before else "not measured"


def draw(found: Any, path: Path) -> None:
    """Draw recall and writes over the size, both in logarithms."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 3.6), layout="constrained")
    for axes, name, label in zip(
        figure.subplots(1, 2), ("p95", "writes"), ("recall p95, ms", "writes a second"), strict=True
    ):
        for store in sorted({store for store, _ in found}, key=STORES.index):
            points = sorted((n, row[name]) for (of, n), row in found.items()
                            if of == store and not isinstance(row, str))  # fmt: skip
            axes.loglog(*zip(*points, strict=True), marker="o", label=store) if points else None
        axes.set(xlabel="traces", ylabel=label)
        axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(path, dpi=120)


if __name__ == "__main__":
    main()
