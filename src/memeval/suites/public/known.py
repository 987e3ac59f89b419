"""Published files that are known by their sha256, listed as `sha256sum` lists them."""

from pathlib import Path

FOLDER = Path(__file__).parent / "sha256"


def known_files(name: str) -> dict[str, str]:
    """Return what the known files of a benchmark are called, by their sha256."""
    lines = (FOLDER / f"{name}.txt").read_text("utf-8").splitlines()
    return {sha256: told for sha256, _, told in (line.partition("  ") for line in lines)}
