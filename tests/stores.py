"""Saved stores, changed as if they had been written so."""

import json
from pathlib import Path

from memeval.sealing import SEAL, sealed


def rewrite(path: Path, **changes: object) -> None:
    """Change keys of a store's head as if it had been written so; one that is `...` goes."""
    content = json.loads(path.read_text("utf-8")) | changes
    kept = {key: value for key, value in content.items() if value is not ... and key != SEAL}
    files = [file.name for file in path.parent.glob("*.parquet")]
    path.write_text(json.dumps(sealed(path.parent, path.name, kept, files)), "utf-8")
