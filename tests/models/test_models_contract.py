"""What every language model must do: tiny models of four architectures, and the scripted fake."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tiny_models import ARCHITECTURES

from memeval.models import CAPABILITIES, Message, Prompt, TextModel, load_model, missing
from memeval.models.scripted import ScriptedModel

PREFIX = "Say it.\n"
PROMPTS = [
    Prompt(PREFIX, (), "Where?\nA:"),
    Prompt(PREFIX, ("- The cat sat on the mat.\n",), "Where did the cat sit?\nA:"),
    Prompt(
        PREFIX, ("- One.\n", "- Two.\n", "- A third and rather longer note.\n"), "How many?\nA:"
    ),
    Prompt(PREFIX, ("- One.\n",), "Who?\nA:"),
]


@pytest.fixture(params=["scripted", *ARCHITECTURES])
def model(request: pytest.FixtureRequest, tiny_folder: Callable[[str], Path]) -> TextModel:
    """Return each kind of model in turn."""
    if request.param == "scripted":
        return ScriptedModel()
    return load_model(str(tiny_folder(request.param)), cache_dir=Path("unused"))


def answers(model: TextModel, prompts: list[Prompt]) -> list[str]:
    return [g.text for g in model.generate(prompts, max_new_tokens=8, stop=["\n"])]


def test_is_a_text_model_that_can_do_the_rest_too(model: TextModel) -> None:
    """A model has all that the protocol names, and all capabilities but perhaps stitching."""
    assert isinstance(model, TextModel)
    assert set(missing(model, CAPABILITIES)) <= {"stitch"}


def test_answers_are_repeatable(model: TextModel) -> None:
    """The same prompts get the same answers twice."""
    assert answers(model, PROMPTS) == answers(model, PROMPTS)


def test_order_of_prompts_never_changes_an_answer(model: TextModel) -> None:
    """Reversing the prompts reverses the answers."""
    assert answers(model, PROMPTS[::-1]) == answers(model, PROMPTS)[::-1]


def test_a_prompt_alone_is_answered_as_in_a_batch(model: TextModel) -> None:
    """Batching changes cost, not answers."""
    assert [answers(model, [prompt])[0] for prompt in PROMPTS] == answers(model, PROMPTS)


def test_answers_stay_within_the_limit_and_before_the_stop(model: TextModel) -> None:
    """No answer is longer than allowed or holds the stop string."""
    generations = model.generate(PROMPTS, max_new_tokens=5, stop=["e"])
    assert all(g.generated_tokens <= 5 for g in generations)
    assert all("e" not in g.text for g in generations)


def test_prompt_tokens_are_counted_without_padding(model: TextModel) -> None:
    """A prompt's tokens are those of its pieces, and at most one token that begins the text."""
    generations = model.generate(PROMPTS, max_new_tokens=1, stop=["\n"])
    for prompt, generation in zip(PROMPTS, generations, strict=True):
        own = sum(map(len, model.tokenize(prompt.pieces)))
        assert own <= generation.prompt_tokens <= own + 1


def test_progress_adds_up(model: TextModel) -> None:
    """Every prompt is reported done once."""
    done: list[int] = []
    model.generate(PROMPTS, max_new_tokens=1, stop=["\n"], on_done=done.append)
    assert sum(done) == len(PROMPTS)


def test_no_prompts_get_no_answers(model: TextModel) -> None:
    """An empty list of prompts is fine."""
    assert model.generate([], max_new_tokens=4, stop=["\n"]) == []


def test_surprise_is_aligned_with_tokens(model: TextModel) -> None:
    """There is one finite, non-negative surprise a token, and none for an empty text."""
    texts = ["The cat sat.", "", "A rather longer sentence about nothing at all."]
    for tokens, nats in zip(model.tokenize(texts), model.surprise(texts), strict=True):
        assert nats.shape == (len(tokens),)
        assert nats.dtype == np.float32
        assert np.isfinite(nats).all()
        assert (nats >= 0).all()


def test_choice_is_the_likeliest_option(model: TextModel) -> None:
    """The picked option has the highest log-likelihood of its own list."""
    options = [["yes", "no"], ["north", "south", "east"], ["a"], ["x", "y"]]
    for choice, choices in zip(model.choose(PROMPTS, options), options, strict=True):
        assert len(choice.log_likelihoods) == len(choices)
        assert choice.log_likelihoods[choice.index] == max(choice.log_likelihoods)


def test_token_embeddings_cover_the_tokens(model: TextModel) -> None:
    """Every token id has an embedding."""
    embeddings = model.token_embeddings()
    assert embeddings.dtype == np.float32
    assert max(model.tokenize(["some text, and more"])[0]) < len(embeddings)


def test_a_conversation_is_told_in_order(model: TextModel) -> None:
    """Instruction, question and answer are rendered once each, and then the model's turn begins."""
    texts = ["Be brief.", "Who?", "Nora.", "Where?"]
    roles = ("system", "user", "assistant", "user")
    told = model.render_chat([Message(r, t) for r, t in zip(roles, texts, strict=True)])
    assert [told.count(text) for text in texts] == [1, 1, 1, 1]
    assert sorted(texts, key=told.index) == texts
    assert "assistant" in told[told.index("Where?") :]


def test_fingerprint_is_stable(model: TextModel) -> None:
    """The same model has the same fingerprint."""
    assert model.fingerprint() == model.fingerprint()
