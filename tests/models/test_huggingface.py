"""What transformers models do beyond the contract, against slow references."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from memeval.errors import ConfigError, ModelError
from memeval.models import Prompt, Stitches, TextModel, load_model
from memeval.models.local.huggingface import _gpu, window_of
from memeval.models.local.loading import load

PROMPTS = [
    Prompt("Read this first, it is shared by all.\n", tuple(notes), question)
    for notes, question in (
        ([], "What?"),
        (["- A note.\n"], "What is it?"),
        (["- A note.\n", "- A second note, which is longer.\n"], "And what is this, then?"),
        (["- A note of a different length.\n"], "Who?"),
        (["- Yet another note.\n"] * 4, "Where is it?"),
    )
]


def tokens_of(model: Any, prompt: Prompt) -> list[int]:
    prefix, notes, suffix = model._encoding.encode(prompt)
    return [*prefix, *(token for note in notes for token in note), *suffix]


def reference_answer(model: Any, prompt: Prompt, steps: int) -> str:
    """Decode one prompt with a full forward pass a token: no cache, no batch, no padding."""
    ids = tokens_of(model, prompt)
    start = len(ids)
    with torch.inference_mode():
        for _ in range(steps):
            logits = model._model(torch.tensor([ids]), use_cache=False).logits[0, -1]
            ids = [*ids, int(logits.argmax())]
            if ids[-1] in model._encoding.ends:
                break
    return model._encoding.decode(ids[start:]).strip()


def test_generation_equals_a_slow_reference(tiny_model: TextModel) -> None:
    """Shared prefix, batching, padding and cache do not change a greedy answer."""
    generations = tiny_model.generate(PROMPTS, max_new_tokens=6, stop=["\0"])
    expected = [reference_answer(tiny_model, prompt, 6) for prompt in PROMPTS]
    assert [g.text for g in generations] == expected


@pytest.mark.parametrize("batch_size", [1, 2, 16])
def test_batch_size_never_changes_an_answer(
    batch_size: int, tiny_folder: Callable[[str], Path]
) -> None:
    """One row at a time gives the answers of sixteen at once."""
    model = load_model(str(tiny_folder("gemma3")), cache_dir=Path("unused"), batch_size=batch_size)
    generations = model.generate(PROMPTS, max_new_tokens=6, stop=["\n"])
    assert [g.text for g in generations] == [
        reference_answer(model, p, 6).split("\n")[0].strip() for p in PROMPTS
    ]


def test_the_shared_prefix_is_counted_as_reused(tiny_llama: TextModel) -> None:
    """All prompts but the one that paid for it reuse the prefix and what texts share beyond it."""
    fresh = [replace(prompt, prefix="A prefix that nobody has read yet.\n") for prompt in PROMPTS]
    prefix = len(tiny_llama.tokenize([fresh[0].prefix])[0]) + 1  # with the begin-of-text token
    first = [g.reused_tokens for g in tiny_llama.generate(fresh, max_new_tokens=1, stop=["\n"])]
    again = [g.reused_tokens for g in tiny_llama.generate(fresh, max_new_tokens=1, stop=["\n"])]
    assert first == [0] + [prefix] * (len(PROMPTS) - 1)
    assert again == [prefix] * len(PROMPTS)


def test_surprise_equals_the_models_log_probabilities(tiny_model: Any) -> None:
    """Surprise is -log p of each token given the begin-of-text token and those before it."""
    text = "The cat sat."
    ids = [tiny_model._encoding.context, *tiny_model.tokenize([text])[0]]
    with torch.inference_mode():
        log_p = tiny_model._model(torch.tensor([ids])).logits[0].log_softmax(-1)
    expected = [-float(log_p[i, ids[i + 1]]) for i in range(len(ids) - 1)]
    [alone] = tiny_model.surprise([text])
    np.testing.assert_allclose(alone, expected, rtol=1e-4, atol=1e-4)
    batched = tiny_model.surprise(["A longer text to pad the other one.", text])[1]
    np.testing.assert_allclose(batched, expected, rtol=1e-4, atol=1e-4)


def test_surprise_reads_a_text_longer_than_the_window(tiny_llama: Any) -> None:
    """A text beyond the window is read in pieces, with a value for every token."""
    text = "ab " * 2000  # 6,000 bytes, one token each, for a window of 4,096
    [nats] = tiny_llama.surprise([text])
    assert len(nats) == 6000


def test_choose_sums_the_log_likelihood_of_an_option(tiny_model: Any) -> None:
    """An option's score is the sum of its tokens' log-probabilities after the prompt."""
    [choice] = tiny_model.choose(PROMPTS[2:3], [["north", "up"]])
    for option, got in zip(["north", "up"], choice.log_likelihoods, strict=True):
        prompt = tokens_of(tiny_model, PROMPTS[2])
        ids = [*prompt, *tiny_model.tokenize([option])[0]]
        with torch.inference_mode():
            log_p = tiny_model._model(torch.tensor([ids])).logits[0].log_softmax(-1)
        expected = sum(float(log_p[i - 1, ids[i]]) for i in range(len(prompt), len(ids)))
        assert got == pytest.approx(expected, rel=1e-4, abs=1e-4)


def test_choose_scores_many_prompts_as_each_alone(tiny_model: Any) -> None:
    """Prompts and options that share a pass do not change one another's scores."""
    options = [["north", "up"], ["a"], ["", "left", "right"], ["b", "c"], ["d"]]
    together = tiny_model.choose(PROMPTS, options)
    for prompt, choices, got in zip(PROMPTS, options, together, strict=True):
        [alone] = tiny_model.choose([prompt], [choices])
        assert got.log_likelihoods == pytest.approx(alone.log_likelihoods, rel=1e-3, abs=1e-3)


@pytest.mark.parametrize(("rope_type", "window"), [("longrope", 512), ("default", 4096)])
def test_rope_that_depends_on_length_keeps_to_its_original_window(
    rope_type: str, window: int
) -> None:
    """Beyond it, the answer to one prompt would depend on the length of another."""
    rope = {"rope_type": rope_type, "original_max_position_embeddings": 512}
    config = SimpleNamespace(max_position_embeddings=4096, rope_parameters=rope)
    assert window_of(config) == window


def test_choose_refuses_an_empty_list_of_options(tiny_llama: TextModel) -> None:
    """There is nothing to choose from an empty list."""
    with pytest.raises(ValueError, match="at least one option"):
        tiny_llama.choose(PROMPTS[:1], [[]])


def test_begin_of_text_stands_once_and_only_where_the_tokenizer_puts_it(
    tiny_folder: Callable[[str], Path],
) -> None:
    """Llama's tokenizer puts a begin-of-text token before a prompt, Qwen's does not."""
    llama: Any = load_model(str(tiny_folder("llama")), cache_dir=Path("unused"))
    qwen: Any = load_model(str(tiny_folder("qwen2")), cache_dir=Path("unused"))
    bos = llama._encoding.tokenizer.bos_token_id
    assert tokens_of(llama, PROMPTS[1]).count(bos) == 1
    assert bos not in tokens_of(qwen, PROMPTS[1])


def test_fingerprint_changes_with_the_weights(tiny_folder: Callable[[str], Path]) -> None:
    """One changed weight tensor is another model."""
    model: Any = load_model(str(tiny_folder("llama")), cache_dir=Path("unused"))
    before = model.fingerprint()
    with torch.no_grad():
        model._model.get_input_embeddings().weight.add_(0.01)
    del model._fixed
    assert model.fingerprint() != before


def test_a_prompt_beyond_the_window_is_refused(tiny_llama: TextModel) -> None:
    """A prompt that cannot fit is an error, not a silent cut."""
    with pytest.raises(ModelError, match="window of 4096 tokens, got"):
        tiny_llama.generate([Prompt("x" * 5000, (), "?")], max_new_tokens=4, stop=[])


def test_weights_that_do_not_cover_the_model_are_refused(
    tiny_folder: Callable[[str], Path], tmp_path: Path
) -> None:
    """A model of which a part would be random answers nothing."""
    from safetensors.torch import load_file, save_file

    folder = shutil.copytree(tiny_folder("llama"), tmp_path / "holed")
    weights = load_file(folder / "model.safetensors")
    kept = {name: tensor for name, tensor in weights.items() if ".layers.1." not in name}
    save_file(kept, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelError, match=r"must cover all of it, got .* without model\.layers\.1"):
        load_model(str(folder), cache_dir=tmp_path)


def test_weights_cut_short_are_refused(tiny_folder: Callable[[str], Path], tmp_path: Path) -> None:
    """A broken download is one sentence that names the folder."""
    folder = shutil.copytree(tiny_folder("llama"), tmp_path / "cut")
    content = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(content[: len(content) // 2])
    with pytest.raises(ModelError, match=r"must be whole safetensors files, got a broken one in"):
        load_model(str(folder), cache_dir=tmp_path)


def test_a_folder_without_weights_is_refused(tmp_path: Path) -> None:
    """A model folder must hold safetensors."""
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ModelError, match=r"weights as \*\.safetensors, got .* with none"):
        load_model(str(tmp_path), cache_dir=tmp_path)


def test_an_unknown_hub_id_is_refused_without_network(tmp_path: Path) -> None:
    """A hub id that is not in the cache is one sentence, not a traceback."""
    with pytest.raises(ModelError, match="a model must be a hub id or folder"):
        load_model("no-such-owner/no-such-model", cache_dir=tmp_path)


def test_a_gpu_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a model on one, the card; of a model on the processor, nothing."""
    monkeypatch.setattr("torch.cuda.get_device_name", lambda device: f"Card {device.index}")
    assert _gpu(torch.device("cuda", 1)) == {"gpu": "Card 1"}
    assert _gpu(torch.device("cpu")) == {}


def test_precision_is_what_was_asked_for_and_part_of_the_fingerprint(
    tiny_folder: Callable[[str], Path],
) -> None:
    """A CPU takes float32 unless told otherwise; in bfloat16 it is another model, with notes."""
    folder = tiny_folder("llama")
    by_precision = {
        precision: load(folder, name="tiny", device="cpu", precision=precision)
        for precision in ("auto", "float32", "bfloat16")
    }
    told = {name: model.description()["dtype"] for name, model in by_precision.items()}
    assert told == {"auto": "float32", "float32": "float32", "bfloat16": "bfloat16"}
    prints = {name: model.fingerprint() for name, model in by_precision.items()}
    assert prints["auto"] == prints["float32"] != prints["bfloat16"]
    assert isinstance(by_precision["bfloat16"], Stitches)


def test_a_precision_that_is_not_known_is_refused(tiny_folder: Callable[[str], Path]) -> None:
    """One sentence names those that are."""
    with pytest.raises(ConfigError, match="one of auto, bfloat16, float32, got 'int3'"):
        load(tiny_folder("llama"), name="tiny", device="cpu", precision="int3")
