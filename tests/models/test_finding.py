"""Models are found by registered name, with what stands behind a colon, or by path."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from memeval.errors import ConfigError, MemevalError, ModelError, PluginError
from memeval.models import Generation, TextModel, load_model
from memeval.models.scripted import ScriptedModel
from memeval.registry import Plugin, Registry


class Parrot(TextModel):
    """Says its argument."""

    def __init__(self, argument: str = "hello", *, threads: int | None = None) -> None:
        self.argument, self.threads = argument, threads

    def generate(self, prompts: Any, **_: Any) -> list[Generation]:
        return [Generation(self.argument)] * len(prompts)


def demanding(argument: str) -> Parrot:
    return Parrot(argument)


def broken() -> Parrot:
    raise RuntimeError("no licence\nfor this machine")


class Wrong(Parrot):
    """Has a member that is not as it must be."""

    def __init__(self, **members: Any) -> None:
        vars(self).update(members)


def wrong(**members: Any) -> Callable[[], Any]:
    return lambda: Wrong(**members)


async def later(*_: Any, **__: Any) -> list[Generation]:
    return []


MADE: dict[str, Any] = {
    "parrot": Parrot,
    "demanding": demanding,
    "broken": broken,
    "constant": 3,
    "mute": object,
    "abstract": type("Abstract", (TextModel,), {}),
    "nameless": wrong(name=""),
    "wide": wrong(window=-1),
    "late": wrong(generate=later),
    "unprinted": wrong(fingerprint=lambda: 3),
    "undescribed": wrong(description=lambda: {"device": None}),
}


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Register the models above, and those that are shipped."""
    shipped = Registry.plugins

    def plugins(self: Registry) -> dict[str, Plugin]:
        ours = {n: Plugin("model", n, f"{__name__}:MADE", self.group, "zoo") for n in MADE}
        return shipped(self) | ours

    load = Plugin.load
    monkeypatch.setattr(Registry, "plugins", plugins)
    monkeypatch.setattr(Plugin, "load", lambda self: MADE.get(self.name) or load(self))


def found(name: str, **options: Any) -> Any:
    return load_model(name, cache_dir=Path("unused"), **options)


def test_a_registered_model_is_called_with_what_its_signature_names() -> None:
    """Of device, batch size and threads, this one takes threads; the fake takes nothing."""
    assert found("parrot", threads=3, device="cpu", batch_size=2).threads == 3
    assert isinstance(found("scripted", threads=3), ScriptedModel)


def test_what_stands_behind_a_colon_is_the_argument() -> None:
    """It may hold colons itself."""
    assert found("parrot:http://host:80/x").argument == "http://host:80/x"
    assert found("parrot").argument == "hello"


def test_a_model_without_a_name_of_its_own_has_the_one_it_was_found_by() -> None:
    """Two arguments make two names, and so two fingerprints; a chosen name stays."""
    assert found("parrot:a").name == "parrot:a"
    assert found("parrot:a").fingerprint() != found("parrot:b").fingerprint()
    assert found("scripted").name == "scripted"


def test_a_file_of_ones_own_can_be_named(tmp_path: Path) -> None:
    """`path/to/file.py:Class` stands for what the file defines."""
    file = tmp_path / "mine.py"
    file.write_text(
        "from memeval.models import TextModel\n"
        "class Mine(TextModel):\n"
        "    def generate(self, prompts, *, max_new_tokens, stop, on_done=None):\n"
        "        return []\n"
    )
    assert found(f"{file}:Mine").name == f"{file}:Mine"


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("scripted:x", "'scripted' takes nothing behind a colon, got 'x'"),
        ("demanding", "'demanding' must be told what to load, got nothing behind its name"),
    ],
)
def test_an_argument_that_is_not_taken_or_is_missing_is_told(name: str, rule: str) -> None:
    """The sentence gives the name that would do."""
    with pytest.raises(ConfigError, match=re.escape(rule)):
        found(name)


@pytest.mark.parametrize("name", ["a" * 300, "a" * 300 + ".gguf", "a\0.gguf"])
def test_a_name_that_no_file_can_have_is_told(name: str) -> None:
    """Too long, or with a character that paths do not know."""
    with pytest.raises(ModelError, match=r"a (\.gguf )?model must be a file.* got .*'a"):
        found(name)


@pytest.mark.parametrize("name", ["scritped", "smolm2", "parot:x", "nothing-like-it:x", ""])
def test_an_unknown_name_says_the_near_ones(name: str) -> None:
    """Near a registered name, nothing is sought on a hub."""
    with pytest.raises(ModelError, match="a model must be a known name, got "):
        found(name)


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("constant", "must be a class or a function, got 3 from"),
        ("broken", "without an error, got RuntimeError: no licence from"),
        ("mute", "must have name, window, generate, fingerprint, description, got object without"),
        ("abstract", "without an error, got TypeError: Can't instantiate"),
        ("nameless", "a model's name must be a text, got '' from"),
        ("wide", "a model's window must be a number of tokens, or None, got -1 from"),
        ("late", "a model's generate must be a plain function, not async, got "),
        ("unprinted", "a model's fingerprint must return a text, got 3 from"),
        ("undescribed", "a model's description must return texts and whole numbers by name, got "),
    ],
)
def test_a_model_that_breaks_the_contract_is_one_sentence(name: str, rule: str) -> None:
    """It names the rule, the plugin and its entry point, and holds no traceback."""
    with pytest.raises(PluginError) as raised:
        found(name)
    whose = f"model {name!r} (entry point memeval.models: {__name__}:MADE of zoo)"
    assert rule in str(raised.value)
    assert whose in str(raised.value)
    assert "\n" not in str(raised.value)


def test_an_error_for_the_user_passes_as_it_is() -> None:
    """What a model's maker says in memeval's own words is not wrapped."""

    def picky() -> TextModel:
        raise ModelError("a key must be set")

    MADE["picky"] = picky
    with pytest.raises(MemevalError, match=r"^a key must be set$"):
        found("picky")
    del MADE["picky"]
