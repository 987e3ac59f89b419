"""Folders of sentence-transformers: read as they say, refused where they are not understood."""

import json
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import transformers
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file
from tiny_encoders import LENGTH, MODULES, POOLING, WIDTH

from memeval.errors import ModelError
from memeval.models.local import sentences
from memeval.models.local.sentences import SentenceEncoder, batches

TEXTS = ["a", "the cat sat", "on a mat", "a dog", "far away in Porto"]
Change = Callable[..., Path]


@pytest.fixture
def changed(tiny_encoder_folder: Path, tmp_path: Path) -> Change:
    """Return a function that gives a copy of the tiny encoder with other files, by their stems."""

    def make(**files: Any) -> Path:
        folder = tmp_path / f"changed_{len(list(tmp_path.iterdir()))}"
        shutil.copytree(tiny_encoder_folder, folder)
        for stem, content in files.items():
            text = content if isinstance(content, str) else json.dumps(content)
            (folder / f"{stem}.json").write_text(text)
        return folder

    return make


def loaded(folder: Path) -> SentenceEncoder:
    """Load an encoder on one thread of the CPU."""
    return sentences.load(folder, name="tiny", device="cpu")


@torch.inference_mode()
def states_of(folder: Path, text: str) -> Any:
    """Return what the transformer says of a text's tokens, `(tokens, width)`, read alone."""
    model = transformers.AutoModel.from_pretrained(folder).eval()
    tokens = transformers.AutoTokenizer.from_pretrained(folder)(text, return_tensors="pt")
    return model(input_ids=tokens["input_ids"]).last_hidden_state[0]


@pytest.mark.parametrize(
    ("pooling", "pooled"),
    [
        (POOLING, lambda states: states.mean(0)),
        ({"pooling_mode_cls_token": True}, lambda states: states[0]),
        ({"pooling_mode": "max"}, lambda states: states.max(0).values),
        ({"pooling_mode": ["mean"]}, lambda states: states.mean(0)),
    ],
    ids=["mean", "cls", "max", "list"],
)
def test_tokens_are_pooled_as_the_folder_says(changed: Change, pooling: Any, pooled: Any) -> None:
    """Texts of several lengths read together get what each gets alone, made of length 1."""
    folder = changed(**{"1_Pooling/config": pooling})
    slow = [pooled(states_of(folder, text)).numpy() for text in TEXTS]
    expected = np.stack([one / np.linalg.norm(one) for one in slow])
    found = loaded(folder).encode(TEXTS, kind="event")
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_a_text_is_cut_to_what_the_encoder_reads(tiny_encoder_folder: Path) -> None:
    """Of 24 tokens, which are bytes here, the rest is not read."""
    encoder = loaded(tiny_encoder_folder)
    long = "0123456789" * 10
    whole, cut = encoder.encode([long, long[:24]], kind="event")
    np.testing.assert_allclose(whole, cut, atol=1e-6)


def test_a_length_that_is_not_told_is_the_models(changed: Change) -> None:
    """All 64 positions are read then, and no more."""
    encoder = loaded(changed(sentence_bert_config={}))
    long = "0123456789" * 10
    whole, cut, shorter = encoder.encode([long, long[:64], long[:24]], kind="event")
    np.testing.assert_allclose(whole, cut, atol=1e-6)
    assert np.abs(whole - shorter).max() > 1e-3


def test_a_query_is_told_with_its_prompt(tiny_encoder_folder: Path) -> None:
    """The folder has one for queries, `ask: `, and an empty one for passages."""
    encoder = loaded(tiny_encoder_folder)
    asked = encoder.encode(["who?"], kind="query")
    np.testing.assert_allclose(asked, encoder.encode(["ask: who?"], kind="event"), atol=1e-6)


def test_texts_are_lowered_where_the_folder_says_so(changed: Change) -> None:
    """A capital is another byte to this tokenizer."""
    capital, small = ["PORTO"], ["porto"]
    for lowers in (True, False):
        encoder = loaded(changed(sentence_bert_config=LENGTH | {"do_lower_case": lowers}))
        vectors = [encoder.encode(text, kind="event") for text in (capital, small)]
        assert np.allclose(*vectors, atol=1e-6) is lowers


def test_a_text_without_tokens_has_a_vector(tiny_encoder_folder: Path) -> None:
    """This tokenizer puts nothing around a text."""
    [vector] = loaded(tiny_encoder_folder).encode([""], kind="event")
    assert np.linalg.norm(vector) == pytest.approx(1)


def test_threads_are_pinned(tiny_encoder_folder: Path) -> None:
    """As those of a model are."""
    before = torch.get_num_threads()
    try:
        sentences.load(tiny_encoder_folder, name="tiny", device="cpu", threads=before + 1)
        assert torch.get_num_threads() == before + 1
    finally:
        torch.set_num_threads(before)


def test_a_fingerprint_is_of_all_that_decides_a_vector(changed: Change) -> None:
    """A copy elsewhere has the same; other pooling, length, prompts or weights have others."""
    weights = changed()
    tensors = load_file(weights / "model.safetensors")
    tensors["embeddings.LayerNorm.bias"] += 1
    save_file(tensors, weights / "model.safetensors", {"format": "pt"})
    folders = [
        weights,
        changed(),
        changed(**{"1_Pooling/config": {"pooling_mode": "cls"}}),
        changed(sentence_bert_config={"max_seq_length": 23}),
        changed(sentence_bert_config=LENGTH | {"do_lower_case": True}),
        changed(config_sentence_transformers={"prompts": {"document": "tell: "}}),
    ]
    told = [loaded(folder).fingerprint() for folder in folders]
    assert len(set(told)) == len(folders)
    assert loaded(changed()).fingerprint() == told[1]


@given(st.lists(st.integers(1, 50), max_size=40), st.integers(1, 100))
def test_batches_hold_every_text_once_within_bounds(lengths: list[int], most: int) -> None:
    """Padded, a batch of several has no more tokens than it may."""
    found = list(batches(lengths, most))
    assert sorted(i for batch in found for i in batch) == list(range(len(lengths)))
    for batch in found:
        assert len(batch) == 1 or len(batch) * max(lengths[i] for i in batch) <= most


def test_texts_of_like_lengths_are_read_together() -> None:
    """Two short and two long ones of eight tokens: 2 x 3 and 2 x 1, so that nothing is padding."""
    assert list(batches([1, 3, 1, 3], 6)) == [[1, 3], [0, 2]]


DENSE = {"path": "2_Dense", "type": "sentence_transformers.models.Dense"}
OWN = {"path": "", "type": "custom_st.Transformer"}
OUTSIDE = {"path": "../other", "type": "sentence_transformers.models.Pooling"}
REFUSED: dict[str, tuple[str, Any, str]] = {
    "another step": ("modules", [*MODULES, DENSE], "by Transformer, Pooling alone, got .*Dense"),
    "own code": ("modules", [OWN, *MODULES[1:]], "alone, got 'custom_st.Transformer"),
    "no step": ("modules", [], "alone, got 'nothing'"),
    "steps without types": ("modules", [{"path": ""}], "must .* name the steps in modules.json"),
    "steps that are no list": ("modules", {}, "hold a list in modules.json, got {}"),
    "broken JSON": ("modules", "[", "hold a modules.json that can be read, got Expecting"),
    "a path that leaves": ("modules", [MODULES[0], OUTSIDE], "hold its steps itself"),
    "a pooling that is not known": (
        "1_Pooling/config",
        {"pooling_mode_weightedmean_tokens": True},
        "pool by one of mean, cls, max, got 'pooling_mode_weightedmean_tokens'",
    ),
    "two poolings": ("1_Pooling/config", {"pooling_mode": ["cls", "max"]}, "pool by one of"),
    "a prompt that is not pooled": (
        "1_Pooling/config",
        POOLING | {"include_prompt": False},
        "pool the prompt with the text",
    ),
    "a length in words": ("sentence_bert_config", {"max_seq_length": "long"}, "number of tokens"),
    "a picture": ("sentence_bert_config", {"transformer_task": "image"}, "a model that reads text"),
    "prompts that are no texts": (
        "config_sentence_transformers",
        {"prompts": {"query": 1}},
        "name its prompts as texts",
    ),
    "a width that is not the weights'": ("config", '{"model_type": "bert"}', "weights must cover"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_understood_is_refused(changed: Change, case: str) -> None:
    """In one sentence that names the folder."""
    stem, content, told = REFUSED[case]
    with pytest.raises(ModelError, match=told) as caught:
        loaded(changed(**{stem: content}))
    assert "changed_" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_folder_of_a_language_model_is_refused(tiny_folder: Callable[[str], Path]) -> None:
    """It has no modules.json."""
    with pytest.raises(ModelError, match=r"hold a modules\.json that can be read, got none"):
        loaded(tiny_folder("llama"))


def test_neither_code_nor_pickles_of_a_folder_are_run(
    changed: Change, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A configuration that asks for code is refused, and so are weights that are a pickle."""
    asked: list[object] = []
    monkeypatch.setattr("builtins.input", lambda *words: asked.append(words) or "y")
    code, weights = changed(), changed()
    (code / "evil.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\nclass Evil: pass\n")
    told = {"model_type": "evil", "auto_map": {"AutoConfig": "evil.Evil", "AutoModel": "evil.Evil"}}
    (code / "config.json").write_text(json.dumps(told))
    (weights / "model.safetensors").unlink()
    (weights / "pytorch_model.bin").write_bytes(pickle.dumps({}))
    for folder in (code, weights):
        with pytest.raises(ModelError):
            loaded(folder)
    assert not (tmp_path / "ran").exists()
    assert asked == []


def test_the_width_is_that_of_the_vectors(tiny_encoder_folder: Path) -> None:
    """Also where there is none."""
    encoder = loaded(tiny_encoder_folder)
    assert encoder.width == WIDTH
    assert encoder.encode([], kind="query").shape == (0, WIDTH)
