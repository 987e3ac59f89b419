"""A broken model's folder is one sentence, and nothing in it is run."""

import json
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from memeval.errors import ModelError
from memeval.models import Message, load_model
from memeval.models.local import loading
from memeval.models.local.boundary import reading

NESTED = b'{"a":' + b"[" * 100_000


@pytest.fixture
def folder(tiny_folder: Callable[[str], Path], tmp_path: Path) -> Path:
    """Return a folder with a model that a test may break."""
    return shutil.copytree(tiny_folder("llama"), tmp_path / "model")


def refused(folder: Path) -> str:
    with pytest.raises(ModelError) as raised:
        load_model(str(folder), cache_dir=Path("unused"))
    message = str(raised.value)
    assert "\n" not in message
    assert "; " in message  # a next step
    assert len(message) < 600
    return message


def told(file: Path, **values: Any) -> None:
    """Write values into a JSON file; None takes a key out."""
    content = json.loads(file.read_text("utf-8")) | values
    kept = {key: value for key, value in content.items() if value is not None}
    file.write_text(json.dumps(kept), "utf-8")


@pytest.mark.parametrize(
    "method",
    [
        {"quant_method": "bitsandbytes", "load_in_4bit": True},
        {"quant_method": "gptq", "bits": 4},
        {"quant_method": "awq", "bits": 4},
    ],
)
def test_weights_that_need_a_missing_package_are_refused(
    folder: Path, method: dict[str, Any]
) -> None:
    """Quantised weights are read by libraries that are not there."""
    told(folder / "config.json", quantization_config=method)
    assert refused(folder).startswith("a model must be a hub id or folder that transformers loads")


def test_attention_that_needs_a_missing_package_is_refused(folder: Path) -> None:
    """The sentence says to install it, or to take another model."""
    told(folder / "config.json", attn_implementation="flash_attention_2")
    assert "install what is missing, or take a model that does not need it" in refused(folder)


@pytest.mark.parametrize(
    "values",
    [
        {"num_attention_heads": 3},
        {"num_attention_heads": 0},
        {"num_attention_heads": -4},
        {"num_attention_heads": "four"},
        {"num_key_value_heads": 0},
        {"hidden_size": None, "intermediate_size": None},
        {"model_type": None, "architectures": None},
        {"model_type": ["llama"]},
        {"max_position_embeddings": -1},
        {"rope_parameters": "linear"},
        {"dtype": "float1024"},
        {"vocab_size": 3},
    ],
)
def test_a_broken_configuration_is_refused(folder: Path, values: dict[str, Any]) -> None:
    """Whatever the code of the architecture stumbles over."""
    told(folder / "config.json", **values)
    assert refused(folder).startswith("a model")


@pytest.mark.parametrize("layers", [0, -1, 10**9])
def test_more_layers_than_weights_are_refused_before_they_are_made(
    folder: Path, layers: int
) -> None:
    """A billion layers would be made one by one."""
    told(folder / "config.json", num_hidden_layers=layers)
    assert f"as many layers as its weights have, got {layers} with 21 tensors" in refused(folder)


@pytest.mark.parametrize("key", ["hidden_size", "intermediate_size", "vocab_size", "head_dim"])
@pytest.mark.parametrize("size", [2**20, 2**40])
def test_a_configuration_of_another_size_is_refused_before_it_is_made(
    folder: Path, key: str, size: int
) -> None:
    """Nothing as large as it says is allocated."""
    told(folder / "config.json", **{key: size})
    assert "a model's weights must cover all of it, got 35,168 of " in refused(folder)


@pytest.mark.parametrize(
    "file", ["config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json"]
)
@pytest.mark.parametrize("content", [b"[]", b"{}", b"3", b"\xff\xfe\x00", NESTED, b'{"a": '])
def test_files_that_are_not_what_they_should_be_are_refused(
    folder: Path, file: str, content: bytes
) -> None:
    """A list, nothing, other bytes, nested without end, cut short; an empty table may be enough."""
    (folder / file).write_bytes(content)
    if file in ("tokenizer_config.json", "generation_config.json") and content == b"{}":
        load_model(str(folder), cache_dir=Path("unused"))
    else:
        refused(folder)


def test_an_error_of_any_kind_is_told(folder: Path) -> None:
    """The tokenizers library raises plain `Exception`, and in Rust it panics beside all of them."""
    panic = type("PanicException", (BaseException,), {})
    for error in (Exception("of\nits own"), panic("unwrap"), MemoryError(), AssertionError()):
        with (
            pytest.raises(ModelError, match=r"^files must be good, got 'mine': .+; mend them$"),
            reading("files must be good", "mine", "mend them"),
        ):
            raise error


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_who_interrupts_is_heard(error: type[BaseException]) -> None:
    """An interruption is no fault of a file."""
    with pytest.raises(error), reading("files must be good", "mine", "mend them"):
        raise error


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_weights_that_are_no_numbers_are_refused(folder: Path, value: float) -> None:
    """One is enough, and the tensor is named."""
    from safetensors.torch import load_file, save_file

    weights = load_file(folder / "model.safetensors")
    weights["model.layers.1.mlp.up_proj.weight"][3, 4] = value
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    assert "finite numbers, got others in model.layers.1.mlp.up_proj.weight of" in refused(folder)


def test_weights_whose_sum_is_beyond_their_precision_are_numbers(folder: Path) -> None:
    """Large weights are no broken ones."""
    from safetensors.torch import load_file, save_file

    weights = load_file(folder / "model.safetensors")
    weights["model.norm.weight"][:] = torch.finfo(torch.float32).max
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    load_model(str(folder), cache_dir=Path("unused"))


@pytest.fixture
def trap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], bool]:
    """Say yes to all that is asked; return whether anything was asked, or code was run."""
    asked: list[object] = []
    monkeypatch.setattr("builtins.input", lambda *words: asked.append(words) or "y")
    return lambda: bool(asked) or (tmp_path / "ran").exists()


def code_in(folder: Path, ran: Path) -> None:
    classes = "class EvilConfig: pass\nclass EvilModel: pass\nclass EvilTokenizer: pass\n"
    (folder / "evil.py").write_text(f"open({str(ran)!r}, 'w')\n{classes}", "utf-8")


AUTO_MAPS: dict[str, dict[str, Any]] = {
    "config.json": {
        "AutoConfig": "evil.EvilConfig",
        "AutoModelForCausalLM": "evil.EvilModel",
        "AutoTokenizer": ["evil.EvilTokenizer", "evil.EvilTokenizer"],
    },
    "tokenizer_config.json": {"AutoTokenizer": ["evil.EvilTokenizer", "evil.EvilTokenizer"]},
}


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("file", AUTO_MAPS)
def test_code_in_a_folder_is_neither_run_nor_asked_about(
    folder: Path, tmp_path: Path, trap: Callable[[], bool], file: str, known: bool
) -> None:
    """`auto_map` is passed over for a known class, and refused for an unknown one."""
    code_in(folder, tmp_path / "ran")
    told(folder / file, auto_map=AUTO_MAPS[file])
    if not known:
        told(folder / "config.json", model_type="evil")
        told(folder / "tokenizer_config.json", tokenizer_class="EvilTokenizer")
        refused(folder)
    else:
        load_model(str(folder), cache_dir=Path("unused"))
    assert not trap()


def test_code_of_a_hub_id_is_neither_run_nor_asked_about(
    folder: Path, tmp_path: Path, trap: Callable[[], bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What lies in the hub's cache is read as a folder is."""
    code_in(folder, tmp_path / "ran")
    told(folder / "config.json", auto_map=AUTO_MAPS["config.json"], model_type="evil")
    kept = tmp_path / "hub" / "models--who--evil"
    shutil.copytree(folder, kept / "snapshots" / ("0" * 40))
    (kept / "refs").mkdir()
    (kept / "refs" / "main").write_text("0" * 40)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    with pytest.raises(ModelError, match=r"who/evil': .*contains custom code"):
        load_model("who/evil", cache_dir=Path("unused"))
    assert not trap()


class Evil:
    """Opens a file when it is unpickled."""

    def __init__(self, ran: Path) -> None:
        self.ran = ran

    def __reduce__(self) -> Any:
        return open, (str(self.ran), "w")


@pytest.mark.parametrize("beside", [True, False])
def test_a_pickle_is_never_read(
    folder: Path, tmp_path: Path, trap: Callable[[], bool], beside: bool
) -> None:
    """Not beside safetensors, and not where it is all there is."""
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps(Evil(tmp_path / "ran")))
    if beside:
        load_model(str(folder), cache_dir=Path("unused"))
    else:
        (folder / "model.safetensors").unlink()
        refused(folder)
    assert not trap()


@pytest.mark.parametrize(
    "escape",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ cycler.__init__.__globals__.os.system('touch RAN') }}",
        "{{ messages.append({}) }}",
        "{% include 'config.json' %}",
    ],
)
def test_a_chat_template_stays_in_its_sandbox(
    folder: Path, tmp_path: Path, trap: Callable[[], bool], escape: str
) -> None:
    """A template that reaches out is refused."""
    template = escape.replace("RAN", str(tmp_path / "ran"))
    (folder / "chat_template.jinja").write_text(template, "utf-8")
    model: Any = load_model(str(folder), cache_dir=Path("unused"))
    with pytest.raises(ModelError, match="a chat template must"):
        model.render_chat([Message("user", "Who?")])
    assert not trap()


@pytest.mark.parametrize("dtype", [torch.float8_e4m3fn, torch.float8_e5m2])
def test_weights_of_fp8_are_looked_at_too(
    dtype: torch.dtype, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They have no sum; what is no number is found in whichever part it stands."""
    monkeypatch.setattr(loading, "WIDENED", 4)
    model = torch.nn.Module()
    model.weight = torch.nn.Parameter(torch.ones(3, 3).to(dtype), requires_grad=False)
    loading.check_finite(model, "mine")
    model.weight[2, 2] = float("nan")
    with pytest.raises(ModelError, match="must be finite numbers, got others in weight of 'mine'"):
        loading.check_finite(model, "mine")
