"""A small file in CogEval's form, of invented huts."""

import json
from pathlib import Path
from typing import Any

WORLD = "Imagine a coast. The quay leads to hut 1. Hut 1 leads to hut 3!\nHut 2 has 5 coins."
ASKED = "Which way leads to most coins? Please list the huts in order, separated by commas."

CLUSTERS = "How many clusters are there? A cluster is a group of huts."


def task() -> dict[str, Any]:
    """Return a task of which later conversations begin as the first."""
    return {
        "SYSTEM_MSG": {"content": "You help people. Answer as 'Answer: ([a-z]+,\\s*)*[a-z]+'"},
        "valuePath": {"content": f"{WORLD} {ASKED}", "response_pattern": "Answer: .*"},
        "transReval": {"content": f"Now imagine that hut 1 leads to hut 2. {ASKED}"},
        "nClusters": {"content": f"Hut 4 is apart.  {CLUSTERS} "},
        "mapRepresentation": {"content": "Please draw the map"},
        "CONVERSATIONS": [
            talk("valuePath", answered("valuePath", "Answer: hut 1, hut 3", "Answer:hut 1,hut 3 ")),
            talk("transReval", "valuePath", answered("transReval", "Answer hut 1, hut 2")),
            talk("nClusters", "valuePath", answered("nClusters", "Answer: there are 2 clusters")),
            talk("mapRepresentation", "valuePath", answered("mapRepresentation", "(.|\n)*")),
        ],
    }


def talk(name: str, *said: Any) -> dict[str, Any]:
    """Return a conversation of messages, by their names or as `answered` gives them."""
    entries = [{"prompt_id": one} if isinstance(one, str) else one for one in said]
    return {name: [{"prompt_id": "SYSTEM_MSG"}, *entries]}


def answered(name: str, *expected: Any) -> dict[str, Any]:
    """Return a message with the answers that are right."""
    return {"prompt_id": name, "expected_answer": [*expected]}


def logic() -> dict[str, Any]:
    """Return a task of the older form, whose conversations hold names alone."""
    return {
        "SYSTEM_MSG": {"content": "You help people."},
        "premises": {
            "content": "Does it follow?\nAll gulls are birds.\nSome birds swim.",
            "expected_answer": "Answer: No",
        },
        "CONVERSATIONS": [{"exp01": ["SYSTEM_MSG", "premises"]}],
    }


def written(folder: Path, content: object, name: str = "n3line/huts.json") -> Path:
    """Write a file, and return its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), "utf-8")
    return path


def made_cogeval(folder: Path) -> Path:
    """Write the benchmark's files below a folder."""
    written(folder / "task_templates", task())
    written(folder / "task_templates", logic(), "logic/logic.json")
    return folder
