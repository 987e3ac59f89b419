"""The reader: from recalls to prompts."""

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tiny_models import CHAT_TEMPLATES

from memeval.config import ReaderOptions
from memeval.errors import ModelError, PluginError
from memeval.models import Choice, Generation, Message, Prompt, TextModel, load_model
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


@pytest.mark.parametrize("window", [8192, None])
def test_a_question_is_read_with_its_date(window: int | None) -> None:
    """As a note is, whether or not the model has a window; one without a date is its text alone."""
    model = ScriptedModel()
    model.window = window  # type: ignore[assignment]
    reader = Reader(model, None, ReaderOptions())
    queries = [Query("q", "How long ago?", 9, "2023-05-08"), Query("q", "Where?", 9)]
    dated, plain = reader.prompts(queries, reader.cut(queries, [RECALL, RECALL]))
    assert dated.suffix == "Question: [8 May 2023] How long ago?\nAnswer:"
    assert plain.suffix == "Question: Where?\nAnswer:"


@pytest.mark.parametrize("kind", ["kv", "text"])
@pytest.mark.parametrize(
    ("confidence", "is_read"), [(0.29, False), (0.3, True), (None, True), (0.0, False)]
)
def test_an_unsure_recall_is_answered_as_nothing_known(
    confidence: float | None, is_read: bool, kind: str
) -> None:
    """One below the option is asked as an empty one is; at it, or untold, all notes are read."""
    options = ReaderOptions(kind=kind, traces=None, unknown_below=0.3)  # type: ignore[arg-type]
    reader = Reader(ScriptedModel(), None, options)
    told, empty = reader.cut([QUERY] * 2, [replace(RECALL, confidence=confidence), Recall()])
    [read] = reader.believed([told])
    assert (reader.text(QUERY, read) == reader.text(QUERY, empty)) is not is_read
    assert read == told or not is_read


def test_no_confidence_is_too_low_by_default() -> None:
    """What a memory tells of itself changes no answer unless it is asked to."""
    reader = Reader(ScriptedModel(), None, ReaderOptions())
    told = reader.cut([QUERY], [replace(RECALL, confidence=0.0)])
    assert reader.believed(told) == told


@pytest.mark.parametrize(("asked_for", "is_read"), [(None, False), (0.4, False), (0.1, True)])
def test_a_prompt_says_from_which_confidence_on_it_is_answered(
    asked_for: float | None, is_read: bool
) -> None:
    """Unless the reader is told a value of its own."""
    prompt = replace(QUESTION_ANSWERING, unknown_below=0.3)
    reader = Reader(ScriptedModel(), prompt, ReaderOptions(unknown_below=asked_for))
    told = reader.cut([QUERY], [replace(RECALL, confidence=0.2)])
    assert (reader.believed(told) == told) is is_read


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


class Plain(TextModel):
    """Generates what it was given, and can do nothing else."""

    def __init__(self, found: Any) -> None:
        self.found = found
        self.asked: list[Prompt] = []

    def generate(self, prompts: Any, **_: Any) -> Any:
        self.asked += prompts
        return self.found


def test_a_model_of_one_method_reads_all_that_was_chosen() -> None:
    """Without a window and tokens to count nothing is cut but what the options say, as text."""
    model = Plain([Generation("here")])
    reader = Reader(model, None, ReaderOptions(kind="kv", traces=2))
    [answer] = reader.read([QUERY], reader.cut([QUERY], [RECALL]))
    assert answer.text == "here"
    assert model.asked[0].memory == ("- Note 2.\n", "- Note 1.\n")
    assert (reader.stitched, reader.cache_stats()) == (False, {})


def test_a_model_that_cannot_chat_is_refused_in_chat_style() -> None:
    """The sentence says what is missing and what to do."""
    with pytest.raises(ModelError, match="that can chat, got 'plain' without it; take --pr"):
        Reader(Plain([]), None, CHAT)


def test_a_model_that_cannot_choose_is_refused_when_asked_to() -> None:
    """Other questions it may well answer."""
    with pytest.raises(ModelError, match="a model that can choose, got 'plain' without it; take a"):
        Reader(Plain([]), None, ReaderOptions()).choose([QUERY], [RECALL], [["a", "b"]])


OFFERED = [("lake", "note 1"), (), ("note 1", "lake")]


def test_choices_are_answered_by_choosing_and_others_by_generating() -> None:
    """Each query gets its own answer, in order, and what was chosen was not generated."""
    reader = Reader(ScriptedModel(reply=lambda _: "said"), None, ReaderOptions(traces=None))
    told = list[int]()
    answers = reader.answer([QUERY] * 3, [RECALL] * 3, OFFERED, on_done=told.append)
    assert [answer.text for answer in answers] == ["note 1", "said", "note 1"]
    assert [answer.generated_tokens for answer in answers] == [0, 1, 0]
    assert sum(told) == 3


def test_a_model_that_cannot_choose_reads_choices_as_any_question() -> None:
    """It is asked all the same."""
    reader = Reader(Plain([Generation("said")] * 3), None, ReaderOptions())
    answers = reader.answer([QUERY] * 3, [RECALL] * 3, OFFERED)
    assert [answer.text for answer in answers] == ["said"] * 3


@pytest.mark.parametrize(
    ("found", "rule"),
    [
        (None, "a list of Generation, got None from generate of model 'plain'"),
        ([None], "a list of Generation, got None from"),
        (["here"], "a list of Generation, got 'here' from"),
        ([], "one Generation a prompt, got 0 for 1 prompts from"),
        ([Generation("a")] * 2, "one Generation a prompt, got 2 for 1 prompts from"),
        ([Generation(3)], "text must be a text, got 3 from"),  # type: ignore[arg-type]
        ([Generation("a", -1)], "tokens must be counted, or None, got -1 from"),
        ([Generation("a", decode_ms=math.nan)], "in milliseconds, or None, got nan from"),
        ([Generation("a", thought_tokens=-1)], "tokens must be counted, or None, got -1 from"),
        (
            [Generation("a", finish="end")],
            "finish must be 'stop', 'length' or None, got 'end' from",
        ),  # type: ignore[arg-type]
    ],
)
def test_answers_that_break_the_contract_are_told(found: Any, rule: str) -> None:
    """The sentence names the model and what it gave."""
    with pytest.raises(PluginError, match=rule):
        Reader(Plain(found), None, ReaderOptions()).read([QUERY], [RECALL])


@pytest.mark.parametrize(
    ("found", "rule"),
    [
        ([], "one Choice a prompt, got 0 for 1 prompts from choose of model 'scripted'"),
        ([0], "a list of Choice, got 0 from"),
        ([Choice(2, (0.0, 0.0))], "must be below 2, its number of options, got 2 from"),
        ([Choice(0, (0.0,), prefill_ms=-1.0)], "in milliseconds, or None, got -1.0 from"),
    ],
)
def test_choices_that_break_the_contract_are_told(
    found: Any, rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An index beyond the options is no choice."""
    monkeypatch.setattr(ScriptedModel, "choose", lambda *_: found)
    with pytest.raises(PluginError, match=rule):
        Reader(ScriptedModel(), None, ReaderOptions()).choose([QUERY], [RECALL], [["a", "b"]])


def test_every_reader_pays_for_its_own_notes(tiny_llama: TextModel) -> None:
    """What one reader has read is not found by the next, nor is a bound of one the other's."""
    recalls = [RECALL, RECALL]
    queries = [QUERY, Query("q2", "Who?", 9)]
    readers = [Reader(tiny_llama, None, ReaderOptions(kv_cache_mb=size)) for size in (64, 64, 0)]
    first, second, none = (reader.read(queries, recalls) for reader in readers)
    assert [g.text for g in first] == [g.text for g in second] == [g.text for g in none]
    stats = [reader.cache_stats() for reader in readers]
    assert stats[0] == stats[1]
    assert (stats[0]["misses"], stats[0]["items"], stats[2]["items"]) == (3, 3, 0)
    readers[0].read(queries, recalls)
    assert readers[0].cache_stats()["hits"] == stats[0]["hits"] + 3
    assert readers[1].cache_stats() == stats[1]


def test_prompts_told_alike_have_one_wording() -> None:
    """From which confidence on is asked is no part of what a prompt tells; an example is."""
    usual = QUESTION_ANSWERING
    assert replace(usual, unknown_below=0.3).wording() == usual.wording()
    assert replace(usual, examples=usual.examples[:1]).wording() != usual.wording()
