"""Datasets of somebody else's that break a rule, or their worker: named, and never for ever."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from memeval.errors import PluginError
from memeval.suites.choosing import dataset_named

Run = Callable[..., Any]

SUITES = """
from dataclasses import dataclass
from memeval import Event, InMemory, Item, Query, Session
from memeval.datasets.dataset import Data

def sessions(count=3):
    made = []
    for i in range(count):
        item = Item(Query("q", f"What is {i}?", 1), ("red",), ("e",), ("e",), "all")
        made.append(Session(f"s{i}", (Event("e", f"It is red {i}.", 0),), (item,)))
    return made

class Base:
    prompt = None
    primary = "exact_match"
    def dataset(self, **options):
        return InMemory("mine", sessions())

class Outside(Base):
    def dataset(self, **options):
        return InMemory("../../../outside", sessions())

class Raises(Base):
    def dataset(self, **options):
        raise ValueError("no server")

class Made(Base):
    def __init__(self):
        raise RuntimeError("cannot be made")

class Sizes(Base):
    def dataset(self, **options):
        made = InMemory("mine", sessions())
        return type("Odd", (), {"suite": "mine", "size": "three", "seed": 0, "open": made.open})()

class Empty(Base):
    def dataset(self, **options):
        return InMemory("mine", [])

class Primary(Base):
    def dataset(self, **options):
        return InMemory("mine", sessions(), primary="nosuch")

class Own:
    suite, size, seed = "mine", 3, 0
    def __eq__(self, other):
        return type(self).__name__ == type(other).__name__
    def __hash__(self):
        return 7
    def open(self):
        return Data(sessions(), "digest")

class Nothing(Own):
    def open(self):
        return None

class Filed(Base):
    def dataset(self, **options):
        return Own()

class Counted(Own):
    def open(self):
        return Data(iter(sessions()), "digest")

class Numbers(Own):
    def open(self):
        return Data([1, 2], "digest")

class Nameless(Own):
    def open(self):
        return Data(sessions(), "digest", scorers=None)

class Late(list):
    def __iter__(self):
        raise RuntimeError("read too late")

class Read(Own):
    def open(self):
        return Data(Late(sessions()), "digest")

class Generator(Base):
    def dataset(self, **options):
        return Counted()

class Ints(Base):
    def dataset(self, **options):
        return Numbers()

class Scorers(Base):
    def dataset(self, **options):
        return Nameless()

class Lazy(Base):
    def dataset(self, **options):
        return Read()

@dataclass
class Changeable(Own):
    size: int = 3
    __eq__ = lambda self, other: True

Changeable.__hash__ = None

class Unhashable(Base):
    def dataset(self, **options):
        return Changeable()

class Shy(Own):
    @property
    def suite(self):
        raise RuntimeError("no name yet")

class Property(Base):
    def dataset(self, **options):
        return Shy()

class Wide(Base):
    sizes = seeds = 5

class Hollow(Base):
    def dataset(self, **options):
        return Nothing()
"""

MODEL = """
import os
from memeval import Generation, TextModel

class Deadly(TextModel):
    def generate(self, prompts, *, max_new_tokens, stop, on_done=lambda _: None):
        if any(" 1?" in prompt.suffix for prompt in prompts):
            os._exit(9)
        return [Generation(text="red") for _ in prompts]

class Named(TextModel):
    name = "My Model"
    def generate(self, prompts, *, max_new_tokens, stop, on_done=lambda _: None):
        return [Generation(text="red") for _ in prompts]
"""


@pytest.fixture
def files(workplace: Path) -> Path:
    """Write the suites and models into the folder that commands run in."""
    (workplace / "suites.py").write_text(SUITES, "utf-8")
    (workplace / "mods.py").write_text(MODEL, "utf-8")
    return workplace


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Outside", "have a suite made of letters"),
        ("Raises", "got ValueError: no server"),
        ("Made", "got RuntimeError: cannot be made"),
        ("Sizes", "have a size above 0 and a seed, got size 'three'"),
        ("Empty", "a dataset needs a session with an item"),
        ("Unhashable", "be hashable, as a frozen dataclass is, got Changeable"),
        ("Property", "got RuntimeError: no name yet"),
        ("Wide", "sizes and seeds must be tuples of whole numbers, got 5 and 5"),
    ],
)
def test_a_suite_that_breaks_a_rule_is_named(files: Path, name: str, told: str) -> None:
    """Before anything runs, with the suite and the rule."""
    with pytest.raises(PluginError, match=told) as caught:
        dataset_named(f"suites.py:{name}")
    assert f"suites.py:{name}" in str(caught.value)


def evaluate(memeval: Run, suite: str, *words: str, model: str = "mods.py:Named") -> Any:
    """Measure the floor on a suite."""
    return memeval(
        "eval", "--preset", "baselines/closed_book", "--suite", f"suites.py:{suite}",
        "--model", model, "--date", "t", *words,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("suite", "code", "told"),
    [
        ("Hollow", 2, "open must return Data, got None"),
        ("Generator", 2, "a dataset's sessions must be a sequence, got <list_iterator"),
        ("Ints", 2, "a dataset must hold sessions, got [1, 2]"),
        ("Scorers", 2, "a dataset's scorers must be a tuple of names, got None"),
        ("Lazy", 2, "got RuntimeError: read too late from the dataset of suite 'mine'"),
        ("Primary", 1, "a dataset's primary score must be one that its scorers give"),
    ],
)
def test_a_dataset_that_breaks_a_rule_is_one_sentence(
    files: Path, memeval: Run, suite: str, code: int, told: str
) -> None:
    """No traceback reaches the screen."""
    done = evaluate(memeval, suite, "--limit", "1")
    assert done.code == code, done.err
    assert told in done.out + done.err
    assert "Traceback" not in done.out + done.err


def test_a_dataset_of_a_file_is_sent_to_workers(files: Path, memeval: Run) -> None:
    """Its class is known there, although no module of that name can be imported."""
    done = evaluate(memeval, "Filed", "--workers", "2")
    assert done.code == 0, done.err
    [metrics] = files.rglob("metrics.json")
    assert json.loads(metrics.read_text())["n_sessions"] == 3


def test_a_session_that_kills_its_workers_ends_its_cell(files: Path, memeval: Run) -> None:
    """Two workers share the cell; when both have died at it, it is failed."""
    done = evaluate(memeval, "Base", "--workers", "2", model="mods.py:Deadly")
    assert done.code == 1
    assert "got one that ended with 9" in done.out


def test_a_model_with_a_name_of_its_own_is_shown(files: Path, memeval: Run) -> None:
    """Results are found by what the command named."""
    done = evaluate(memeval, "Base")
    assert "closed_book" in done.out
    assert "My Model" in done.out


def test_a_wrong_gold_is_left_out_of_a_cell_on_disk(memeval: Run, workplace: Path) -> None:
    """The reason is kept beside the scores."""
    own = workplace / "own"
    own.mkdir()
    (own / "events.jsonl").write_text('{"id": "e1", "text": "Nora is in Rome."}\n')
    lines = [
        {"question": "Where is Nora?", "answers": ["Rome"], "gold_events": ["e1"]},
        {"question": "Who is Nora?", "answers": ["?"], "unscored_reason": "no answer"},
    ]
    (own / "items.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    done = memeval("eval", "--preset", "baselines/rag", "--suite", "own", "--model", "scripted",
                   "--date", "t")  # fmt: skip
    assert done.code == 0, done.out
    [path] = workplace.rglob("metrics.json")
    metrics = json.loads(path.read_text())
    assert (metrics["n"], metrics["left_out"]) == (1, {"no answer": 1})


def test_a_gate_holds_for_data_of_ones_own(memeval: Run, workplace: Path) -> None:
    """A study of a folder is met once its cells are there, and names what is missing otherwise."""
    own = workplace / "own"
    own.mkdir()
    (own / "events.jsonl").write_text('{"id": "e1", "text": "Nora is in Rome."}\n')
    (own / "items.jsonl").write_text('{"question": "Where is Nora?", "answers": ["Rome"]}\n')
    (workplace / "mods.py").write_text(MODEL, "utf-8")
    (workplace / "mine.yaml").write_text(
        "{models: ['mods.py:Named'], measure: [{presets: [baselines/rag], suites: [own]}]}"
    )
    assert memeval("eval", "--study", "mine.yaml", "--date", "t").code == 0
    done = memeval("report", "t", "--gate")
    assert done.code == 0, done.out + done.err
    import shutil

    [cell] = (path.parent for path in (workplace / "runs").rglob("meta.json"))
    assert memeval("eval", "--preset", "baselines/closed_book", "--suite", "own", "--model",
                   "mods.py:Named", "--date", "t").code == 0  # fmt: skip
    shutil.rmtree(cell)
    done = memeval("report", "t", "--gate")
    assert done.code == 1
    assert "missing: baselines/rag" in done.out


PARAMS = """
from pydantic import field_serializer, field_validator
from memeval.memories.event_store import EventStore
from memeval.memories.params import MemoryParams
from memeval.types import Recall

class Divides(EventStore):
    class Params(MemoryParams):
        k: int = 1
        @field_validator("k")
        @classmethod
        def check(cls, value):
            return 1 // value
    def recall(self, queries):
        return [Recall()] * len(queries)

class Dumps(Divides):
    class Params(MemoryParams):
        k: int = 1
        @field_serializer("k")
        def dump(self, value):
            raise OSError("no room")
"""


@pytest.mark.parametrize(
    ("name", "told"), [("Divides", "got ZeroDivisionError: "), ("Dumps", "no room")]
)
def test_parameters_that_a_memory_stumbles_over_are_one_sentence(
    files: Path, memeval: Run, name: str, told: str
) -> None:
    """What its validators and serializers raise is told as the memory's."""
    (files / "params.py").write_text(PARAMS, "utf-8")
    done = memeval("eval", "--preset", f"params.py:{name}", "--set", "k=0", "--suite", "episodic",
                   "--model", "scripted", "--dry-run")  # fmt: skip
    assert done.code == 2, done.err
    assert "a memory's Params must take parameters or say what is wrong" in done.err
    assert told in done.err
    assert f"params.py:{name}" in done.err


@pytest.mark.parametrize(
    ("command", "suite", "told"),
    [
        ("show", "Hollow", "open must return Data"),
        ("verify", "Hollow", "open must return Data"),
        ("verify", "Lazy", "RuntimeError: read too late"),
    ],
)
def test_looking_at_a_bad_dataset_is_one_sentence(
    files: Path, memeval: Run, command: str, suite: str, told: str
) -> None:
    """Whoever writes a suite looks at what it gives first."""
    done = memeval("datasets", command, f"suites.py:{suite}")
    assert done.code == 2, done.err
    assert told in done.err
