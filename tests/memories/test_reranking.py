"""The best of the hybrid, read again by a cross-encoder."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tiny_models import SIZES, byte_tokenizer

from memeval.encoders.scripted import ScriptedEncoder
from memeval.errors import ModelError
from memeval.memories.contract import Memory
from memeval.memories.loading import load_memory
from memeval.models.local import reranking
from memeval.types import Event, Query

TEXTS = ["Nora sings a song.", "Omar bought a lute.", "Iris sings.", "Rain.", "Omar sold a boat."]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a tiny random cross-encoder."""
    import torch
    import transformers

    torch.manual_seed(0)
    place = tmp_path_factory.mktemp("cross")
    config = transformers.BertConfig(
        vocab_size=SIZES["vocab_size"],
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        max_position_embeddings=64,
        pad_token_id=SIZES["pad_token_id"],
        initializer_range=0.5,
        num_labels=1,
    )
    transformers.BertForSequenceClassification(config).save_pretrained(place)
    byte_tokenizer(adds_bos=False).save_pretrained(place)
    return place


def taught(**rerank: object) -> Memory:
    memory = load_memory("hybrid", encoder=ScriptedEncoder(), rerank=rerank)
    memory.observe([Event(f"e{i}", text, i) for i, text in enumerate(TEXTS)])
    return memory


def test_the_best_stand_in_the_order_of_the_cross_encoder(folder: Path) -> None:
    """What it does not read follows as it was."""
    query = Query("q", "What has Omar bought?", 9)
    [plain] = taught().recall([query])
    [again] = taught(model=str(folder), depth=3).recall([query])
    read = [trace.text for trace in plain.traces[:3]]
    scores = dict(zip(read, reranking.load(str(folder)).scores(query.text, read), strict=True))
    assert [trace.text for trace in again.traces[:3]] == sorted(read, key=lambda t: -scores[t])
    assert again.events[3:] == plain.events[3:]


def test_a_text_is_scored_alike_in_any_company(folder: Path) -> None:
    """Padding has no say, and what is too long is cut."""
    reader = reranking.load(str(folder))
    together = reader.scores("Who?", ["a", "b" * 20, "c" * 500])
    alone = [reader.scores("Who?", [text])[0] for text in ("a", "b" * 20, "c" * 500)]
    assert together == pytest.approx(alone, abs=1e-5)


def test_no_folder_is_one_sentence(tmp_path: Path) -> None:
    """It is said before anything is taught."""
    with pytest.raises(
        ModelError, match=r"must lie in a local folder, got none at '.*none'; check"
    ):
        taught(model=str(tmp_path / "none"))
    with pytest.raises(ModelError, match=r"a model folder must hold .*, got .* with none"):
        taught(model=str(tmp_path))


RERANKED = (
    *("eval", "--preset", "baselines/hybrid_rerank", "--suite", "semantic", "--size", "5"),
    *("--model", "scripted", "--encoder", "scripted", "--run", "r"),
)


def test_the_preset_without_a_folder_runs_nothing(
    memeval: Callable[..., Any], workplace: Path
) -> None:
    """It says what to give."""
    done = memeval(*RERANKED)
    assert done.code == 2
    assert "must be given rerank.model, got none; give it by --set rerank.model=VALUE" in done.err
    assert not [*workplace.rglob("meta.json")]


def test_the_preset_with_a_folder_that_is_none_runs_nothing(
    memeval: Callable[..., Any], workplace: Path
) -> None:
    """It is said once, and not by every cell."""
    done = memeval(*RERANKED, "--set", "rerank.model=none")
    assert done.code == 2
    assert "must lie in a local folder, got none at 'none'" in done.err
    assert not [*workplace.rglob("meta.json")]


def test_a_cell_is_another_with_another_cross_encoder(
    memeval: Callable[..., Any], workplace: Path, folder: Path
) -> None:
    """What lies in the folder counts, and not its name alone."""
    shutil.copytree(folder, workplace / "cross")
    command = (*RERANKED, "--set", "rerank.model=cross")
    digests = []
    for _ in range(2):
        done = memeval(*command)
        assert done.code == 0, done.err
        [meta] = workplace.rglob("meta.json")
        digests.append(json.loads(meta.read_text())["identity_parts"]["rerank.model"])
        config = workplace / "cross" / "config.json"
        config.write_text(config.read_text() + "\n")
    assert digests[0] != digests[1]
