"""bAbI: stories line by line, questions where they stand, and the lines that answers rest on."""

from pathlib import Path

import pytest
from made_babi import FILES, LISTS, PATHS, PLACES, made_babi, written

from memeval.datasets.dataset import Data
from memeval.errors import DataError
from memeval.suites.choosing import dataset_named
from memeval.suites.public.babi import NO_LINE, PIPES, UNENDED
from memeval.suites.public.tally import EMPTY
from memeval.types import Item

FIRST = "qa1_single-supporting-fact_test.txt"


def opened(path: Path) -> Data:
    return dataset_named(f"babi:{path}").open()


def told(tmp_path: Path, text: str, name: str = FIRST) -> Data:
    return opened(written(tmp_path, name, text))


def items(data: Data) -> list[Item]:
    return [item for session in data.sessions for item in session.items]


def test_a_line_1_begins_a_story(tmp_path: Path) -> None:
    """Stories have the numbers that they have in the file of their task, by its number."""
    sessions = opened(made_babi(tmp_path)).sessions
    assert [session.id for session in sessions] == ["qa1-1", "qa1-2", "qa8-1", "qa19-1"]


def test_sentences_are_events_at_their_lines(tmp_path: Path) -> None:
    """Questions between them are none."""
    events = told(tmp_path, PLACES).sessions[0].events
    assert [(event.text, event.time) for event in events] == [
        ("Olga walked to the harbour.", 1),
        ("Victor ran to the library.", 2),
        ("Olga ran to the library.", 4),
    ]


def test_a_question_is_asked_where_it_stands(tmp_path: Path) -> None:
    """The same one has another answer after Olga has gone on."""
    asked = [(i.query.text, i.query.time, i.answers) for i in items(told(tmp_path, PLACES))[:2]]
    assert asked == [("Where is Olga?", 3, ("harbour",)), ("Where is Olga?", 5, ("library",))]


def test_gold_events_are_the_supporting_lines_in_their_order(tmp_path: Path) -> None:
    """The order leads to the answer; the passage has them in order of time."""
    [item] = items(told(tmp_path, PATHS.replace("1 2\n", "2 1\n")))
    assert item.gold_events == ("qa1-1-2", "qa1-1-1")
    assert item.passage == ("qa1-1-1", "qa1-1-2")


def test_a_passage_is_in_order_of_time_past_nine_lines(tmp_path: Path) -> None:
    """Line 10 comes after line 9."""
    text = "".join(f"{n} Olga ran.\n" for n in range(1, 11)) + "11 Who ran?\tOlga\t10 9\n"
    [item] = items(told(tmp_path, text))
    assert item.passage == ("qa1-1-9", "qa1-1-10")


def test_slices_are_tasks_with_their_names(tmp_path: Path) -> None:
    """As the files are called."""
    found = dict.fromkeys(item.slice for item in items(opened(made_babi(tmp_path))))
    assert [*found] == [
        "1 single-supporting-fact",
        "8 lists-sets",
        "19 path-finding",
    ]


def test_a_list_is_right_in_any_order(tmp_path: Path) -> None:
    """First as it is published; commas may have spaces behind."""
    [item] = items(told(tmp_path, LISTS, "qa8_lists-sets_test.txt"))
    assert item.answers == ("lamp,rope", "lamp, rope", "rope,lamp", "rope, lamp")


def test_a_path_is_right_in_its_own_order(tmp_path: Path) -> None:
    """West and then south leads somewhere else than south and then west."""
    [item] = items(told(tmp_path, PATHS, "qa19_path-finding_test.txt"))
    assert item.answers == ("w,s", "w, s")


def test_the_prompt_shows_a_path_and_a_list(tmp_path: Path) -> None:
    """Letters with commas are learnt from an example, and no other way."""
    prompt = opened(made_babi(tmp_path)).prompt
    assert prompt is not None
    assert {"w,s", "lamp,rope", "no"} <= {example.answer for example in prompt.examples}


def test_files_for_training_are_not_read(tmp_path: Path) -> None:
    """Not below a folder, and not by their path."""
    made_babi(tmp_path)
    path = written(tmp_path / "en", "qa1_single-supporting-fact_train.txt", PLACES)
    assert len(opened(tmp_path).sessions) == 4
    with pytest.raises(DataError, match=r"train\.txt: its name must be qaK_TASK_test\.txt"):
        opened(path)


def test_folders_of_the_archive_are_read_together(tmp_path: Path) -> None:
    """Stories and slices of another than `en` have its name in theirs."""
    made_babi(tmp_path)
    written(tmp_path / "en-10k", FIRST, PLACES)
    data = opened(tmp_path)
    assert {"qa1-1", "en-10k/qa1-1", "en-10k/qa1-2"} < {session.id for session in data.sessions}
    assert "en-10k/1 single-supporting-fact" in {item.slice for item in items(data)}


def test_another_folder_has_no_part_in_names(tmp_path: Path) -> None:
    """What is drawn from a file does not depend on where it lies."""
    first = written(tmp_path / "a", FIRST, PLACES)
    second = written(tmp_path / "b", FIRST, PLACES)
    assert opened(first).digest == opened(second).digest


def test_a_line_that_is_no_sentence_before_its_question_is_counted(tmp_path: Path) -> None:
    """Line 3 is a question, 5 the question's own, and 9 and x are nowhere."""
    data = told(tmp_path, PLACES.replace("\t4\n", "\t4 3 5 9 x\n"))
    assert items(data)[1].gold_events == ("qa1-1-4",)
    assert data.remarks == {NO_LINE: 4}


def test_no_supporting_line_is_counted(tmp_path: Path) -> None:
    """Where an answer rests is not known then."""
    assert told(tmp_path, PLACES.replace("\t4\n", "\t\n")).remarks == {NO_LINE: 1}


def test_pipes_for_tabs_are_read_and_counted(tmp_path: Path) -> None:
    """As one of the files that are about has them."""
    data = told(tmp_path, PLACES.replace("\t", "|"))
    assert data.remarks == {PIPES: 3}
    assert [item.answers for item in items(data)] == [("harbour",), ("library",), ("harbour",)]


def test_an_empty_answer_is_left_out_and_counted(tmp_path: Path) -> None:
    """Nothing could be right; the questions around it are asked."""
    data = told(tmp_path, PLACES.replace("\tlibrary\t", "\t \t"))
    assert (len(items(data)), data.left_out) == (2, {EMPTY: 1})


def test_an_answer_that_is_a_number_is_text(tmp_path: Path) -> None:
    """As all in these files."""
    assert items(told(tmp_path, PLACES.replace("library\t4", "7\t4")))[1].answers == ("7",)


def test_ends_of_lines_may_be_windows_own(tmp_path: Path) -> None:
    """They have no part in what is read."""
    unix = told(tmp_path / "unix", PLACES)
    assert told(tmp_path / "windows", PLACES.replace("\n", "\r\n")).digest == unix.digest


def test_a_file_that_ends_within_a_line_is_counted(tmp_path: Path) -> None:
    """Its last line may be whole, and may not."""
    assert told(tmp_path, PLACES.removesuffix("\n")).remarks == {UNENDED: 1}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (PLACES[:30], "story 1: a story must end with a question, before"),
        (PLACES[: PLACES.index("\tharbour")], "story 1: a story must end with a question"),
        (PLACES[: PLACES.index("\t1\n")], "story 1: its line 3 must hold a sentence, or a quest"),
        (PLACES.replace("4 Olga", "6 Olga"), "story 1: its line 4 must begin with that number"),
        (PLACES.replace("2 Where", "1 Where"), "story 2: a story must end with a question"),
        (PLACES.replace("4 Olga ran to the library.", "4 "), "story 1: its line 4 must hold"),
        (PLACES[2:], "its first line must begin a story, got ['Olga"),
        ('{"1": {"story": ["A is above B."]}}', "its first line must begin a story"),
        ("", "its first line must begin a story, got []"),
        ("9" * 5000 + PLACES, "its first line must begin a story"),
        (PLACES.replace("4 Olga", "9" * 5000 + " Olga"), "its line 4 must begin with that"),
    ],
)
def test_what_is_no_such_file_is_refused(tmp_path: Path, text: str, said: str) -> None:
    """In one sentence with file and story, whatever is cut short or missing."""
    path = written(tmp_path, FIRST, text)
    with pytest.raises(DataError) as refused:
        opened(path)
    assert said in str(refused.value)
    assert str(path) in str(refused.value)
    assert "\n" not in str(refused.value)


def test_text_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """With the file's path."""
    path = tmp_path / FIRST
    path.write_bytes(b"1 Ol\xffga\n")
    with pytest.raises(DataError, match=r"fact_test\.txt: .* must be UTF-8 text"):
        opened(path)


def test_a_file_that_lies_there_twice_is_told(tmp_path: Path) -> None:
    """Its stories have the ids of the others."""
    made_babi(tmp_path)
    written(tmp_path / "copy", FIRST, FILES[FIRST])
    with pytest.raises(DataError, match="records must have ids of their own, got 'qa1-1' twice"):
        opened(tmp_path)


@pytest.mark.parametrize("task", ["0", "21"])
def test_a_task_that_is_none_is_refused(tmp_path: Path, task: str) -> None:
    """There are twenty."""
    written(tmp_path, f"qa{task}_none_test.txt", "1 Olga ran.\n2 Where is Olga?\thome\t1\n")
    with pytest.raises(DataError, match="the task in its name must be 1 to 20"):
        dataset_named(f"babi:{tmp_path}")


def test_a_number_that_stands_twice_is_told_as_that(tmp_path: Path) -> None:
    """Whose line is whose could not be told."""
    lines = "1 Olga ran.\n2 Olga sat.\n2 Olga ran.\n4 Where is Olga?\thome\t1\n"
    written(tmp_path, "qa1_x_test.txt", lines)
    with pytest.raises(DataError, match="line 3 must begin with that number, as each stands once"):
        dataset_named(f"babi:{tmp_path}")
