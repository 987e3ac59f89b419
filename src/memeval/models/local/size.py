"""Whether a configuration is of the size of its weights, told before anything of it is made.

A configuration of a few bytes can ask for a billion layers or for terabytes, and transformers makes
them first and compares later.
"""

from math import prod
from pathlib import Path
from typing import Any, NamedTuple

from memeval.errors import ModelError
from memeval.outside import shown

TIMES_LARGER = 4
"""Parameters may be more than the numbers on disk: tied ones are kept once, others packed."""


class Size(NamedTuple):
    """How many tensors there are, and how many numbers they hold together."""

    tensors: int
    numbers: int


def size_on_disk(folder: Path) -> Size:
    """Return the size of the weights of a folder, from the heads of its files."""
    from safetensors import safe_open

    tensors = numbers = 0
    for file in folder.glob("*.safetensors"):
        with safe_open(file, "pt") as weights:
            for name in weights.keys():  # noqa: SIM118 - it is no mapping
                tensors += 1
                numbers += prod(weights.get_slice(name).get_shape())
    return Size(tensors, numbers)


def check_size(config: Any, found: Size, source: object, kind: Any) -> None:
    """Refuse a configuration that has more layers than there are tensors, or is far larger.

    `kind` is the automatic class of transformers that will make the model.

    Raises:
        ModelError: it is so; the sentence gives both sizes.
    """
    layers = config.get_text_config().num_hidden_layers
    if not 1 <= layers <= found.tensors:
        raise ModelError(
            f"a model must have as many layers as its weights have, got {shown(layers)} with "
            f"{found.tensors:,} tensors in {shown(str(source))}; mend config.json, or download or "
            "save the model again"
        )
    if hasattr(config, "quantization_config"):  # several weights share a number there
        return
    numbers = _numbers_of(config, kind)
    if numbers > TIMES_LARGER * found.numbers:
        raise ModelError(
            f"a model's weights must cover all of it, got {found.numbers:,} of {numbers:,} numbers "
            f"in {shown(str(source))}; mend config.json, or download or save the model again"
        )


def _numbers_of(config: Any, kind: Any) -> int:
    """Count a model's parameters; none of them is made."""
    import torch

    with torch.device("meta"):
        model = kind.from_config(config, trust_remote_code=False)
    return sum(prod(weight.shape) for weight in model.parameters())
