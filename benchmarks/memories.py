"""Times the stores of the memories beside `bm25s` and a FAISS flat index, on the same texts.

What the encoder costs is left out: the vectors of a text come from a table made beforehand, the
sum of a random vector a word. Tokenizing and looking words up in the model's embedding space is
part of what is timed, in processor time, so that other work on the machine does not count. FAISS
is compared if it is installed (`pip install faiss-cpu`), on the same vectors. What teaching costs
beside encoding is told by `benchmarks/teaching.py`.
"""

import argparse
import random
import resource
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import product

import bm25s
import numpy as np
import psutil

from memeval import load_memory, load_model
from memeval.memories.hei_nw.lexicon import unit_rows, words_of
from memeval.suites.own import words
from memeval.types import Event, Query

BATCH = 1000
QUERIES = 300


class Table:
    """An encoder that looks up what it has been told, so that only the memory's work is timed."""

    name, width = "table", 384

    def __init__(self, texts: Iterable[str]) -> None:
        random = np.random.default_rng(7)
        of_word = defaultdict(lambda: random.standard_normal(self.width).astype(np.float32))
        self._vectors = {
            text: unit_rows(sum(of_word[word] for word in words_of(text))[None])[0]
            for text in texts
        }

    def encode(self, texts: Sequence[str], *, kind: str) -> np.ndarray:  # noqa: ARG002 - an encoder is told
        """Return the vectors of texts, `(texts, width)`."""
        return np.stack([self._vectors[text] for text in texts])


def main() -> None:
    """Print a row for every size and store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    model = load_model("smollm2")
    print(f"{'store':22} {'traces':>8} {'writes/s':>9} {'recall ms':>10} {'p95':>7} {'bytes':>7}")
    for size in options.sizes:
        events, queries = stream(size, options.seed)
        table = Table(one.text for one in (*events, *queries))
        ways = {
            "hei_nw": partial(hei_nw, model, table),
            "hei_nw, words alone": partial(hei_nw, model, None),
            "bm25s": lexical,
            "faiss flat": partial(dense, table),
        }
        for name, build in ways.items():
            try:
                writes, times, nbytes = build(events, queries)
            except ImportError:
                print(f"{name:22} {size:8}   not installed")
                continue
            ms = 1000 * np.array(times)
            print(f"{name:22} {size:8} {writes:9.0f} {np.median(ms):10.2f} "
                  f"{np.percentile(ms, 95):7.2f} {nbytes:7.0f}", flush=True)  # fmt: skip
    print(
        f"peak resident memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"
    )


def stream(size: int, seed: int) -> tuple[list[Event], list[Query]]:
    """Return events of the episodic kind, and questions with two cues about some of them."""
    pick = random.Random(seed).choice
    people = [" ".join(n) for n in product(words.FEMALE_NAMES + words.MALE_NAMES, words.SURNAMES)]
    things = [" ".join(n) for n in product(words.ADJECTIVES, words.NOUNS)]
    places = [" ".join(n) for n in product(words.PLACE_NAMES, words.PLACE_KINDS)]
    events, queries = [], []
    for i in range(size):
        who, verb, thing, place = pick(people), pick(words.VERBS), pick(things), pick(places)
        day = f"{i % 28 + 1} {pick(words.MONTHS)}"
        text = f"{who} {verb.past} a {thing} at {place} on {day}."
        events.append(Event(f"e{i}", text, i))
        if i % max(1, size // QUERIES) == 0:
            queries.append(Query(f"q{i}", f"Where did {who} {verb.base} the {thing}?", size))
    return events, queries


def hei_nw(model, encoder, events, queries):  # type: ignore[no-untyped-def]
    """Return writes a second, seconds of each recall, and bytes a trace by resident memory."""
    memory = load_memory(
        "hei_nw", model=model, encoder=encoder, **{"store.max_traces": 10 * len(events)}
    )
    process = psutil.Process()
    before = process.memory_info().rss
    began = time.process_time()
    for start in range(0, len(events), BATCH):
        memory.observe(events[start : start + BATCH])
    writes = len(events) / (time.process_time() - began)
    nbytes = (process.memory_info().rss - before) / len(events)
    return writes, timed(lambda query: memory.recall([query]), queries), nbytes


def lexical(events, queries):  # type: ignore[no-untyped-def]
    """The same with `bm25s`, which is indexed once for all and cannot be added to."""
    began = time.process_time()
    retriever = bm25s.BM25()
    retriever.index([words_of(e.text) for e in events], show_progress=False)
    writes = len(events) / (time.process_time() - began)
    nbytes = sum(part.nbytes for part in retriever.scores.values() if hasattr(part, "nbytes"))

    def ask(query: Query) -> None:
        retriever.retrieve([words_of(query.text)], k=5, show_progress=False)

    return writes, timed(ask, queries), nbytes / len(events)


def dense(table, events, queries):  # type: ignore[no-untyped-def]
    """The same with a FAISS flat index over the same vectors."""
    import faiss

    faiss.omp_set_num_threads(1)
    rows = table.encode([event.text for event in events])
    began = time.process_time()
    index = faiss.IndexFlatIP(rows.shape[1])
    index.add(rows)
    writes = len(events) / (time.process_time() - began)
    cues = {query.id: table.encode([query.text]) for query in queries}
    return writes, timed(lambda query: index.search(cues[query.id], 5), queries), 4 * rows.shape[1]


def timed(ask, queries):  # type: ignore[no-untyped-def]
    """Return the seconds that each question took, after one to warm up."""
    ask(queries[0])
    times = []
    for query in queries:
        began = time.process_time()
        ask(query)
        times.append(time.process_time() - began)
    return times


if __name__ == "__main__":
    main()
