"""A small chat in BEAM's form, of invented words, with a question of each ability."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def message(id_: int, role: str, content: str, **fields: Any) -> dict[str, Any]:
    return {"role": role, "id": id_, "content": content, **fields}


def chat() -> list[dict[str, Any]]:
    """Return two batches of turns, each dated by its first message."""
    first = [
        [
            message(
                0,
                "user",
                "My loom has eight shafts. ->-> 1,1",
                time_anchor="March-15-2024",
                index="1,1",
                question_type="main_question",
            ),
            message(1, "assistant", "Eight shafts suit a satin:\n\n1. Warp it."),
        ],
        [
            message(2, "user", "I dyed the wool blue. ->-> 1,N/A"),
            message(3, "assistant", "Rinse it ->-> twice."),
        ],
    ]
    second = [
        [
            message(4, "user", "I dyed the wool green. ->->  2,1", time_anchor="April-05-2024"),
            message(5, "assistant", "Green it is."),
        ]
    ]
    return [
        {"batch_number": 1, "time_anchor": None, "turns": first},
        {"batch_number": 2, "time_anchor": None, "turns": second},
    ]


def questions() -> dict[str, list[dict[str, Any]]]:
    """Return one question of each ability."""
    never = "There is no information about a spindle."
    return {
        "abstention": [{"question": "Who made my spindle?", "ideal_response": never,
                        "why_unanswerable": "no spindle", "rubric": [never]}],
        "contradiction_resolution": [asked("Is the wool blue?", {"a": [2], "b": [4]},
                                           ideal_answer="You said both blue and green.")],
        "event_ordering": [asked("In which order did I do it?", [0, [2, [4]], 2],
                                 ["Counting shafts", "Blue wool", "Green wool"],
                                 answer="1) Counting shafts, 2) blue wool, 3) green wool.")],
        "information_extraction": [asked("How many shafts?", [0], answer=8)],
        "instruction_following": [asked("How do I warp?", [1],
                                        expected_compliance="It should be a list.")],
        "knowledge_update": [asked("Which colour is it?", {"old": [2], "new": [4]},
                                   answer="It is green.")],
        "multi_session_reasoning": [asked("How many colours?", [2, 4], answer="Two.")],
        "preference_following": [asked("Which dye?", [4], expected_compliance="Name plants.")],
        "summarization": [asked("Sum it up.", [0, 2, 4], ideal_summary="A loom and its wool.")],
        "temporal_reasoning": [asked("How long between the dyes?", {"a": [2], "b": [4]},
                                     answer="Three weeks.")],
    }  # fmt: skip


def asked(
    question: str,
    cited: object,
    rubric: Sequence[str] = ("LLM response should say so",),
    **answer: Any,
) -> dict[str, Any]:
    return {"question": question, "source_chat_ids": cited, "rubric": [*rubric], **answer}


def written(folder: Path, told: object, questions: object, *, nested: bool = False) -> Path:
    """Write a chat's folder, and return the path of the chat."""
    below = folder / "probing_questions" if nested else folder
    below.mkdir(parents=True, exist_ok=True)
    (below / "probing_questions.json").write_text(json.dumps(questions), "utf-8")
    path = folder / "chat.json"
    path.write_text(json.dumps(told), "utf-8")
    return path


def made_beam(folder: Path) -> Path:
    """Write the benchmark's files below a folder."""
    return written(folder / "100K/1", chat(), questions())
