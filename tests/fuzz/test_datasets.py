"""However a dataset's files are damaged, they are used or refused in one sentence, at once."""

import json
import random
from pathlib import Path

from mutating import mutated, time_limit

from memeval.cli import render, showing_data
from memeval.datasets import folder, store
from memeval.errors import MemevalError
from memeval.reporting.text import printable

TRIES = 1_000
LONGEST = 1_000
"""Characters of a message: what was got is bounded, paths are not."""
WAY = {
    "start": "Hall",
    "goal": "Attic",
    "question": "You are in {here}. Which way?",
    "moves": {"Hall": {"up": "Attic"}, "Attic": {"down": "Hall"}},
    "nearer": {"Hall": {"up": ["e3"]}},
}
EVENTS = [
    {"id": "e1", "text": "Nora moved to Lisbon."},
    {"id": "e2", "time": 3, "text": "Noë met [her] :smile:", "speaker": "Omar", "worth": True},
    {"id": "e3", "time": 4, "text": "The Attic is up.", "at": "2023-05-08T13:56", "pin": True},
]
ITEMS = [
    {"question": "Where does Nora live?", "answers": ["Lisbon"], "gold_events": ["e1"]},
    {"query": {"id": "q", "text": "Who met her?", "time": 9}, "answers": ["Noë"], "slice": "[/]"},
    {"question": "Which way?", "answers": [], "navigation": WAY, "gold_events": ["e3"]},
    {"question": "Is it?", "answers": ["yes"], "choices": ["yes", "no"], "rubric": ["said so"]},
]
SOUND = {
    name: "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()
    for name, lines in ((store.EVENTS, EVENTS), (store.ITEMS, ITEMS))
}


def damaged(path: Path, rng: random.Random) -> None:
    """Write a dataset of which one file, or both, are damaged, or a field holds any text."""
    chosen = rng.choice(([store.EVENTS], [store.ITEMS], list(SOUND)))
    for name, data in SOUND.items():
        damage = odd_text if rng.random() < 0.4 else mutated
        (path / name).write_bytes(damage(data, rng) if name in chosen else data)


def odd_text(data: bytes, rng: random.Random) -> bytes:
    """Return data in which a text that it holds is another, everywhere."""
    odd = ["\x1b[31m", "\u202e", "\r", "[/]", "x" * 10**4, "\0", "\ud800", "{", "", "\x9b2J", "\n"]
    texts = ["Nora", "e1", "e3", "q", "Hall", "up", "Noë", "all", "[/]", "smile", "yes", "text"]
    new = json.dumps(rng.choice(odd))[1:-1]
    return data.replace(rng.choice(texts).encode(), new.encode("utf-8"))


def used(path: Path) -> str:
    """Do what `memeval datasets verify` and `show` do; return all that they print."""
    with render.console.capture() as printed:
        render.line(f"{path}: {', '.join(map(str, folder.verify(path)))}")
        dataset = folder.Folder.at(path)
        showing_data.sessions(dataset.open().sessions, dataset.size, 9)
    return printed.get()


def test_it_is_used_or_refused(tmp_path: Path) -> None:
    """No other exception, no hang, and nothing reaches a terminal that it would obey."""
    told = []
    for seed in range(TRIES):
        rng = random.Random(seed)
        damaged(tmp_path, rng)
        try:
            with time_limit():
                text = used(tmp_path)
        except MemevalError as error:
            told.append(str(error))
        except Exception as error:
            raise AssertionError(f"seed {seed}") from error
        else:
            assert {c for c in text if printable(c) != c} <= {"\n"}, f"seed {seed}"
    assert max(map(len, told)) < LONGEST
    assert TRIES / 10 < len(told) < TRIES * 9 / 10
