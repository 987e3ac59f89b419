"""Golden files: what was rendered once and looked at must stay, until it is changed on purpose."""

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "golden"


def assert_golden(name: str, text: str) -> None:
    """Compare with the golden file; `nox -s golden` writes it anew instead."""
    path = FOLDER / name
    if os.environ.get("MEMEVAL_REGENERATE_GOLDEN"):
        path.write_text(text, "utf-8")
    assert path.read_text("utf-8") == text
