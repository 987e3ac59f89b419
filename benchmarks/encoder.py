"""The embedded encoder beside sentence-transformers, on the same texts and one thread.

    python benchmarks/encoder.py

Turns of the suites, alone and several joined, so that lengths differ as those of a conversation do.
Both are asked in turns, and the best of each is told, in processor time: one thread has no other,
and other work on the machine only ever slows.
"""

import argparse
import os
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from memeval.config import Settings
from memeval.encoders import load_encoder
from memeval.models.local.minilm import minilm_folder
from memeval.suites.own import generate

SUITES = ("episodic", "semantic")
JOINED = (1, 1, 1, 2, 3, 6)


def texts_of(count: int) -> list[str]:
    """Return texts of about 10 to 150 tokens, always the same."""
    rng = random.Random(7)
    events = [event.text for name in SUITES for event in generate(name, size=200, seed=7).events]
    return [" ".join(rng.choices(events, k=rng.choice(JOINED))) for _ in range(count)]


def timed(encode: Callable[[], Any]) -> tuple[float, Any]:
    """Return how many seconds of processor time a call takes, and what it gives."""
    start = time.process_time()
    found = encode()
    return time.process_time() - start, found


def reference(folder: Path) -> Any:
    """Return sentence-transformers' encoder of the same files; None where it is not installed."""
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError:
        return None
    return SentenceTransformer(str(folder), device="cpu")


def compare(texts: list[str], rounds: int) -> None:
    """Print items a second of both, their ratio, and the largest difference of a number."""
    cache_dir = Settings().cache_dir
    ours = load_encoder("minilm", cache_dir=cache_dir, device="cpu", threads=1, vector_cache=False)
    theirs = reference(minilm_folder(cache_dir))
    calls: dict[str, Callable[[], Any]] = {
        "memeval, minilm": lambda: ours.encode(texts, kind="event")
    }
    if theirs:
        calls["sentence-transformers"] = lambda: theirs.encode(texts, normalize_embeddings=True)
    for encoder in (ours, *([theirs] if theirs else [])):  # what is made on first use
        encoder.encode(texts[:64], **({"kind": "event"} if encoder is ours else {}))
    taken: dict[str, list[float]] = {name: [] for name in calls}
    found = {}
    for _ in range(rounds):
        for name, call in calls.items():
            seconds, found[name] = timed(call)
            taken[name].append(seconds)
    rates = {name: len(texts) / min(seconds) for name, seconds in taken.items()}
    for name, rate in rates.items():
        print(f" {name:<24}{rate:>8.1f} items/s")
    if theirs:
        ratio = rates["memeval, minilm"] / rates["sentence-transformers"]
        difference = np.abs(found["memeval, minilm"] - found["sentence-transformers"]).max()
        print(f" {'ratio':<24}{ratio:>8.2f}")
        print(f" {'largest difference':<24}{difference:>8.0e}")
    else:
        print("sentence-transformers is not installed")


def measure_cache(texts: list[str]) -> None:
    """Print what texts cost that are new to the cache, and those that are in it."""
    source = minilm_folder(Settings().cache_dir)
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / source.name).symlink_to(source)
        kept = load_encoder("minilm", cache_dir=Path(place), device="cpu", threads=1)
        for what in ("new to the cache", "from the cache"):
            seconds, _ = timed(lambda: kept.encode(texts, kind="event"))
            print(f" {what:<24}{len(texts) / seconds:>8.1f} items/s")


def main() -> None:
    """Compare both, then measure the cache."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--texts", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"):
        os.environ[variable] = "1"  # read by torch and the tokenizers, which are not imported yet
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    texts = texts_of(options.texts)
    print(f"{len(set(texts)):,} texts, one thread, best of {options.rounds}, processor time\n")
    compare(texts, options.rounds)
    measure_cache(texts)


if __name__ == "__main__":
    main()
