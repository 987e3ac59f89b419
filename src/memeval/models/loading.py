"""Loads what transformers can load, with a device and a precision that make sense."""

from pathlib import Path

import torch

from memeval.errors import ModelError
from memeval.models.huggingface import DEFAULT_BATCH_SIZE, HuggingFaceModel


def load(
    source: str | Path,
    *,
    name: str,
    device: str = "auto",
    batch_size: int = DEFAULT_BATCH_SIZE,
) -> HuggingFaceModel:
    """Load a hub id or a local folder: bfloat16 on a GPU, float32 on a CPU.

    `device` is "auto" (all visible GPUs through accelerate's device map, otherwise the CPU), or a
    torch device such as "cpu" or "cuda:1". Code from the hub is never run, weights are
    safetensors only.

    Raises:
        ModelError: the folder holds no usable weights, or the hub id cannot be loaded.
    """
    import transformers

    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    _check_folder(source)
    on_gpu = device.startswith("cuda") or (device == "auto" and torch.cuda.is_available())
    device_map = ("auto" if on_gpu else "cpu") if device == "auto" else device
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(source, trust_remote_code=False)
        model = transformers.AutoModelForCausalLM.from_pretrained(
            source,
            dtype=torch.bfloat16 if on_gpu else torch.float32,
            device_map=device_map,
            trust_remote_code=False,
            use_safetensors=True,
        )
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        first_line = str(error).strip().split("\n")[0]
        raise ModelError(
            f"a model must be a hub id or folder that transformers loads, got {str(source)!r}: "
            f"{first_line}; check the name, the network, or log in for a gated model"
        ) from error
    return HuggingFaceModel(model, tokenizer, name=name, batch_size=batch_size)


def _check_folder(source: str | Path) -> None:
    folder = Path(source)
    if folder.is_dir() and not any(folder.glob("*.safetensors")):
        raise ModelError(
            f"a model folder must hold weights as *.safetensors, got {str(source)!r} with none; "
            "save the model with save_pretrained, or name a .gguf file"
        )
