"""A chat template is rendered where it can be ended, and only for a chat."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fuzz.mutating import time_limit
from tiny_models import TURNS, byte_tokenizer

from memeval.config import ReaderOptions
from memeval.errors import ModelError
from memeval.models import Message, Prompt, load_model
from memeval.models.local import rendering
from memeval.models.local.chat import render
from memeval.reader import Reader

LOOPS = "{% for i in range(99999) %}" * 3 + "{% endfor %}" * 3
DATED = "Today is {{ strftime_now('%d %b %Y') }}. " + TURNS
TALK = [Message("user", "Who?")]


def told(template: str) -> str:
    tokenizer = byte_tokenizer(adds_bos=False)
    tokenizer.chat_template = template
    return render(tokenizer, TALK, name="tiny", begin="")


@pytest.fixture
def endless(tiny_folder: Callable[[str], Path], tmp_path: Path) -> Path:
    """Return the folder of a model whose template does not end."""
    folder = shutil.copytree(tiny_folder("llama"), tmp_path / "model")
    (folder / "chat_template.jinja").write_text(LOOPS, "utf-8")
    return folder


def test_a_template_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next one is rendered as if nothing had been."""
    monkeypatch.setattr(rendering, "LIMIT_S", 0.5)
    with time_limit(60), pytest.raises(ModelError, match=r"got no end within 0\.5 s"):
        told(LOOPS)
    monkeypatch.undo()
    assert told(TURNS) == "[user]Who?<eos>\n[assistant]"


@pytest.mark.parametrize("template", ["{{ 'x' * 2000000 }}", "{{ 'x' * 10 ** 11 }}"])
def test_a_template_that_writes_without_bound_is_refused(template: str) -> None:
    """Neither a long text nor one that memory does not hold comes back."""
    with time_limit(60), pytest.raises(ModelError, match="turns of user and assistant, got"):
        told(template)


def test_a_template_is_not_rendered_unless_a_chat_is_asked_for(
    endless: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In completion style no process is even started for it."""
    monkeypatch.setattr(rendering, "_reply", lambda _: pytest.fail("it was rendered"))
    model = load_model(str(endless), cache_dir=Path("unused"))
    assert model.fingerprint()
    Reader(model, None, ReaderOptions(kind="text", style="completion"))
    assert len(model.generate([Prompt("Who", (), "?")], max_new_tokens=1, stop=["\n"])) == 1


def test_every_day_is_the_same_to_a_template() -> None:
    """A prompt of today is the prompt of tomorrow, so the model is the same too."""
    assert told(DATED).startswith("Today is 26 Jul 2024. [user]")


def test_the_folder_that_one_works_in_is_no_part_of_the_process(
    workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A module that lies in a model's folder is not run because one stands there."""
    for name in ("json", "jinja2", "memeval", "transformers"):
        (workplace / f"{name}.py").write_text(f"open({str(workplace / 'ran')!r}, 'w')")
    rendering._process.cache_clear()
    assert told(TURNS)
    assert not (workplace / "ran").exists()


def test_a_tokenizer_of_several_templates_takes_the_default() -> None:
    """Where there is none, the sentence says so."""
    tokenizer: Any = byte_tokenizer(adds_bos=False)
    tokenizer.chat_template = {"default": TURNS, "tool_use": "{{ raise_exception('no') }}"}
    assert render(tokenizer, TALK, name="tiny", begin="").startswith("[user]")
    tokenizer.chat_template = {"tool_use": TURNS}
    with pytest.raises(ModelError, match=r"got .*template.* from that of 'tiny'"):
        render(tokenizer, TALK, name="tiny", begin="")
