"""GGUF files: checked, de-quantised once, and kept as safetensors in the cache directory.

Reading GGUF takes transformers about 15 s for a model of 135 M parameters, the same weights from
safetensors under one, so every file is converted on first use.
"""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from memeval.atomic import new_folder
from memeval.errors import ModelError

CONVERSION = "v1"  # part of the folder name: raise it when what is written changes


def converted(gguf_file: Path, cache_dir: Path) -> Path:
    """Return the folder that holds the file's weights as safetensors, converting them if need be.

    Raises:
        ModelError: the file is missing, cut short, or of an architecture transformers cannot read.
    """
    if not gguf_file.is_file():
        raise ModelError(f"a GGUF model must be a file, got {str(gguf_file)!r}; check the path")
    folder = cache_dir / f"gguf-{sha256_of(gguf_file)[:16]}-{CONVERSION}"
    if folder.is_dir():
        return folder
    with building(folder) as unfinished:
        if unfinished is not None:
            convert(gguf_file, unfinished)
    return folder


@contextmanager
def building(folder: Path) -> Iterator[Path | None]:
    """Give a temporary folder to fill, which becomes `folder` if nothing goes wrong.

    One process builds at a time; whoever waited gets None because the folder is there by then.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_name(folder.name + ".lock")):
        if folder.is_dir():
            yield None
            return
        with new_folder(folder, ours=["*"]) as unfinished:
            yield unfinished


def sha256_of(path: Path) -> str:
    """Return the hex sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_complete(gguf_file: Path) -> None:
    """Raise `ModelError` unless every tensor that the header lists lies within the file."""
    from gguf import GGUFReader

    try:
        reader = GGUFReader(gguf_file)
        end = max((int(t.data_offset) + int(t.n_bytes) for t in reader.tensors), default=0)
    except (ValueError, IndexError, KeyError, OverflowError) as error:
        raise ModelError(_cut_short(gguf_file, str(error))) from error
    if not end or end > gguf_file.stat().st_size:
        raise ModelError(_cut_short(gguf_file, f"tensors end at byte {end:,}"))


def _cut_short(gguf_file: Path, why: str) -> str:
    size = gguf_file.stat().st_size
    return (
        f"a GGUF file must be whole, got {str(gguf_file)!r} of {size:,} bytes ({why}); "
        "download the file again"
    )


@contextmanager
def _alone(gguf_file: Path) -> Iterator[Path]:
    """Give a folder that holds the file alone: what lies beside it is never read, nor run."""
    with tempfile.TemporaryDirectory(prefix="memeval-gguf-") as name:
        (Path(name) / gguf_file.name).symlink_to(gguf_file.resolve())
        yield Path(name)


def convert(gguf_file: Path, folder: Path) -> None:
    """Write the file's weights and tokenizer into `folder` as transformers saves them."""
    import torch
    import transformers

    check_complete(gguf_file)

    transformers.utils.logging.set_verbosity_error()
    try:
        with _alone(gguf_file) as place:
            told = {"gguf_file": gguf_file.name, "trust_remote_code": False}
            loaded = transformers.AutoModelForCausalLM.from_pretrained(
                place, dtype=torch.float32, **told
            )
            tokenizer = transformers.AutoTokenizer.from_pretrained(place, **told)
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        raise ModelError(
            f"a GGUF model must be of an architecture transformers reads, got {str(gguf_file)!r}: "
            f"{str(error).splitlines()[0]}; use the model's safetensors folder instead"
        ) from error
    # A model built afresh from the config carries none of the quantiser's flags, which
    # save_pretrained refuses.
    config = loaded.config
    if hasattr(config, "quantization_config"):
        del config.quantization_config
    plain = transformers.AutoModelForCausalLM.from_config(config)
    plain.load_state_dict(loaded.state_dict(), assign=True)
    plain.tie_weights()
    plain.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
