"""Chat templates: who speaks, where a text begins, where an answer ends."""

from typing import Any

import pytest
from tiny_models import BYTES, CHAT_TEMPLATES, TURNS, byte_tokenizer, random_model

from memeval.errors import ModelError
from memeval.models import Message, Prompt
from memeval.models.local import chat
from memeval.models.local.huggingface import HuggingFaceModel, model_of

TALK = [Message("system", "Be brief."), Message("user", "Who?")]
WITH_BOS = "{{ bos_token }}" + TURNS


def tokenizer_with(template: str | None, *, adds_bos: bool = False) -> Any:
    tokenizer = byte_tokenizer(adds_bos=adds_bos)
    tokenizer.chat_template = template
    return tokenizer


def render(template: str | None, *, adds_bos: bool = False) -> str:
    tokenizer = tokenizer_with(template, adds_bos=adds_bos)
    return chat.render(tokenizer, TALK, name="tiny", begin="<bos>" if adds_bos else "")


def model_with(template: str | None, *, adds_bos: bool = False) -> HuggingFaceModel:
    tokenizer = tokenizer_with(template, adds_bos=adds_bos)
    return model_of(random_model("llama"), tokenizer, name="tiny")


def test_the_system_speaks_where_the_template_lets_it() -> None:
    """An instruction is a message of its own."""
    assert render(TURNS) == "[system]Be brief.<eos>\n[user]Who?<eos>\n[assistant]"


@pytest.mark.parametrize("architecture", ["gemma3", "phi3"])
def test_an_instruction_goes_before_the_first_user_turn(architecture: str) -> None:
    """A template that refuses the system's role, or drops it, loses no instruction."""
    told = render(CHAT_TEMPLATES[architecture]).removeprefix("<bos>")
    assert told == "[user]Be brief.\n\nWho?<eos>\n[assistant]"


@pytest.mark.parametrize("template", [TURNS, WITH_BOS])
@pytest.mark.parametrize("adds_bos", [True, False])
def test_a_text_begins_once(template: str, adds_bos: bool) -> None:
    """Whoever writes the beginning-of-text token, tokenizer or template or both, it stands once."""
    model = model_with(template, adds_bos=adds_bos)
    prompt = Prompt(model.render_chat(TALK), (), "!")
    prefix, _, suffix = model._encoding.encode(prompt)
    begins = adds_bos or template == WITH_BOS
    assert [*prefix, *suffix].count(BYTES) == int(begins)
    assert (prefix[0] == BYTES) == begins


def test_a_missing_template_is_told() -> None:
    """One sentence with the rule, what was got and the next step."""
    with pytest.raises(ModelError, match=r"must have a chat template, got none .* 'tiny'; take "):
        render(None)


def test_a_template_that_takes_no_turns_is_told() -> None:
    """What a template says against a conversation is passed on."""
    with pytest.raises(ModelError, match="user and assistant, got only poems from that of 'tiny'"):
        render("{{ raise_exception('only poems') }}")


@pytest.mark.parametrize(
    ("template", "ends"),
    [
        (TURNS, {BYTES + 1}),
        (TURNS.replace("<eos>", "<pad>"), {BYTES + 2}),
        (TURNS.replace("<eos>", ""), set()),
        ("{{ raise_exception('only poems') }}", set()),
        (None, set()),
    ],
)
def test_the_end_of_a_turn_is_the_special_token_behind_it(
    template: str | None, ends: set[int]
) -> None:
    """A model whose turns end with another token than its texts stops there too."""
    encoding = model_with(template)._encoding
    assert encoding.ends_of([Prompt("", (), "?", chat=True)]) == ends | {BYTES + 1}
    assert encoding.ends_of([Prompt("", (), "?")]) == {BYTES + 1}


def test_another_template_is_another_model() -> None:
    """The fingerprint changes with the template, so no cell told otherwise passes for done."""
    prints = {model_with(template).fingerprint() for template in (None, TURNS, WITH_BOS)}
    assert len(prints) == 3
