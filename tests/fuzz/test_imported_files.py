"""However damaged a file of chats is, it is imported, or refused in one sentence, at once."""

import csv
import io
import json
import random
from pathlib import Path
from typing import Any

import pyarrow as pa
from mutating import mutated, time_limit

from memeval import parquet
from memeval.datasets import folder
from memeval.datasets.importing import importing
from memeval.datasets.importing.fields import USUAL
from memeval.errors import MemevalError

TRIES = 100
"""Of each kind of file."""
LONGEST = 1_000
MOST_LEVELS = 4
NAMES = [*dict.fromkeys(name for names in USUAL.values() for name in names), "x"]
CHATS: list[dict[str, Any]] = [
    {
        "id": 1,
        "messages": [
            {"id": "m1", "role": "Nora", "content": "Noë met [her] :smile:", "at": 1772475000},
            {"id": "m2", "role": "Omar", "content": [{"type": "text", "text": "Yes"}], "at": "?"},
        ],
        "qa": [{"question": "Who met her?", "answer": ["Noë", "Noe"], "gold_events": ["m1"]}],
    },
    {"id": "b", "messages": ["That is all."], "qa": [{"query": "Is it?", "expected": "yes"}]},
]
ROWS = [
    {"chat_id": "a", "text": "Nora moved.", "at": "2026-03-02T18:05", "question": "", "answer": ""},
    {"chat_id": "a", "text": "", "at": "", "question": "Who moved?", "answer": "Nora"},
]


def files(path: Path) -> dict[str, bytes]:
    """Return a sound file of every kind."""
    table = io.StringIO(newline="")
    writer = csv.DictWriter(table, ROWS[0])
    writer.writeheader()
    writer.writerows(ROWS)
    parquet.write(pa.Table.from_pylist(ROWS), path / "sound.parquet")
    return {
        "x.json": json.dumps(CHATS, ensure_ascii=False).encode(),
        "x.jsonl": "".join(json.dumps(chat) + "\n" for chat in CHATS).encode(),
        "x.csv": table.getvalue().encode(),
        "x.parquet": (path / "sound.parquet").read_bytes(),
    }


def any_value(rng: random.Random, depth: int = 0) -> Any:
    """Return a value of any shape, whose fields go by usual names."""
    kind = rng.randrange(8 if depth < MOST_LEVELS else 4)
    if kind < 3:
        return rng.choice(
            ["a", "m1", "", " ", "2026-03-02", "9" * 30, "\ud800", "\0", "nan", "yes"]
        )
    if kind == 3:
        return rng.choice([None, True, 0, -5, 1772475000, 1e300, 2.5, 10**25, [], {}])
    if kind < 6:
        return [any_value(rng, depth + 1) for _ in range(rng.randrange(4))]
    return {rng.choice(NAMES): any_value(rng, depth + 1) for _ in range(rng.randrange(5))}


def test_records_of_any_shape_are_imported_or_refused(tmp_path: Path) -> None:
    """Beside sound ones, or alone, and whatever a mapping names."""
    path, told = tmp_path / "x.json", []
    for seed in range(TRIES):
        rng = random.Random(seed)
        chat = {"messages": [CHATS[0]["messages"][0], any_value(rng, 1)], "qa": CHATS[0]["qa"]}
        path.write_text(json.dumps(rng.choice([[chat, any_value(rng)], {"chats": [chat]}])))
        mapping = {rng.choice([*USUAL]): rng.choice([*NAMES, ""])} if seed % 3 == 0 else {}
        try:
            with time_limit():
                importing.read_import(path, mapping)
        except MemevalError as error:
            told.append(str(error))
        except Exception as error:
            raise AssertionError(f"seed {seed}") from error
    assert max(map(len, told)) < LONGEST
    assert TRIES / 10 < len(told) < TRIES * 9 / 10


def test_it_is_imported_or_refused(tmp_path: Path) -> None:
    """No other exception and no hang, and what is imported verifies."""
    told, count = [], 0
    for name, data in files(tmp_path).items():
        for seed in range(TRIES):
            (tmp_path / name).write_bytes(mutated(data, random.Random(seed)))
            try:
                with time_limit():
                    found = importing.read_import(tmp_path / name, {})
                    importing.write(found, tmp_path / name[2:])
                    faults = folder.verify(tmp_path / name[2:]) if found.items else []
            except MemevalError as error:
                told.append(str(error))
            except Exception as error:
                raise AssertionError(f"{name}, seed {seed}") from error
            else:
                count += 1
                assert faults == [], f"{name}, seed {seed}"
    assert max(map(len, told)) < LONGEST
    assert count > TRIES / 10
