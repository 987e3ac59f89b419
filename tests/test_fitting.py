"""What of a question and its notes fits a model's window."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from memeval.config import ReaderOptions
from memeval.fitting import Budget, Reading
from memeval.models import Generation, Prompt, TextModel
from memeval.models.scripted import ScriptedModel
from memeval.reader import QUESTION_ANSWERING, Reader
from memeval.types import Query, Recall, Trace


class Mute(TextModel):
    """Answers, and tells no tokens."""

    def generate(self, prompts: Sequence[Prompt], **_: Any) -> list[Generation]:
        return [Generation("here") for _ in prompts]


class Counting(ScriptedModel):
    """Keeps what it was asked the tokens of."""

    def __init__(self) -> None:
        super().__init__()
        self.counted: list[str] = []

    def tokenize(self, texts: Sequence[str]) -> list[list[int]]:
        self.counted += texts
        return super().tokenize(texts)


MODEL = ScriptedModel()
ALL = ReaderOptions(traces=None, budget_tokens=None)
SHORT = Query("q1", "Where is it now?", 9)


def size(text: str) -> int:
    return len(MODEL.tokenize([text])[0])


def room(question: Query = SHORT) -> int:
    """Return the tokens that a window of 1,024 has for notes: one begins the text."""
    asked = Reader(MODEL, None, ALL).frame.suffix(question.text, has_notes=True)
    taken = 1 + size(QUESTION_ANSWERING.prefix) + QUESTION_ANSWERING.max_new_tokens
    return 1024 - taken - size(asked)


def words(count: int, word: str = "log") -> str:
    """Return a text that is as many tokens as a note: two are the note's own hyphen and stop."""
    return " ".join([word] * (count - 1))


def recall(*sizes: int) -> Recall:
    """Return traces, best first, of so many tokens as notes."""
    return Recall(tuple(Trace(words(n), 1.0, (f"e{i}",)) for i, n in enumerate(sizes)))


def cut(
    queries: Sequence[Query], recalls: Sequence[Recall], *, window: int = 1024
) -> list[Reading]:
    return Reader(ScriptedModel(window=window), None, ALL).cut(queries, recalls)


def lengths(reading: Reading) -> list[tuple[str, int]]:
    return [(t.events[0], size(f"- {t.text}\n")) for t in reading.traces]


def test_a_note_is_as_long_as_the_tests_say() -> None:
    """The sizes below are those of notes."""
    assert lengths(Reading(recall(7, 90).traces)) == [("e0", 7), ("e1", 90)]


def test_a_note_that_is_cut_is_evidence_of_one_event_alone() -> None:
    """What is left of a note of many events may be of any; one that stands whole is of all."""
    told = Reader(MODEL, None, ReaderOptions())
    both, one = ("e0", "e1"), ("e2",)
    recalls = [Recall((Trace(words(n), 1.0, e),)) for n in (300, 200) for e in (both, one)]
    assert told.best_events(recalls) == [(), one, both, one]


def test_a_trace_that_does_not_fit_is_not_the_end_of_the_list() -> None:
    """What comes behind it is read where it fits, and what is not is counted."""
    half = room() // 2 + 10
    [read] = cut([SHORT], [recall(half, half, 20, half)])
    assert lengths(read) == [("e0", half), ("e2", 20)]
    assert (read.left_out, read.shortened) == (2, 0)


def test_traces_longer_than_the_window_take_no_others_room() -> None:
    """Parts of them are read behind those that are whole, and counted; they share what is left."""
    [read] = cut([SHORT], [recall(5000, 20, 3000)])
    [(whole, _), (first, part), (second, other)] = lengths(read)
    assert (whole, first, second) == ("e1", "e0", "e2")
    half = (room() - 20) // 2
    assert half - 2 <= part <= half >= other >= half - 2  # characters are cut, not tokens
    assert (read.left_out, read.shortened) == (0, 2)


def test_long_traces_without_others_have_all_the_room() -> None:
    """Two read as much as one does, and many no less each than a sixteenth of the window."""
    [read] = cut([SHORT], [recall(3000, 3000)])
    assert room() - 4 <= sum(size for _, size in lengths(read)) <= room()
    [read] = cut([SHORT], [recall(*[3000] * 40)])
    assert all(62 <= size <= 64 for _, size in lengths(read))  # 1,024 / 16
    assert len(read.traces) == room() // 64  # what remains is too little for another


def test_a_long_trace_has_what_whole_ones_leave() -> None:
    """Where that is less than a short part for each, the best has one."""
    whole = room() - 70
    [read] = cut([SHORT], [recall(5000, whole, 3000)])
    [first, (second, part)] = lengths(read)
    assert (first, second) == (("e1", whole), "e0")
    assert 62 <= part <= 64
    assert read.left_out == 1


def test_a_long_trace_alone_has_all_the_room() -> None:
    """Both ends of it are read, in as many tokens as there are."""
    text = f"first {words(5000)} last"
    [read] = cut([SHORT], [Recall((Trace(text, 1.0, ("e0",)),))])
    [(_, part)] = lengths(read)
    assert room() - 2 <= part <= room()  # characters are cut, not tokens
    assert read.traces[0].text.startswith("first log")
    assert read.traces[0].text.endswith("log last")


def test_a_long_question_takes_no_room_of_others() -> None:
    """Each has the room that it leaves, whoever is asked beside it."""
    long = Query("q2", words(room() - 25, "what"), 9)
    notes = recall(*[20] * 60)
    alone = [cut([query], [notes])[0] for query in (SHORT, long)]
    assert cut([SHORT, long], [notes, notes]) == alone
    assert len(alone[0].traces) > 10 > len(alone[1].traces) == 1


def test_questions_of_nearly_one_length_share_what_is_read() -> None:
    """A sixty-fourth of the window apart they read the same, so that it is read once."""
    near = Query("q2", SHORT.text + words(12), 9)
    notes = recall(*[5] * 300)
    first, second = cut([SHORT, near], [notes, notes])
    assert first is second
    assert len(cut([SHORT], [notes])[0].traces) > len(first.traces)


def test_the_date_of_a_question_takes_its_room() -> None:
    """It is counted with the question, and stands before what is left of one that is cut."""
    notes = recall(*[20] * 60)
    dated, told = (
        Query("q", text, 9, at)
        for text, at in (
            (words(200), "2023-05-08T13:56"),
            (f"[8 May 2023, 13:56] {words(200)}", ""),
        )
    )
    [read], [same] = cut([dated], [notes]), cut([told], [notes])
    assert read == same
    [read] = cut([Query("q", words(5000), 9, "2023-05-08")], [notes])
    assert read.question is not None
    assert read.question.startswith("[8 May 2023] log log")


def test_a_question_longer_than_the_window_is_cut() -> None:
    """It is asked in part, with notes beside it, and the prompt fits; others are as they were."""
    long = Query("q2", f"Given {words(5000)} where is it?", 9)
    reader = Reader(ScriptedModel(window=1024), None, ALL)
    notes = recall(20, 20)
    [short, read] = reader.cut([SHORT, long], [notes, notes])
    assert (short.question, len(short.traces)) == (None, 2)
    assert read.question is not None
    assert read.question.startswith("Given log")
    assert read.question.endswith("where is it?")
    [prompt] = reader.prompts([long], [read])
    assert len(prompt.memory) == 2
    assert size(prompt.text) + QUESTION_ANSWERING.max_new_tokens < 1024


@pytest.mark.parametrize("window", [64, 110])
def test_where_nothing_fits_nothing_is_read(window: int) -> None:
    """A prompt that is longer than the window is the model's to refuse."""
    [read] = cut([SHORT], [recall(20, 5000)], window=window)
    assert read.traces == ()
    assert read.left_out == 2


def budget(model: TextModel = MODEL) -> Budget:
    return Budget(model, note=lambda text: f"- {text}\n")


def held(tokens: int, *sizes: int) -> list[tuple[str, int | None]]:
    return [(t.events[0], room) for t, room in budget().held(recall(*sizes).traces, tokens)]


def test_a_budget_takes_the_best_that_fit() -> None:
    """Of 100 tokens, 40 and 50 are taken, 30 is passed over, and 10 is what is left."""
    assert held(100, 40, 50, 30, 10, 5) == [("e0", None), ("e1", None), ("e3", None)]
    assert held(256, 256) == [("e0", None)]


def test_a_note_longer_than_the_budget_ends_it() -> None:
    """It has what is left, 60 of 100; what comes behind it has no room, be it ever so short."""
    assert held(100, 40, 101, 5) == [("e0", None), ("e1", 60)]


def test_too_little_is_no_part_of_a_note() -> None:
    """Less than a sixteenth of the budget tells nothing: of 160 tokens more than 10 do."""
    assert held(160, 149, 200) == [("e0", None), ("e1", 11)]
    assert held(160, 150, 200, 5) == [("e0", None)]


def test_a_budget_is_read_as_it_is_held() -> None:
    """What is cut fits what is left, and notes left out and cut are counted."""
    read = budget().cut(recall(40, 90, 101, 5).traces, 100)
    [(first, whole), (second, part)] = lengths(read)
    assert (first, whole, second) == ("e0", 40, "e2")
    assert 58 <= part <= 60  # characters are cut, not tokens
    assert (read.left_out, read.shortened) == (2, 1)


def test_no_budget_reads_all() -> None:
    """As a preset says that reads its whole recall."""
    traces = recall(500, 500).traces
    assert budget().cut(traces, None) == Reading(traces)


def test_words_are_a_budget_of_a_model_that_tells_no_tokens() -> None:
    """The hyphen of a note is one: notes of three and two words are seven."""
    traces = tuple(Trace(text, 1.0, (text,)) for text in ("one two three", "four five", "six"))
    assert [t.text for t, _ in budget(Mute()).held(traces, 7)] == ["one two three", "four five"]


def test_a_text_is_counted_once() -> None:
    """Twenty-five notes of a thousand questions are mostly the same ones."""
    model = Counting()
    one = budget(model)
    for _ in range(3):
        one.held(recall(3, 4).traces, 100)
    assert model.counted == ["- log log\n", "- log log log\n"]


def test_what_comes_behind_a_long_note_is_not_counted() -> None:
    """Pages of it would be tokenized for nothing."""
    model = Counting()
    budget(model).held(recall(300, *[200] * 25).traces, 256)
    assert len(model.counted) == 1


@pytest.mark.parametrize("window", [8192, None])
def test_notes_beyond_the_budget_are_not_read(window: int | None) -> None:
    """Whether or not the model has a window, and after the limit of traces."""
    model = ScriptedModel()
    model.window = window  # type: ignore[assignment]
    reader = Reader(model, None, ReaderOptions(traces=3, budget_tokens=100))
    [read] = reader.cut([SHORT], [recall(60, 60, 40, 10)])
    assert lengths(read) == [("e0", 60), ("e2", 40)]
    assert read.left_out == 1


@pytest.mark.parametrize("window", [1024, None])
@pytest.mark.parametrize("sizes", [(20,), (3000, 20)])
def test_what_is_read_keeps_the_confidence_of_its_recall(
    sizes: Sequence[int], window: int | None
) -> None:
    """Whatever budget and window leave of the recall."""
    model = ScriptedModel()
    model.window = window  # type: ignore[assignment]
    told = [replace(recall(*sizes), confidence=0.25), recall(*sizes)]
    for budget in (2000, None):
        reader = Reader(model, None, ReaderOptions(traces=None, budget_tokens=budget))
        assert [one.confidence for one in reader.cut([SHORT] * 2, told)] == [0.25, None]


@pytest.mark.parametrize(("sizes", "left_out", "cut"), [((3000, 20), 1, 1), ((890, 3000), 1, 0)])
def test_what_budget_and_window_cut_is_counted_once(
    sizes: Sequence[int], left_out: int, cut: int
) -> None:
    """A note that both cut is one, and one that the budget cut and the window left out is left out.

    The budget is more than the window, which has room for about 900 tokens.
    """
    options = ReaderOptions(traces=None, budget_tokens=2000)
    [read] = Reader(ScriptedModel(window=1024), None, options).cut([SHORT], [recall(*sizes)])
    assert (len(read.traces), read.left_out, read.shortened) == (1, left_out, cut)
