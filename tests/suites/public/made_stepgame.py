"""Small files in StepGame's form, of invented stories."""

import json
from pathlib import Path
from typing import Any

FIRST = {
    "0": {
        "story": ["A is above B."],
        "question": "What is the relation of the agent B to the agent A?",
        "label": "below",
    },
    "7": {
        "story": ["C and D are at one place."],
        "question": "What is the relation of the agent C to the agent D?",
        "label": "overlap",
    },
}
TENTH = {
    "0": {
        "story": ["A is left of B.", "C is above B."],
        "question": "What is the relation of the agent A to the agent C?",
        "label": "lower-left",
    }
}


def written(folder: Path, content: Any, name: str = "qa1_test.json") -> Path:
    """Write a file, and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(json.dumps(content), "utf-8")
    return path


def made_stepgame(folder: Path) -> Path:
    """Write the benchmark's files below a folder."""
    written(folder / "clean", FIRST)
    written(folder / "clean", TENTH, "qa10_test.json")
    written(folder / "clean", TENTH, "qa2_test.json")
    return folder
