"""GGUF files: checked, de-quantised once, and kept as safetensors in the cache directory.

Reading GGUF takes transformers about 15 s for a model of 135 M parameters, the same weights from
safetensors under one, so every file is converted on first use.
"""

import hashlib
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock
from gguf import GGUFReader

from memeval.atomic import new_folder, temporary_folder
from memeval.errors import ModelError
from memeval.models.local.boundary import reading
from memeval.models.local.size import Size, check_size
from memeval.outside import shown_text

CONVERSION = "v1"  # part of the folder name: raise it when what is written changes

MAX_READS = 5_000_000  # of the header: a vocabulary of 250,000 words takes about 2,000,000
RULE = "a GGUF model must be of an architecture transformers reads"
NEXT_STEP = "use the model's safetensors folder instead"


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


def check_complete(gguf_file: Path) -> Size:
    """Return the size of a file's weights; raise `ModelError` if it claims more than it holds."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of numbers that overflow
            tensors = _BoundedReader(gguf_file).tensors
    except Exception as error:  # the reader trusts the file, so anything may come of a broken one
        cause = shown_text(f"{error}" or type(error).__name__)
        raise ModelError(_cut_short(gguf_file, cause)) from error
    if not tensors:
        raise ModelError(_cut_short(gguf_file, "no tensors"))
    return Size(len(tensors), sum(tensor.n_elements for tensor in tensors))


class _BoundedReader(GGUFReader):  # type: ignore[misc]
    """A reader that ends with the file: behind it, numpy reads nothing as often as one asks."""

    _reads = 0

    def _get(self, offset: int, dtype: Any, count: int = 1, override_order: Any = None) -> Any:
        self._reads += 1
        end = int(offset) + np.dtype(dtype).itemsize * int(count)
        if end > len(self.data) or self._reads > MAX_READS:
            raise ValueError(f"it claims {end:,} bytes and more in entry {self._reads:,}")
        return super()._get(offset, dtype, count, override_order)


def _cut_short(gguf_file: Path, why: str) -> str:
    size = gguf_file.stat().st_size
    return (
        f"a GGUF file must be whole, got {str(gguf_file)!r} of {size:,} bytes ({why}); "
        "download the file again"
    )


@contextmanager
def _alone(gguf_file: Path) -> Iterator[Path]:
    """Give a folder that holds the file alone: what lies beside it is never read, nor run."""
    with temporary_folder("memeval-gguf-") as folder:
        (folder / gguf_file.name).symlink_to(gguf_file.resolve())
        yield folder


def convert(gguf_file: Path, folder: Path) -> None:
    """Write the file's weights and tokenizer into `folder` as transformers saves them."""
    import torch
    import transformers

    size = check_complete(gguf_file)
    transformers.utils.logging.set_verbosity_error()
    with reading(RULE, gguf_file, NEXT_STEP):
        with _alone(gguf_file) as place:
            told = {"gguf_file": gguf_file.name, "trust_remote_code": False}
            kind = transformers.AutoModelForCausalLM
            check_size(
                transformers.AutoConfig.from_pretrained(place, **told), size, gguf_file, kind
            )
            loaded = kind.from_pretrained(place, dtype=torch.float32, **told)
            tokenizer = transformers.AutoTokenizer.from_pretrained(place, **told)
        plain = _plain(loaded)
    plain.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def _plain(loaded: Any) -> Any:
    """Return the model without the quantiser's flags, which `save_pretrained` refuses."""
    import transformers

    config = loaded.config
    if hasattr(config, "quantization_config"):
        del config.quantization_config
    plain = transformers.AutoModelForCausalLM.from_config(config)
    plain.load_state_dict(loaded.state_dict(), assign=True)
    plain.tie_weights()
    return plain
