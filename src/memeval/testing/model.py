"""What every language model must do, and what those can that offer more."""

from functools import lru_cache

import numpy as np
import pytest

from memeval.config import Settings
from memeval.errors import ConfigError, ModelError
from memeval.models import (
    Chats,
    Chooses,
    Message,
    Prompt,
    Surprises,
    TextModel,
    Tokenizes,
    WordVectors,
    load_model,
)

PREFIX = "Say it.\n"
PROMPTS = [
    Prompt(PREFIX, (), "Where?\nA:"),
    Prompt(PREFIX, ("- The cat sat on the mat.\n",), "Where did the cat sit?\nA:"),
    Prompt(
        PREFIX, ("- One.\n", "- Two.\n", "- A third and rather longer note.\n"), "How many?\nA:"
    ),
    Prompt(PREFIX, ("- One.\n",), "Who?\nA:"),
]


@lru_cache(maxsize=4)
def _loaded(name: str) -> TextModel:
    return load_model(name, cache_dir=Settings().cache_dir)


class ModelContract:
    """Subclass it, name it `Test...`, and set `name` to what `--model` would take."""

    name: str

    @pytest.fixture
    def model_name(self) -> str:
        """Return the name of the model under test."""
        return self.name

    @pytest.fixture
    def model(self, model_name: str) -> TextModel:
        """Return the model under test; one that needs to be told more is skipped."""
        try:
            return self.loaded(model_name)
        except (ConfigError, ModelError) as error:
            pytest.skip(f"cannot be loaded here: {error}")

    def loaded(self, name: str) -> TextModel:
        """Load a model by name, once; override it for one that is made in another way."""
        return _loaded(name)

    def answers(self, model: TextModel, prompts: list[Prompt]) -> list[str]:
        """Return what a model says."""
        return [g.text for g in model.generate(prompts, max_new_tokens=8, stop=["\n"])]

    def test_has_what_a_text_model_must_have(self, model: TextModel) -> None:
        """A name, a window or None, a fingerprint that stays, and a description of plain values."""
        assert isinstance(model, TextModel)
        assert isinstance(model.name, str)
        assert model.window is None or model.window > 0
        assert model.fingerprint() == model.fingerprint() != ""
        assert all(isinstance(value, str | int) for value in model.description().values())

    def test_answers_are_repeatable(self, model: TextModel) -> None:
        """The same prompts get the same answers twice."""
        assert self.answers(model, PROMPTS) == self.answers(model, PROMPTS)

    def test_order_of_prompts_never_changes_an_answer(self, model: TextModel) -> None:
        """Reversing the prompts reverses the answers."""
        assert self.answers(model, PROMPTS[::-1]) == self.answers(model, PROMPTS)[::-1]

    def test_a_prompt_alone_is_answered_as_in_a_batch(self, model: TextModel) -> None:
        """Batching changes cost, not answers."""
        alone = [self.answers(model, [prompt])[0] for prompt in PROMPTS]
        assert alone == self.answers(model, PROMPTS)

    def test_answers_stay_within_the_limit_and_before_the_stop(self, model: TextModel) -> None:
        """No answer is longer than allowed or holds the stop string."""
        generations = model.generate(PROMPTS, max_new_tokens=5, stop=["e"])
        counted = [g.generated_tokens for g in generations if g.generated_tokens is not None]
        assert all(tokens <= 5 for tokens in counted)
        assert all("e" not in g.text for g in generations)

    def test_progress_adds_up(self, model: TextModel) -> None:
        """Every prompt is reported done at most once; a model may report nothing."""
        done: list[int] = []
        model.generate(PROMPTS, max_new_tokens=1, stop=["\n"], on_done=done.append)
        assert sum(done) in (0, len(PROMPTS))

    def test_no_prompts_get_no_answers(self, model: TextModel) -> None:
        """An empty list of prompts is fine."""
        assert model.generate([], max_new_tokens=4, stop=["\n"]) == []

    def test_prompt_tokens_are_counted_without_padding(self, model: TextModel) -> None:
        """A prompt's tokens are those of its pieces, and at most one token that begins the text."""
        if not isinstance(model, Tokenizes):
            pytest.skip("tells no tokens")
        generations = model.generate(PROMPTS, max_new_tokens=1, stop=["\n"])
        for prompt, generation in zip(PROMPTS, generations, strict=True):
            own = sum(map(len, model.tokenize(prompt.pieces)))
            assert generation.prompt_tokens in (None, own, own + 1)

    def test_surprise_is_aligned_with_tokens(self, model: TextModel) -> None:
        """There is one finite, non-negative surprise a token, and none for an empty text."""
        if not (isinstance(model, Surprises) and isinstance(model, Tokenizes)):
            pytest.skip("tells no surprise")
        texts = ["The cat sat.", "", "A rather longer sentence about nothing at all."]
        for tokens, nats in zip(model.tokenize(texts), model.surprise(texts), strict=True):
            assert nats.shape == (len(tokens),)
            assert nats.dtype == np.float32
            assert np.isfinite(nats).all()
            assert (nats >= 0).all()

    def test_choice_is_the_likeliest_option(self, model: TextModel) -> None:
        """The picked option has the highest log-likelihood of its own list."""
        if not isinstance(model, Chooses):
            pytest.skip("does not choose")
        options = [["yes", "no"], ["north", "south", "east"], ["a"], ["x", "y"]]
        for choice, choices in zip(model.choose(PROMPTS, options), options, strict=True):
            assert 0 <= choice.index < len(choices)
            if choice.log_likelihoods is None:  # asked by letter
                continue
            assert len(choice.log_likelihoods) == len(choices)
            assert choice.log_likelihoods[choice.index] == max(choice.log_likelihoods)

    def test_token_embeddings_cover_the_tokens(self, model: TextModel) -> None:
        """Every token id has an embedding."""
        if not (isinstance(model, WordVectors) and isinstance(model, Tokenizes)):
            pytest.skip("shows no word vectors")
        embeddings = model.token_embeddings()
        assert embeddings.dtype == np.float32
        assert max(model.tokenize(["some text, and more"])[0]) < len(embeddings)

    def test_a_conversation_is_told_in_order(self, model: TextModel) -> None:
        """Instruction, question and answer stand once each, and then the model's turn begins."""
        if not isinstance(model, Chats):
            pytest.skip("does not chat")
        turns = [
            Message("system", "Be brief."),
            Message("user", "Who?"),
            Message("assistant", "Nora."),
            Message("user", "Where?"),
        ]
        told = model.render_chat(turns)
        texts = [turn.text for turn in turns]
        assert [told.count(text) for text in texts] == [1, 1, 1, 1]
        assert sorted(texts, key=told.index) == texts
