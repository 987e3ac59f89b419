"""Times `memeval report` over 1,080 cells of 200 made-up items, and its peak resident memory.

Then how long Chromium takes to open that page, and the committed report: from its address to the
end of its scripts, as the browser tells it.
"""

import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from memeval.metrics import summarize
from memeval.results import META, CellResult, ItemRecord, write_cell
from memeval.results.files import META_FORMAT, SEALED
from memeval.scoring.scorer import STANDARD
from memeval.sealing import sealed

ROOT = Path(__file__).parents[1]
COMMITTED = ROOT / "reports" / "2026-11-23" / "index.html"
LOADS = 9
ITEMS = 200
MODELS = ("small", "medium", "large", "huge")
SUITES = ("episodic", "semantic", "spatial")
SIZES = (50, 200, 1000)  # as names of cells; each holds 200 items all the same
SEEDS = (1337, 2025, 4242)
SCORES = {
    "baselines/closed_book": 0.02,
    "baselines/shuffled": 0.03,
    "baselines/core": 0.3,
    "baselines/longctx": 0.1,
    "baselines/rag": 0.5,
    "baselines/oracle": 0.95,
    "memory/hei_nw": 0.8,
    "memory/sgc_rss": 0.85,
    "memory/smpd": 0.9,
    "memory/all": 0.9,
}
SLICES = ("exact", "paraphrase", "partial", "noisy", "update", "bound", "unknown")


def record(number: int, session: str, score: float, rng: random.Random) -> ItemRecord:
    """Return an item with five traces, right with probability `score`."""
    slice_ = SLICES[number % len(SLICES)]
    right = rng.random() < score
    return ItemRecord(
        session=session,
        query_id=f"q{number:05d}",
        slice=slice_,
        question=f"Where did somebody number {number} repair the striped stethoscope in March?",
        answers=[f"Brockley Station {number}"],
        answerable=slice_ != "unknown",
        gold_events=[f"e{number}"],
        prediction=f"Brockley Station {number}" if right else "Walnut Abbey",
        scores=dict.fromkeys(STANDARD, float(right)),
        abstained=False,
        recalled_events=[[f"e{number + i}"] for i in range(5)],
        recalled_texts=[f"In fact, somebody number {number + i} did it there." for i in range(5)],
        recalled_scores=[1.0, 0.8, 0.6, 0.4, 0.2],
        traces_read=1,
        reciprocal_rank=1.0,
        lost=None if right else "not_used",
        prompt_tokens=600,
        reused_tokens=500,
        generated_tokens=5,
        recall_ms=1.0,
        prefill_ms=80.0,
        decode_ms=20.0,
    )


def write_cells(runs_dir: Path) -> int:
    """Write a cell for each preset, suite, size and seed, once for each model."""
    count = 0
    for preset, score in SCORES.items():
        for suite in SUITES:
            for size in SIZES:
                for seed in SEEDS:
                    tail = Path(suite) / f"{size}_{seed}"
                    _write(runs_dir, preset, tail, score)
                    count += len(MODELS)
    return count


def _write(runs_dir: Path, preset: str, tail: Path, score: float) -> None:
    suite, size, seed = tail.parent.name, *map(int, tail.name.split("_"))
    rng = random.Random(f"{preset} {tail}")
    session = f"{suite}-{size}-{seed}"
    items = tuple(record(number, session, score, rng) for number in range(ITEMS))
    metrics = summarize(
        items,
        primary=STANDARD[0],
        n_sessions=1,
        phases_ms={"teach": 300.0, "replay": 0.0, "recall": 10.0, "read": 195.0},
        peak_bytes=2**30,
        events=600,
        memory_stats={"store_items": 600, "store_bytes": 40000, "gate_written": 300},
        writes={"precision": 0.9, "recall": 0.9},
        read_as="kv",
        kv_cache={"hits": 0, "misses": 0, "evictions": 0, "items": 0, "bytes": 0},
    )
    for model in MODELS:
        folder = runs_dir / preset / model / tail
        meta = {
            "identity": "made up",
            "preset": preset,
            "model": {"name": model, "fingerprint": model},
            "suite": suite,
            "size": size,
            "seed": seed,
            "config": {"memory": preset, "limit": None},
            "config_hash": preset,
        }
        if model == MODELS[0]:
            write_cell(folder, CellResult(items, metrics), meta)
            first = folder
            continue
        folder.mkdir(parents=True)
        for file in first.iterdir():
            os.link(file, folder / file.name)
        (folder / META).unlink()
        head = sealed(folder, META, meta | {"format": META_FORMAT}, SEALED)
        (folder / META).write_text(json.dumps(head), "utf-8")


def tell_opening(page: Path, profile: Path) -> None:
    """Print the size of a page, and the median time that it takes to open."""
    sys.path.insert(0, str(ROOT / "tests"))  # the browser is that of the tests
    from browser import Browser, find

    print(f"size      {page.stat().st_size / 2**20:.1f} MB")
    program = find()
    if program is None:
        print("opens in  (no Chromium found)")
        return
    taken = "performance.timing.loadEventEnd - performance.timing.navigationStart"
    with Browser(program, profile) as browser:
        times = []
        for _ in range(LOADS):
            browser.open(page, width=1280, height=1000)
            times.append(browser.value(taken))
    middle = statistics.median(times)
    print(f"opens in  {middle:.0f} ms, the median of {LOADS}, {min(times)} to {max(times)}")


def main() -> None:
    """Print the time and the peak of the whole command, in a process of its own."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:  # a browser lingers
        root = Path(name)
        count = write_cells(root / "runs" / "bench")
        places = {
            "MEMEVAL_RUNS_DIR": str(root / "runs"),
            "MEMEVAL_REPORTS_DIR": str(root / "reports"),
        }
        start = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "memeval", "report", "bench"],
            check=True,
            stdout=subprocess.DEVNULL,
            env=os.environ | places,
        )
        seconds = time.perf_counter() - start
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        print(f"{count} cells of {ITEMS} items")
        print(f"wall      {seconds:.1f} s")
        print(f"processor {used.ru_utime + used.ru_stime:.1f} s")
        print(f"peak      {used.ru_maxrss / 1024:.0f} MB")
        for title, page in (
            ("its index.html", root / "reports" / "bench" / "index.html"),
            (str(COMMITTED.relative_to(ROOT)), COMMITTED),
        ):
            print(f"\n{title}")
            tell_opening(page, root / f"browser of {page.parent.name}")


if __name__ == "__main__":
    main()
