"""Times the engine against what a user would pick instead, on the same prompts, in one run.

    python benchmarks/engine.py [--items 64] [--threads 2] [--device cpu]

Prints items per second, ratios, agreement of the answers, time outside the model's forward passes,
and how much of the measured matrix-product rate the prefill reaches. lm-evaluation-harness is timed
where it is installed.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from statistics import median
from typing import Any

import torch

from memeval import load_memory, load_model
from memeval.cli import render
from memeval.config import ReaderOptions
from memeval.models import Prompt
from memeval.reader import Reader
from memeval.scoring.answers import exact_match
from memeval.suites.own import generate as make_session

KV_CACHE_MB = 1024
SEED, SIZE, MAX_NEW_TOKENS, STOP = 1337, 200, 16, "\n"
REPEATS = 20
ROUNDS = 5
CHUNK = 512  # tokens of a forward pass of the engine on a CPU


class Watched:
    """Adds up the time spent in a model's forward passes, and their tokens."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self.reset()

    def reset(self) -> None:
        """Start from zero."""
        self.seconds = 0.0
        self.prefill_seconds = 0.0
        self.prefill_tokens = 0

    @contextmanager
    def watching(self) -> Any:
        """Time every forward pass of a `with` block."""
        forward = self._model.forward

        def timed(*args: Any, **kwargs: Any) -> Any:
            start = time.perf_counter()
            out = forward(*args, **kwargs)
            if self._model.device.type == "cuda":
                torch.cuda.synchronize()
            spent = time.perf_counter() - start
            self.seconds += spent
            tokens = kwargs["input_ids"].numel() if "input_ids" in kwargs else 0
            if tokens > out.logits.shape[1]:  # in decoding every token wants its logits
                self.prefill_seconds += spent
                self.prefill_tokens += tokens
            return out

        self._model.forward = timed
        try:
            yield
        finally:
            self._model.forward = forward


def main() -> None:
    """Run all contestants and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=64)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--model", default="smollm2")
    parser.add_argument("--ours", action="store_true", help="time memeval alone")
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    model: Any = load_model(chosen.model, device=chosen.device, threads=chosen.threads)
    prompts, answers = gold_prompts(model, chosen.items)
    watched = Watched(model._model)

    notes = model.stitching(cache_mb=KV_CACHE_MB)

    def ours(prompts: Sequence[Prompt], *, stitched: bool) -> list[str]:
        way = notes if stitched else model
        done = way.generate(prompts, max_new_tokens=MAX_NEW_TOKENS, stop=[STOP])
        return [generation.text for generation in done]

    def theirs(prompts: Sequence[Prompt], rows: int) -> list[str]:
        return transformers_generate(model, prompts, rows)

    contestants: dict[str, Callable[[Sequence[Prompt]], list[str]]] = {
        "memeval, text": lambda prompts: ours(prompts, stitched=False),
        "memeval, kv, notes new": lambda prompts: ours(prompts, stitched=True),
        "memeval, kv, notes kept": lambda prompts: ours(prompts, stitched=True),
    }
    if not chosen.ours:
        contestants["transformers generate, 16"] = lambda prompts: theirs(prompts, 16)
        contestants["transformers generate, 1"] = lambda prompts: theirs(prompts, 1)
    harness = None if chosen.ours else lm_evaluation_harness(model)
    if harness:
        contestants["lm-evaluation-harness, 16"] = lambda prompts: harness(prompts, 16)
        contestants["lm-evaluation-harness, 64"] = lambda prompts: harness(prompts, 64)
    model.fingerprint()  # as `memeval eval` does before it measures anything
    ours(prompts, stitched=False)  # warm, and the prefix read as in any cell but the first
    for name, run in contestants.items():
        if not name.startswith("memeval"):
            run(prompts[:1])
    reference, reference_rate = None, None
    table = []
    for name, run in contestants.items():
        watched.reset()
        with watched.watching():
            start = time.perf_counter()
            texts = run(prompts)
            seconds = time.perf_counter() - start
        rate = len(prompts) / seconds
        reference, reference_rate = reference or texts, reference_rate or rate
        same = sum(a == b for a, b in zip(texts, reference, strict=True)) / len(texts)
        right = sum(exact_match(t, a) for t, a in zip(texts, answers, strict=True)) / len(texts)
        table.append(
            (
                name,
                f"{rate:.1f}",
                f"{reference_rate / rate:.1f}",
                f"{same:.2f}",
                f"{right:.2f}",
                f"{100 * (1 - watched.seconds / seconds):.1f} %",
            )
        )
    header = ("engine", "items/s", "ours/it", "same", "right", "outside forward")
    render.table(f"{len(prompts)} prompts, {chosen.threads} threads", header, table)
    rounds = [
        prefill_and_peak(model, watched, lambda: ours(prompts, stitched=False), prompts[0].prefix)
        for _ in range(ROUNDS)
    ]
    rate, peak = sorted(rounds, key=lambda pair: pair[0] / pair[1])[ROUNDS // 2]
    shares = sorted(100 * rate / peak for rate, peak in rounds)
    render.line(
        f"prefill: {rate / 1e9:.0f} GFLOP/s of {peak / 1e9:.0f} GFLOP/s that matrix products of "
        f"the model's shapes reach: {shares[ROUNDS // 2]:.0f} % "
        f"(median of {ROUNDS} rounds; {shares[0]:.0f}-{shares[-1]:.0f} %)"
    )


def prefill_and_peak(
    model: Any, watched: Watched, run: Callable[[], Any], prefix: str
) -> tuple[float, float]:
    """Return FLOP/s of prefill, and of matrix products just before and after it."""
    before = matmul_rate(model._model)
    watched.reset()
    with watched.watching():
        run()
    after = matmul_rate(model._model)
    length = len(model.tokenize([prefix])[0])
    rate = prefill_flops(
        model._model, watched.prefill_tokens, watched.prefill_seconds, prefix=length
    )
    return rate, (before + after) / 2


def gold_prompts(model: Any, count: int) -> tuple[list[Prompt], list[tuple[str, ...]]]:
    """Return the oracle's prompts of items with one gold event or none, and accepted answers."""
    session = make_session("episodic", size=SIZE, seed=SEED)
    memory: Any = load_memory("gold", model=model)
    memory.observe(session.events)
    memory.prepare(session.items, session.events)
    items = [item for item in session.items if len(item.gold_events) <= 1][:count]
    queries = [item.query for item in items]
    reader = Reader(model, session.prompt, ReaderOptions())
    recalls = reader.cut(queries, memory.recall(queries))
    return reader.prompts(queries, recalls), [item.answers for item in items]


def transformers_generate(model: Any, prompts: Sequence[Prompt], rows: int) -> list[str]:
    """Answer with `generate`, in batches that are padded on the left."""
    tokenizer = model._encoding.tokenizer
    tokenizer.padding_side = "left"
    tokenizer.pad_token = tokenizer.pad_token or tokenizer.eos_token
    texts = []
    for start in range(0, len(prompts), rows):
        whole = ["".join(prompt.pieces) for prompt in prompts[start : start + rows]]
        batch = tokenizer(whole, return_tensors="pt", padding=True).to(model._model.device)
        with torch.inference_mode():
            ids = model._model.generate(
                **batch,
                max_new_tokens=MAX_NEW_TOKENS,
                do_sample=False,
                stopping_criteria=[AtNewline(tokenizer, batch["input_ids"].shape[1])],
                pad_token_id=tokenizer.pad_token_id,
            )
        new = ids[:, batch["input_ids"].shape[1] :]
        decoded = tokenizer.batch_decode(new, skip_special_tokens=True)
        texts += [text.split(STOP)[0].strip() for text in decoded]
    return texts


class AtNewline:
    """Stops a row at a newline; cheaper than the `stop_strings` of transformers."""

    def __init__(self, tokenizer: Any, prompt: int) -> None:
        self._tokenizer = tokenizer
        self._prompt = prompt

    def __call__(self, ids: Any, _scores: Any, **_: Any) -> Any:
        """Say for each row whether it is done."""
        texts = self._tokenizer.batch_decode(ids[:, self._prompt :])
        return torch.tensor([STOP in text for text in texts], device=ids.device)


def lm_evaluation_harness(model: Any) -> Callable[[Sequence[Prompt], int], list[str]] | None:
    """Return a function that answers with the harness's `hf` backend; None if not installed."""
    try:
        from lm_eval.api.instance import Instance
        from lm_eval.models.huggingface import HFLM
    except ImportError:
        return None

    backends = {
        rows: HFLM(
            pretrained=model._model,
            tokenizer=model._encoding.tokenizer,
            batch_size=rows,
            max_length=model.window,
        )
        for rows in (16, 64)
    }

    def run(prompts: Sequence[Prompt], rows: int) -> list[str]:
        options = {"until": [STOP], "max_gen_toks": MAX_NEW_TOKENS, "do_sample": False}
        requests = [
            Instance("generate_until", {}, ("".join(prompt.pieces), options), i)
            for i, prompt in enumerate(prompts)
        ]
        return [text.strip() for text in backends[rows].generate_until(requests, disable_tqdm=True)]

    return run


def linear_layers(model: Any) -> list[Any]:
    """Return the linear layers of the model's blocks, without the output head."""
    head = model.get_output_embeddings()
    return [m for m in model.modules() if isinstance(m, torch.nn.Linear) and m is not head]


@torch.inference_mode()
def matmul_rate(model: Any, clock: Callable[[], float] = time.perf_counter) -> float:
    """Return FLOP/s of the model's own matrix products on one chunk, the median of many rounds."""
    layers = linear_layers(model)
    inputs = {
        width: torch.randn(CHUNK, width, device=model.device, dtype=model.dtype)
        for width in {layer.in_features for layer in layers}
    }
    flops = sum(2 * CHUNK * layer.in_features * layer.out_features for layer in layers)
    seconds = []
    for _ in range(REPEATS):
        start = clock()
        for layer in layers:
            torch.nn.functional.linear(inputs[layer.in_features], layer.weight)
        if model.device.type == "cuda":
            torch.cuda.synchronize()
        seconds.append(clock() - start)
    return flops / median(seconds)


def prefill_flops(model: Any, tokens: int, seconds: float, *, prefix: int) -> float:
    """Return FLOP/s of prefill: linear layers, and attention to the prefix that every row needs."""
    linear = sum(2 * layer.in_features * layer.out_features for layer in linear_layers(model))
    config = model.config
    attention = 4 * prefix * config.hidden_size * config.num_hidden_layers
    return tokens * (linear + attention) / seconds


if __name__ == "__main__":
    main()
