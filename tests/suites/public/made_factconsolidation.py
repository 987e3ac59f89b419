"""A small file in FactConsolidation's form, of invented people and places."""

import json
from pathlib import Path
from typing import Any

FACTS = (
    "The mayor of Orrin is Pat Vale.",
    "Pat Vale was born in the city of Skell.",
    "Lou Birk was born in the city of Tarn.",
    "The mayor of Orrin is Lou Birk.",
    "Skell is located in the continent of Borea.",
    "Tarn is located in the continent of Zephyria.",
    "Pat Vale is married to Kit O. Moss.",
    "Lou Birk worked in the city of Tarn.",
)
SINGLE = {
    "Who is the mayor of Orrin?": ["Lou Birk"],
    "Which city was Pat Vale born in?": ["Skell"],
    "Who is Pat Vale married to?": ["Kit O. Moss"],
}
MULTI = {
    "On which continent was the wife of the mayor of Skell born?": ["Borea"],
    "On which continent is the town where Pat Vale was born?": ["Borea"],
}


def records() -> list[dict[str, Any]]:
    """Return a record of questions of one fact, and one of questions of several."""
    return [record("sh_6k", SINGLE), record("mh_6k", MULTI)]


def record(kind: str, asked: dict[str, list[Any]], facts: tuple[str, ...] = FACTS) -> Any:
    """Return a list of facts with questions."""
    source = f"factconsolidation_{kind}"
    return {
        "context": "Here is a list of facts:\n"
        + "".join(f"{i}. {fact}\n" for i, fact in enumerate(facts)),
        "questions": [*asked],
        "answers": [*asked.values()],
        "metadata": {
            "source": source,
            "demo": None,
            "qa_pair_ids": [f"{source}_no{i}" for i in range(len(asked))],
        },
    }


def written(folder: Path, content: object) -> Path:
    """Write a file of records, and return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "Conflict_Resolution_made.json"
    path.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    return folder


def made_factconsolidation(folder: Path) -> Path:
    """Write the benchmark's files below a folder."""
    return written(folder, records())
