"""A model whose author wrote `generate` alone, and what it is taken for."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from memeval.models import CAPABILITIES, Generation, Prompt, TextModel, missing
from memeval.models.scripted import ScriptedModel

ECHO = """
from memeval.models import Generation, TextModel

class Echo(TextModel):
    def generate(self, prompts, *, max_new_tokens, stop, on_done=lambda _: None):
        return [Generation(prompt.suffix) for prompt in prompts]
"""


class Echo(TextModel):
    """Repeats the question."""

    def generate(self, prompts: Sequence[Prompt], **_: Any) -> list[Generation]:
        return [Generation(prompt.suffix) for prompt in prompts]


def test_generate_is_all_that_an_author_must_write() -> None:
    """The other members have defaults that say what is known of such a model."""
    model = Echo()
    assert isinstance(model, TextModel)
    assert (model.name, model.window) == ("echo", None)
    assert model.description() == {"architecture": "Echo", "device": "none"}


def test_a_model_without_generate_cannot_be_made() -> None:
    """What has no default is asked for at once."""

    class Mute(TextModel):
        pass

    with pytest.raises(TypeError, match="abstract"):
        Mute()  # type: ignore[abstract]


def test_a_name_of_its_own_stays() -> None:
    """A class or an object that has a name keeps it, and hands it down."""

    class Named(Echo):
        name = "parrot"

    class Heir(Named):
        pass

    one = Echo()
    one.name = "mine"
    assert (Named().name, Heir().name, one.name, Echo().name) == (
        "parrot",
        "parrot",
        "mine",
        "echo",
    )


def test_costs_that_are_not_told_are_none() -> None:
    """Neither tokens nor times of a plain answer pass for measured zeros."""
    [answer] = Echo().generate([Prompt("", (), "?")], max_new_tokens=1, stop=[])
    costs = (answer.prompt_tokens, answer.reused_tokens, answer.generated_tokens)
    assert (*costs, answer.prefill_ms, answer.decode_ms) == (None,) * 5


def test_the_fake_measures_no_times() -> None:
    """It answers in no time that means anything."""
    prompt = Prompt("", ("- Here.\n",), "Where?")
    [answer] = ScriptedModel().generate([prompt], max_new_tokens=4, stop=["\n"])
    [choice] = ScriptedModel().choose([prompt], [["here", "there"]])
    assert (answer.prefill_ms, answer.decode_ms, choice.prefill_ms) == (None, None, None)


def test_what_a_model_lacks_is_named_in_the_order_asked() -> None:
    """Nothing is missing where nothing is wanted."""
    assert missing(Echo(), ["word_vectors", "chat"]) == ["word_vectors", "chat"]
    assert missing(Echo(), []) == []
    assert missing(ScriptedModel(), CAPABILITIES) == ["stitch"]


def fingerprint_of(source: str, folder: Path, *, name: str = "echo") -> str:
    """Return the default fingerprint of the class that a file defines, in another process."""
    (folder / "mine.py").write_text(source)
    code = f"import mine; m = mine.Echo(); m.name = {name!r}; print(m.fingerprint())"
    return subprocess.run(
        [sys.executable, "-B", "-c", code], cwd=folder, check=True, capture_output=True, text=True
    ).stdout


def test_the_default_fingerprint_changes_with_source_and_name(tmp_path: Path) -> None:
    """The same file gives it again, another file or name another one."""
    first = fingerprint_of(ECHO, tmp_path)
    assert fingerprint_of(ECHO, tmp_path) == first
    assert fingerprint_of(ECHO.replace("suffix", "prefix"), tmp_path) != first
    assert fingerprint_of(ECHO, tmp_path, name="echo:loud") != first
