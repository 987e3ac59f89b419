"""The reader: from recalls to prompts."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tiny_models import CHAT_TEMPLATES

from memeval.config import ReaderOptions
from memeval.errors import ModelError
from memeval.models import Message, TextModel, load_model
from memeval.models.scripted import ScriptedModel
from memeval.reader import QUESTION_ANSWERING, Reader, conversation
from memeval.suites.own import SUITES
from memeval.types import PromptFormat, Query, Recall, Trace

QUERY = Query("q", "Where?", 9)
RECALL = Recall(tuple(Trace(f"Note {i}.", 1.0 / i, (f"e{i}",)) for i in (1, 2, 3)))


def prompt(recall: Recall, window: int = 8192, **options: object):  # type: ignore[no-untyped-def]
    reader = Reader(ScriptedModel(window=window), None, ReaderOptions(**{"traces": None} | options))  # type: ignore[arg-type]
    return reader.prompts([QUERY], reader.cut([QUERY], [recall]))[0]


def test_the_best_trace_stands_last() -> None:
    """Next to the question is where a small model reads best."""
    assert prompt(RECALL).memory == ("- Note 3.\n", "- Note 2.\n", "- Note 1.\n")


def test_the_order_is_a_knob() -> None:
    """Best first puts the best trace farthest from the question."""
    assert prompt(RECALL, order="best_first").memory[0] == "- Note 1.\n"


def test_only_so_many_traces_are_read() -> None:
    """The limit keeps the best."""
    assert prompt(RECALL, traces=1).memory == ("- Note 1.\n",)


def test_an_empty_recall_says_that_nothing_is_known() -> None:
    """The prompt of an empty memory is that of no memory at all."""
    empty = prompt(Recall())
    assert empty.memory == ()
    assert "Nothing known." in empty.suffix
    assert "Nothing known." not in prompt(RECALL).suffix


def test_notes_that_do_not_fit_the_window_are_cut_from_the_worst() -> None:
    """The prompt and its answer fit the window, and the best notes stay."""
    model = ScriptedModel()
    [prefix, question, note] = map(
        len, model.tokenize([QUESTION_ANSWERING.prefix, prompt(RECALL).suffix, "- Note 1.\n"])
    )
    # room for prefix, begin-of-text, question, answer, and two of the three notes
    window = prefix + 1 + question + QUESTION_ANSWERING.max_new_tokens + 2 * note
    assert prompt(RECALL, window=window).memory == ("- Note 2.\n", "- Note 1.\n")
    assert prompt(RECALL, window=window - 1).memory == ("- Note 1.\n",)


CHAT = ReaderOptions(style="chat", traces=None)


@pytest.fixture(params=["scripted", *CHAT_TEMPLATES])
def talker(request: pytest.FixtureRequest, tiny_folder: Callable[[str], Path]) -> TextModel:
    """Return models with a chat template, one that is read prompt by prompt among them."""
    if request.param == "scripted":
        return ScriptedModel()
    return load_model(str(tiny_folder(request.param)), cache_dir=Path("unused"))


def talk(last: str, *others: Message) -> list[Message]:
    """Return the general prompt as a conversation whose last question is given."""
    form = PromptFormat(
        QUESTION_ANSWERING.examples,
        question="Question: {question}",
        nothing="Question: {question}\nNothing known.",
    )
    return [*conversation(form)[:-1], Message("user", last), *others]


@pytest.mark.parametrize(
    ("recall", "last"),
    [
        (RECALL, "Notes:\n- Note 3.\n- Note 2.\n- Note 1.\nQuestion: Where?"),
        (Recall(), "Notes:\nQuestion: Where?\nNothing known."),
    ],
    ids=["notes", "nothing"],
)
def test_a_chat_prompt_is_the_template_of_the_whole_conversation(
    talker: TextModel, recall: Recall, last: str
) -> None:
    """Split for the engine, the pieces are what the template makes of examples, notes, question."""
    [told] = Reader(talker, None, CHAT).prompts([QUERY], [recall])
    assert "".join(told.pieces) == talker.render_chat(talk(last))


def test_a_chosen_answer_is_told_as_a_turn(talker: TextModel) -> None:
    """An option is scored as the template would write it, up to the next turn."""
    reader = Reader(talker, None, CHAT)
    [told] = reader.prompts([QUERY], [Recall()])
    asked = "Notes:\nQuestion: Where?\nNothing known."
    whole = talker.render_chat(talk(asked, Message("assistant", "north"), Message("user", "x")))
    written = "".join(told.pieces) + reader.frame.answer("north")
    assert whole.startswith(written)
    assert "x" in whole[len(written) :]


def test_a_chat_is_answered(talker: TextModel) -> None:
    """Every model answers a conversation, and the examples are shared by all its prompts."""
    reader = Reader(talker, None, CHAT)
    queries, recalls = [QUERY, Query("q2", "Who?", 9)], [RECALL, Recall()]
    assert len(reader.read(queries, recalls)) == 2
    assert len({prompt.prefix for prompt in reader.prompts(queries, recalls)}) == 1


@pytest.mark.parametrize("suite", SUITES)
def test_every_suites_prompt_can_be_told_as_a_chat(suite: str) -> None:
    """Each worked example is a question and its answer, and no cue to go on from is left over."""
    prompt = SUITES[suite].prompt
    reader = Reader(ScriptedModel(), prompt, CHAT)
    assert reader.frame.prefix.count("assistant: ") == len(prompt.examples)
    assert "Answer:" not in reader.frame.prefix + reader.frame.suffix("Who?", has_notes=True)


def test_a_template_that_changes_the_last_turn_is_refused() -> None:
    """Without the place of notes and question nothing can be put there."""

    class Deaf(ScriptedModel):
        def render_chat(self, messages: object) -> str:
            return "assistant:"

    with pytest.raises(ModelError, match="must show the last turn as it was given"):
        Reader(Deaf(), None, CHAT)
