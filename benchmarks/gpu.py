"""Tries the engine on a GPU, with nothing but the package: right answers, speed, kernels.

    python benchmarks/gpu.py [--items 180] [--seconds 480] [--device cuda]

First what is right: in float32 and in bfloat16, on one GPU and over several, every answer against
that of the CPU in float32. One that differs is a tie if the CPU finds both ways to go on nearly as
likely where they part: their log p differ by less than NOISE. Any other ends the script with 1.
Then what is fast: items a second beside transformers' `generate`, and vLLM where it is installed;
prefill as a share of the matrix products' rate; and one layer's attention in a packed chunk by the
kernels that torch has. What begins after `--seconds` is left out, and says so. Where there is no
GPU all of it runs on the CPU.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from engine import (
    KV_CACHE_MB,
    MAX_NEW_TOKENS,
    STOP,
    Watched,
    gold_prompts,
    prefill_and_peak,
    transformers_generate,
)
from packed_attention import kernels
from sharing import nats_apart, vllm_engine

from memeval import load_model
from memeval.cli import render
from memeval.models import Prompt

NOISE = {"float32": 0.01, "bfloat16": 0.5}
"""Nats by which rounding moves the log p of a token: what is nearer is a tie."""
ROWS = {"cpu": 16, "cuda": 64}  # of `generate`; more of them do not make it faster
SURPRISES = 32  # prompts whose every token is compared
Texts = list[str]


class Verdict(NamedTuple):
    """How many answers equal the reference's, tie with it, or are others."""

    equal: int
    ties: int
    others: int


class Budget:
    """Says whether there is time left, and what was left out."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self.left_out: list[str] = []

    def allows(self, what: str) -> bool:
        """Whether something may begin; if not it is noted."""
        if time.monotonic() < self._end:
            return True
        self.left_out.append(what)
        return False


def main() -> None:
    """Print the tables; leave with 1 if an answer is neither the reference's nor a tie."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=180)
    parser.add_argument("--seconds", type=float, default=480)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--model", default="smollm2")
    chosen = parser.parse_args()
    budget, device = Budget(chosen.seconds), chosen.device
    told_machine(device)
    cpu: Any = load_model(chosen.model, device="cpu")
    prompts, _ = gold_prompts(cpu, chosen.items)
    reference, nats = answers(cpu, prompts), surprises(cpu, prompts)
    verdicts, speed, notes = [], [], []
    for place, precision in ways(device, torch.cuda.device_count()):
        if not budget.allows(f"{place} in {precision}"):
            continue
        model: Any = load_model(chosen.model, device=place, precision=precision)
        found = verdict(cpu, prompts, reference, answers(model, prompts), NOISE[precision])
        moved = np.abs(surprises(model, prompts) - nats)
        verdicts.append((place, precision, found, moved))
        if place == device:
            speed += contest(model, prompts, precision, budget)
            notes.append(prefill(model, prompts, precision, budget))
        del model
    told_verdicts(verdicts)
    header = ("precision", "engine", "items/s", "ours/it", "same")
    render.table(f"{len(prompts)} prompts", header, speed)
    for note in filter(None, notes):
        render.line(note)
    if budget.allows("attention"):
        rows = kernels(cpu._model.config, device)
        render.table("one layer, a packed chunk", ("attention", "type", "ms", "apart"), rows)
    for what in budget.left_out:
        render.line(f"left out, as the time was up: {what}")
    sys.exit(any(found.others for _, _, found, _ in verdicts))


def told_machine(device: str) -> None:
    """Say what all of it ran on."""
    if device == "cpu":
        render.line(f"no GPU: all of this ran on {torch.get_num_threads()} thread(s) of a CPU")
    else:
        names = [torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count())]
        render.line(f"{', '.join(names)}; torch {torch.__version__}")


def ways(device: str, gpus: int) -> list[tuple[str, str]]:
    """Return where and how precisely the model is asked; over all GPUs where there are several."""
    places = [device, *(["auto"] if device != "cpu" and gpus > 1 else [])]
    return [(place, precision) for place in places for precision in NOISE]


def answers(way: Any, prompts: Sequence[Prompt]) -> Texts:
    """Return what a model, or a reader of notes, answers."""
    done = way.generate(prompts, max_new_tokens=MAX_NEW_TOKENS, stop=[STOP])
    return [one.text for one in done]


def surprises(model: Any, prompts: Sequence[Prompt]) -> Any:
    """Return the nats of all tokens of some prompts' notes and questions."""
    texts = ["".join(prompt.pieces[1:]) for prompt in prompts[:SURPRISES]]
    return np.concatenate(model.surprise(texts))


def verdict(
    model: Any, prompts: Sequence[Prompt], reference: Texts, found: Texts, noise: float
) -> Verdict:
    """Compare answers with those of the reference, whose model tells ties."""
    apart = [
        nats_apart(model, prompt, one, other)
        for prompt, one, other in zip(prompts, reference, found, strict=True)
        if one != other
    ]
    ties = sum(nats < noise for nats in apart)
    return Verdict(len(prompts) - len(apart), ties, len(apart) - ties)


def told_verdicts(verdicts: Sequence[tuple[str, str, Verdict, Any]]) -> None:
    """Print how many answers are those of the CPU, and how far its log p are moved."""
    rows = [
        (place, precision, *map(str, found), f"{np.median(moved):.0e}", f"{moved.max():.0e}")
        for place, precision, found, moved in verdicts
    ]
    header = ("device", "precision", "equal", "ties", "others", "nats, median", "most")
    render.table("answers against the CPU's in float32", header, rows)


def contest(
    model: Any, prompts: Sequence[Prompt], precision: str, budget: Budget
) -> list[tuple[str, ...]]:
    """Return rates of the engine and of what a user would pick instead, all warm."""
    notes = model.stitching(cache_mb=KV_CACHE_MB)
    kind = "cpu" if model._model.device.type == "cpu" else "cuda"
    contestants: dict[str, Callable[[Sequence[Prompt]], Texts]] = {
        "memeval, text": lambda prompts: answers(model, prompts),
        "memeval, kv, notes new": lambda prompts: answers(notes, prompts),
        "memeval, kv, notes kept": lambda prompts: answers(notes, prompts),
        f"generate, {ROWS[kind]}": lambda asked: transformers_generate(model, asked, ROWS[kind]),
    }
    if (other := vllm_engine(model, precision)) is not None:
        contestants["vLLM"] = other
    expected, first, rows = answers(model, prompts), 0.0, []
    for name, run in contestants.items():
        if not budget.allows(f"{name} in {precision}"):
            continue
        if not name.startswith("memeval"):
            run(prompts[:1])
        began = time.perf_counter()
        found = run(prompts)
        rate = len(prompts) / (time.perf_counter() - began)
        first = first or rate
        same = sum(a == b for a, b in zip(found, expected, strict=True)) / len(found)
        rows.append((precision, name, f"{rate:.1f}", f"{first / rate:.1f}", f"{same:.2f}"))
    return rows


def prefill(model: Any, prompts: Sequence[Prompt], precision: str, budget: Budget) -> str:
    """Return a line with prefill as a share of what matrix products of its shapes reach."""
    if not budget.allows(f"prefill in {precision}"):
        return ""
    rate, peak = prefill_and_peak(
        model, Watched(model._model), lambda: answers(model, prompts), prompts[0].prefix
    )
    share = f"{100 * rate / peak:.0f} %"
    return f"prefill, {precision}: {rate / 1e12:.2f} of {peak / 1e12:.2f} TFLOP/s, {share}"


if __name__ == "__main__":
    main()
