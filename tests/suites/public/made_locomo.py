"""A small file in LoCoMo's form, of invented people, and an audit of it."""

import json
from pathlib import Path
from typing import Any

TURNS: dict[str, list[dict[str, Any]]] = {
    "session_10": [
        {"speaker": "Ilse", "dia_id": "D10:1", "text": "Kiln day went well, all six held."},
        {"speaker": "Bram", "dia_id": "D10:2", "text": "", "blip_caption": "a photo of six mugs"},
    ],
    "session_2": [
        {
            "speaker": "Bram",
            "dia_id": "D2:1",
            "text": "I moored the dinghy at Hesk.",
            "img_url": ["https://example.org/1.jpg"],
            "blip_caption": "a photo of a pier",
            "query": "zanzibar jetty",
        },
        {"speaker": "Ilse", "dia_id": "D2:2", "text": "I fired two mugs, Rolf helped."},
    ],
}
DATES = {
    "session_2_date_time": "12:05 am on 9 June, 2021",
    "session_3_date_time": "8:00 pm on 11 June, 2021",
    "session_10_date_time": "1:56 pm on 30 July, 2021",
}
QUESTIONS: list[dict[str, Any]] = [
    {"question": "Who helped?", "answer": "Rolf", "evidence": ["D2:2"], "category": 4},
    {"question": "When did Bram moor?", "answer": 2021, "evidence": ["D2:1"], "category": 2},
    {
        "question": "What did Ilse fire?",
        "answer": "two mugs, six mugs",
        "evidence": ["D10:01; D:2:2"],
        "category": 1,
    },
    {
        "question": "Is Ilse patient?",
        "answer": "Likely; kilns take days",
        "evidence": [],
        "category": 3,
    },
    {
        "question": "Where did Ilse moor?",
        "adversarial_answer": "Hesk",
        "evidence": ["D2:1"],
        "category": 5,
    },
]
CORRECTIONS: list[dict[str, Any]] = [
    {
        "question_id": "locomo_0_qa0",
        "question": "Who helped?",
        "error_type": "ATTRIBUTION_ERROR",
        "correct_evidence": ["D2:1"],
        "correct_answer": "Bram (who moored)",
    },
    {
        "question_id": "locomo_0_qa1",
        "question": "When did Bram moor?",
        "error_type": "WRONG_CITATION",
        "correct_evidence": ["D10:1"],
        "correct_answer": "2021 (the answer is right)",
    },
]


def sample(id_: str = "conv-a", **changed: Any) -> dict[str, Any]:
    """Return a conversation; sessions and dates by name replace those that there are."""
    conversation = {"speaker_a": "Ilse", "speaker_b": "Bram", **DATES, **TURNS, **changed}
    return {"sample_id": id_, "conversation": conversation, "qa": QUESTIONS, "observation": {}}


def asking(id_: str = "conv-a", **question: Any) -> dict[str, Any]:
    """Return a conversation with one question."""
    usual = {"question": "Who?", "answer": "Rolf", "evidence": ["D2:2"], "category": 4}
    return {**sample(id_), "qa": [usual | question]}


def written(path: Path, content: Any) -> Path:
    """Write a file, and return its path."""
    path.write_text(json.dumps(content))
    return path


def made_locomo(folder: Path) -> Path:
    """Write the file as it is published: one conversation that the audit knows, and one not."""
    return written(folder / "locomo10.json", [sample("conv-26"), sample()])
