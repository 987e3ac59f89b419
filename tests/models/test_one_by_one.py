"""Models whose texts cannot be packed are read one prompt at a time."""

from pathlib import Path

import pytest
import torch
from tiny_models import UNPACKABLE, random_model, save_tiny_model

from memeval.config import ReaderOptions
from memeval.models import CAPABILITIES, Prompt, load_model, missing
from memeval.models.local.one_by_one import OneByOneEngine
from memeval.models.local.rows import Row
from memeval.reader import Reader

PREFIX, ROWS = (5, 6, 7), [Row((8, 9)), Row((10, 11, 12))]


@pytest.mark.parametrize("architecture", UNPACKABLE)
@torch.inference_mode()
def test_answers_are_greedy(architecture: str) -> None:
    """Every token is the most likely one after all before it."""
    model = random_model(architecture)
    found = OneByOneEngine(model).generate(
        PREFIX, ROWS, max_new_tokens=4, is_finished=lambda tokens: len(tokens) == 3
    )
    for row, answer in zip(ROWS, found, strict=True):
        ids = [*PREFIX, *row.tokens]
        for token in answer.tokens:
            assert token == int(model(input_ids=torch.tensor([ids])).logits[0, -1].argmax())
            ids.append(token)
        assert len(answer.tokens) == 3
        assert answer.prefill_ms > 0 < answer.decode_ms


@torch.inference_mode()
def test_scores_are_log_probabilities() -> None:
    """Every token of a branch but its first is scored, in nats."""
    model = random_model("bloom")
    [scored] = OneByOneEngine(model).log_likelihoods(PREFIX, [(8,)], [[(9, 10, 11)]])
    [got] = scored.log_p
    log_p = model(input_ids=torch.tensor([[5, 6, 7, 8, 9, 10]])).logits[0].log_softmax(-1)
    torch.testing.assert_close(got, torch.stack([log_p[4, 10], log_p[5, 11]]))


def test_such_a_model_runs_and_reads_as_text(tmp_path: Path) -> None:
    """All else works, and the model is none that stitches."""
    save_tiny_model("bloom", tmp_path)
    model = load_model(str(tmp_path), cache_dir=tmp_path)
    assert missing(model, CAPABILITIES) == ["stitch"]
    prompts = [Prompt("Notes:\n", ("- a\n",), "Who?"), Prompt("Notes:\n", (), "Where?")]
    assert len(model.generate(prompts, max_new_tokens=3, stop=["\n"])) == 2
    assert not Reader(model, None, ReaderOptions(kind="kv")).stitched
    assert len(model.surprise(["Some text."])[0]) == len("Some text.")
