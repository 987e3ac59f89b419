"""The reader: from recalls to prompts."""

from memeval.config import ReaderOptions
from memeval.models.scripted import ScriptedModel
from memeval.reader import QUESTION_ANSWERING, Reader
from memeval.types import Query, Recall, Trace

QUERY = Query("q", "Where?", 9)
RECALL = Recall(tuple(Trace(f"Note {i}.", 1.0 / i, (f"e{i}",)) for i in (1, 2, 3)))


def prompt(recall: Recall, window: int = 8192, **options: object):  # type: ignore[no-untyped-def]
    reader = Reader(ScriptedModel(window=window), None, ReaderOptions(**{"traces": None} | options))  # type: ignore[arg-type]
    return reader.prompts([QUERY], [recall])[0]


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
