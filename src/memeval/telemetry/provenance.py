"""Where a result came from: code, machine, versions."""

import os
import platform
import subprocess
from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil

from memeval.naming import DISTRIBUTION

PACKAGES = (
    DISTRIBUTION,
    "torch",
    "transformers",
    "tokenizers",
    "accelerate",
    "safetensors",
    "gguf",
    "numpy",
    "scipy",
    "pyarrow",
    "bm25s",
    "PyStemmer",
    "nltk",
    "networkx",
)
CODE = ("src", "presets", "pyproject.toml")
"""What results rest on, below the checkout; the results themselves may be tracked beside it."""


@lru_cache(maxsize=1)
def git_state() -> Mapping[str, str | bool | None]:
    """Return the commit of the memeval checkout and whether its code was changed; None outside git.

    Asked once a process, as the code that runs is that of its start.
    """
    return _state_of(Path(__file__).resolve().parents[3])


def _state_of(root: Path) -> dict[str, str | bool | None]:
    commit = _git(root, "rev-parse", "HEAD")
    if commit is None:
        return {"commit": None, "dirty": None}
    return {"commit": commit, "dirty": bool(_git(root, "status", "--porcelain", "--", *CODE))}


def machine() -> dict[str, str | int | None]:
    """Return Python, operating system, processor, cores and memory."""
    return {
        "python": platform.python_version(),
        "os": platform.platform(),
        "cpu": _cpu_name(),
        "cores": os.cpu_count(),
        "memory_mb": psutil.virtual_memory().total // 2**20,
    }


@lru_cache(maxsize=1)
def package_versions() -> Mapping[str, str | None]:
    """Return the versions of the packages that results depend on."""
    return {name: _version(name) for name in PACKAGES}


def versions_told() -> str:
    """Say which memeval, Python and torch these are; none of them is imported."""
    found = {name: _version(name) for name in (DISTRIBUTION, "torch", "transformers")}
    told = [f"{name} {version or 'is not installed'}" for name, version in found.items()]
    return ", ".join([told[0], f"Python {platform.python_version()}", *told[1:]])


def _git(root: Path, *arguments: str) -> str | None:
    if not (root / ".git").exists():
        return None
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def _cpu_name() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
