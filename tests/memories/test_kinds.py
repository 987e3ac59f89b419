"""What a memory's class owes, said in one sentence before anything runs."""

from pathlib import Path

import pytest

from memeval.errors import ConfigError, PluginError
from memeval.memories.contract import Requirements, knob_groups, requirements
from memeval.memories.kinds import memory_class
from memeval.memories.loading import check_parts, load_memory
from memeval.models import CAPABILITIES, missing
from memeval.models.scripted import ScriptedModel

WHOLE = """
from memeval import MemoryParams

class Mine:
    class Params(MemoryParams):
        size: int = 3
    def __init__(self, params, *, seed, model):
        self.given = {"params": params, "seed": seed, "model": model}
    def observe(self, events): pass
    def replay(self): pass
    def recall(self, queries): return []
    def stats(self): return {}
    def fingerprint(self): return ""
"""


@pytest.fixture
def mine(tmp_path: Path) -> str:
    """Return the name of a memory in a file of its own, which a test may change first."""
    (tmp_path / "mine.py").write_text(WHOLE)
    return f"{tmp_path / 'mine.py'}:Mine"


def change(name: str, old: str, new: str) -> None:
    """Change the file of a memory."""
    path = Path(name.rpartition(":")[0])
    content = path.read_text()
    assert old in content
    path.write_text(content.replace(old, new))


def test_five_methods_and_params_are_enough(mine: str) -> None:
    """A class that inherits nothing and says nothing more is a memory, and needs a model."""
    model = ScriptedModel()
    memory = load_memory(mine, model=model, seed=7, size=5)
    given = memory.given  # type: ignore[attr-defined]
    assert (given["params"].size, given["seed"], given["model"]) == (5, 7, model)


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("def recall", "async def recall", "methods that return at once, got async def recall"),
        ("def stats", "def counts", "the methods observe, .*, fingerprint, got no stats"),
        ("(MemoryParams)", "", "Params that derives from MemoryParams, got <class"),
        ("size: int", "seed: int", "otherwise than what it is handed, got a parameter 'seed'"),
        ("def __init__", 'needs = ("modal",)\n    def __init__', r"needs .*, got \('modal',\)"),
        (
            "def __init__",
            'needs = "model"\n    def __init__',
            "needs .*, got 'model'",
        ),
        ("def __init__", 'wants = ("sight",)\n    def __init__', r"wants .*, got \('sight',\)"),
        (
            "def __init__",
            'needs = ()\n    wants = ("chat",)\n    def __init__',
            r"need a model if it wants anything of it, got needs \(\)",
        ),
    ],
)
def test_a_class_that_breaks_a_rule_is_named_with_it(
    mine: str, old: str, new: str, rule: str
) -> None:
    """One sentence tells the rule, what was got, and where the plugin is registered."""
    change(mine, old, new)
    with pytest.raises(
        PluginError, match=rf"^a memory must .*{rule}.*from memory .*mine\.py:Mine"
    ) as told:
        memory_class(mine)
    assert "\n" not in str(told.value)


def test_what_is_no_class_is_refused(mine: str) -> None:
    """An entry point that leads to something else says so."""
    change(mine, "class Mine:", "Mine = 3\nclass Other:")
    with pytest.raises(PluginError, match="a memory must be a class, got 3 from memory"):
        memory_class(mine)


def test_a_constructor_that_does_not_take_what_it_is_handed_is_named(mine: str) -> None:
    """The signature that is wanted is told."""
    change(mine, "seed, model", "seed")
    change(mine, ', "model": model', "")
    with pytest.raises(PluginError, match=r"must take params, \*, seed, model, got: .*'model'"):
        load_memory(mine, model=ScriptedModel())


@pytest.mark.parametrize("part", ["encoder", "writer"])
def test_what_a_memory_needs_is_handed_to_it_by_keyword(mine: str, part: str) -> None:
    """It gets what it names and nothing else."""
    change(
        mine,
        "def __init__(self, params, *, seed, model)",
        f"""needs = ("{part}",)
    def __init__(self, params, *, seed, {part}, model=None)""",
    )
    change(mine, '"model": model', f'"part": {part}, "model": model')
    scripted = ScriptedModel()
    memory = load_memory(mine, **{part: scripted})  # type: ignore[arg-type]
    assert memory.given["part"] is scripted  # type: ignore[attr-defined]
    assert memory.given["model"] is None  # type: ignore[attr-defined]


def test_the_writer_is_the_model_unless_given(mine: str) -> None:
    """A memory that writes with a model of its own makes do with the reader's."""
    change(
        mine,
        "def __init__(self, params, *, seed, model)",
        """needs = ("writer",)
    def __init__(self, params, *, seed, writer)""",
    )
    change(mine, '"model": model', '"writer": writer')
    model, writer = ScriptedModel(), ScriptedModel()
    assert load_memory(mine, model=model).given["writer"] is model  # type: ignore[attr-defined]
    both = load_memory(mine, model=model, writer=writer)
    assert both.given["writer"] is writer  # type: ignore[attr-defined]


def test_a_missing_part_is_named_with_its_option(mine: str) -> None:
    """Nothing has to be loaded to know, and nothing is built without it."""
    change(mine, "def __init__", 'needs = ("model", "encoder")\n    def __init__')
    with pytest.raises(ConfigError, match="needs an encoder, got none; give --encoder NAME"):
        load_memory(mine, model=ScriptedModel())
    with pytest.raises(ConfigError, match="needs a model, got none; give --model NAME"):
        check_parts(mine, memory_class(mine), {"encoder"})


class OnlyGenerates:
    """A model that can do nothing else."""

    def generate(self) -> None: ...


def test_a_model_that_lacks_what_is_wanted_is_refused_by_name() -> None:
    """One sentence names the memory, what it wants and what is missing."""
    sentence = (
        "memory 'hei_nw' needs a model with tokenize, word_vectors, got one without "
        "tokenize, word_vectors"
    )
    with pytest.raises(ConfigError, match=sentence):
        load_memory("hei_nw", model=OnlyGenerates())  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["bm25", "smpd", "none", "full_context"])
def test_a_memory_that_needs_no_model_is_made_without(name: str) -> None:
    """What asks nothing of a model runs with any, or with none."""
    assert load_memory(name).fingerprint() == load_memory(name, model=ScriptedModel()).fingerprint()


def test_a_class_that_says_nothing_needs_a_model_and_wants_nothing_of_it() -> None:
    """The defaults stand in one place."""
    assert requirements(OnlyGenerates) == Requirements(("model",), ())


def test_every_want_is_a_capability_of_the_scripted_model() -> None:
    """The fake for authors can all that a memory may want, but keep notes as keys."""
    assert missing(ScriptedModel(), CAPABILITIES) == ["stitch"]


def test_knobs_are_asked_of_the_class() -> None:
    """Single ones first, then the groups; a class without both attributes has none."""
    single = ["gate.enabled", "hopfield.enabled", "dg.enabled", "replay.enabled"]
    groups = [*((knob,) for knob in single), ("gate.enabled", "hopfield.enabled")]
    assert knob_groups(memory_class("hei_nw")) == groups
    assert knob_groups(memory_class("bm25")) == []
