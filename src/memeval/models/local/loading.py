"""Loads what transformers can load, with a device and a precision that make sense."""

from pathlib import Path
from typing import Any

import torch

from memeval.errors import ConfigError, ModelError
from memeval.models.local.boundary import reading
from memeval.models.local.fetching import RULE, check_on_hub
from memeval.models.local.huggingface import HuggingFaceModel, model_of
from memeval.models.local.size import check_size, size_on_disk
from memeval.models.places import check_folder
from memeval.outside import shown_text

NEXT_STEP = "check the files, or save the model again with save_pretrained"
FROM_HUB = "check the network, or log in for a gated model"
SHOWN_NAMES = 3
WIDENED = 2**24
"""Numbers of FP8 that are looked at together."""


def load(
    source: str | Path,
    *,
    name: str,
    device: str = "auto",
    precision: str = "auto",
    batch_size: int | None = None,
    threads: int | None = None,
) -> HuggingFaceModel:
    """Load a hub id or a local folder: bfloat16 on a GPU, float32 on a CPU, or as `precision` says.

    `device` is "auto" (all visible GPUs through accelerate's device map, otherwise the CPU), or a
    torch device such as "cpu" or "cuda:1". `threads` pins those of this process. Code from the hub
    is never run, weights are safetensors only.

    Raises:
        ConfigError: there is no such device or precision.
        ModelError: the folder holds no usable weights, or the hub id cannot be loaded.
    """
    import transformers

    device_map = checked_device(device)
    dtype = checked_precision(precision, device_map)
    if threads:
        torch.set_num_threads(threads)
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    is_folder = Path(source).is_dir()
    if is_folder:
        check_folder(Path(source))
    else:
        check_on_hub(str(source))
    with reading(RULE, source, NEXT_STEP if is_folder else FROM_HUB):
        kind = transformers.AutoModelForCausalLM
        model, tokenizer = read_parts(source, kind, device_map=device_map, dtype=dtype)
        return model_of(model, tokenizer, name=name, batch_size=batch_size)


def read_parts(
    source: str | Path, kind: Any, *, device_map: str, dtype: torch.dtype, unused: str = ""
) -> tuple[Any, Any]:
    """Return a model, as one of transformers' automatic classes makes it, and its tokenizer.

    Weights whose names begin with `unused` need not be there.

    Raises:
        ModelError: the weights are broken, or do not cover all of the model.
    """
    import transformers
    from safetensors import SafetensorError

    try:
        if Path(source).is_dir():
            config = transformers.AutoConfig.from_pretrained(source, trust_remote_code=False)
            check_size(config, size_on_disk(Path(source)), source, kind)
            if (Path(source) / "generation_config.json").exists():  # passed over if it is broken
                transformers.GenerationConfig.from_pretrained(source)
        tokenizer = transformers.AutoTokenizer.from_pretrained(source, trust_remote_code=False)
        model, info = kind.from_pretrained(
            source,
            dtype=dtype,
            device_map=device_map,
            trust_remote_code=False,
            use_safetensors=True,
            ignore_mismatched_sizes=True,  # told by `_check_weights`
            output_loading_info=True,
        )
    except SafetensorError as error:
        raise ModelError(
            f"weights must be whole safetensors files, got a broken one in {str(source)!r} "
            f"({shown_text(str(error))}); download or save the model again"
        ) from error
    _check_weights(source, info, unused)
    check_finite(model, source)
    return model, tokenizer


def checked_device(device: str) -> str:
    """Return the device map for a device's name; "auto" takes the GPUs if there are any.

    Raises:
        ConfigError: this machine has no such device.
    """
    gpus = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if device == "auto":
        return "auto" if gpus else "cpu"
    try:
        wanted = torch.device(device)
    except RuntimeError:
        wanted = None
    fits = wanted is not None and (
        wanted.type == "cpu" or (wanted.type == "cuda" and (wanted.index or 0) < gpus)
    )
    if not fits:
        raise ConfigError(
            f"a device must be auto, cpu, cuda or cuda:N with N below the number of GPUs, got "
            f"{device!r} on a machine with {gpus}; leave --device out to let memeval choose"
        )
    return device


def checked_precision(precision: str, device_map: str) -> torch.dtype:
    """Return what numbers are kept and multiplied in; "auto" suits the device.

    Raises:
        ConfigError: it is none that answers are known to hold in.
    """
    known = {"float32": torch.float32, "bfloat16": torch.bfloat16}
    known["auto"] = known["float32" if device_map == "cpu" else "bfloat16"]
    if precision not in known:
        raise ConfigError(
            f"a precision must be one of {', '.join(sorted(known))}, got {precision!r}; leave it "
            "out to let memeval choose"
        )
    return known[precision]


def _check_weights(source: str | Path, info: dict[str, Any], unused: str) -> None:
    """Refuse weights that leave a part of the model at random; tied weights are not missing."""
    found = map(str, (*info["missing_keys"], *info["mismatched_keys"]))
    broken = sorted(name for name in found if not (unused and name.startswith(unused)))
    if broken:
        shown = ", ".join(broken[:SHOWN_NAMES])
        raise ModelError(
            f"a model's weights must cover all of it, got {str(source)!r} without {shown}"
            f"{' and others' if len(broken) > SHOWN_NAMES else ''} ({len(broken)} tensors); "
            "download or save the model again"
        )


def check_finite(model: Any, source: str | Path) -> None:
    """Refuse weights that are no numbers: every answer would be noise."""
    for name, weight in model.named_parameters():
        if not _is_finite(weight):
            raise ModelError(
                f"a model's weights must be finite numbers, got others in {name} of "
                f"{str(source)!r}; download or save the model again"
            )


def _is_finite(weight: torch.Tensor) -> bool:
    """Whether all of a weight is numbers; one of FP8, which has no sum, is widened in parts.

    A sum is not finite if one of its terms is not; only where it is not is every term looked at.
    """
    if weight.is_floating_point() and weight.element_size() == 1:
        parts = torch.split(weight.flatten(), WIDENED)
        return all(bool(part.float().isfinite().all()) for part in parts)
    return bool(weight.sum().isfinite() or weight.isfinite().all())
