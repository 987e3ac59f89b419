"""A small file in LongMemEval's form, of an invented user."""

import json
from pathlib import Path
from typing import Any

CHATS: dict[str, list[dict[str, Any]]] = {
    "answer_b2_2": [
        {"role": "user", "content": "The leeks froze.", "has_answer": True},
        {"role": "assistant", "content": "What a pity.", "has_answer": False},
    ],
    "sharegpt_x_0": [{"role": "user", "content": "Rhyme with owl?"}],
    "answer_b2_1": [
        {"role": "assistant", "content": "Hello."},
        {"role": "user", "content": "I planted 40 leeks.", "has_answer": True},
    ],
    "empty_0": [],
}
DATES = (
    *("2021/03/09 (Tue) 02:21", "2021/03/09 (Tue) 02:21"),
    *("2021/02/01 (Mon) 23:40", "2021/02/02 (Tue) 07:00"),
)


def question(id_: str = "b2", **changed: Any) -> dict[str, Any]:
    """Return a question with its haystack, whose chats are not in the order of their dates."""
    return {
        "question_id": id_,
        "question_type": "multi-session",
        "question": "How many leeks froze?",
        "answer": 40,
        "question_date": "2021/04/01 (Thu) 10:00",
        "haystack_session_ids": [*CHATS],
        "haystack_dates": [*DATES],
        "haystack_sessions": [*CHATS.values()],
        "answer_session_ids": ["answer_b2_1", "answer_b2_2"],
    } | changed


def written(path: Path, content: Any) -> Path:
    """Write a file, and return its path."""
    path.write_text(json.dumps(content))
    return path


def made_longmemeval(folder: Path) -> Path:
    """Write the file as it is published."""
    liking = {
        "question_type": "single-session-preference",
        "question": "What shall I sow?",
        "answer": "Something hardy",
    }
    made = [question(), question("b2_abs"), question("c3", **liking)]
    return written(folder / "longmemeval_s_cleaned.json", made)
