"""FactConsolidation: numbered facts, the later of two that disagree, and where answers rest."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made_factconsolidation import FACTS, made_factconsolidation, record, records, written

from memeval.datasets.dataset import Data
from memeval.errors import DataError
from memeval.suites.choosing import dataset_named
from memeval.suites.public.fact_chains import Facts
from memeval.types import Item


def opened(path: Path) -> Data:
    return dataset_named(f"factconsolidation:{path}").open()


def asked(path: Path, kind: str, question: str, answer: Any, *facts: str) -> Item:
    """Return the one item of a file with one question."""
    data = opened(written(path, [record(kind, {question: [answer]}, facts or FACTS)]))
    [[item]] = [session.items for session in data.sessions]
    return item


def places(item: Item) -> list[int]:
    """Return the places of an item's gold events."""
    return [int(event.rpartition("-")[2]) for event in item.gold_events]


def test_a_record_is_a_session_of_numbered_facts(tmp_path: Path) -> None:
    """A fact keeps the number that tells a reader which of two is the later."""
    single, multi = opened(made_factconsolidation(tmp_path)).sessions
    assert [single.id, multi.id] == ["factconsolidation_sh_6k", "factconsolidation_mh_6k"]
    assert [event.text for event in single.events] == [f"{i}. {f}" for i, f in enumerate(FACTS)]
    assert [event.time for event in single.events] == [*range(8)]


def test_slices_tell_hops_and_size(tmp_path: Path) -> None:
    """Lists of 6k and of 32k tokens are not one number."""
    data = opened(made_factconsolidation(tmp_path))
    assert Counter(i.slice for s in data.sessions for i in s.items) == {"sh_6k": 3, "mh_6k": 2}


def test_all_is_asked_at_the_end(tmp_path: Path) -> None:
    """Every fact has been told when a question is asked."""
    data = opened(made_factconsolidation(tmp_path))
    assert {i.query.time for s in data.sessions for i in s.items} == {len(FACTS)}


def test_the_fact_that_holds_is_gold_among_those_it_replaced(tmp_path: Path) -> None:
    """Facts 0 and 3 name the mayor, and 3 is the later."""
    item = asked(tmp_path, "sh_6k", "Who is the mayor of Orrin?", "Lou Birk")
    assert places(item) == [3]
    assert item.passage == ("factconsolidation_sh_6k-0", "factconsolidation_sh_6k-3")


def test_an_answer_that_a_later_fact_replaces_is_known_to_be_wrong(tmp_path: Path) -> None:
    """The benchmark's own rule says so: it is asked, marked, and has no gold events."""
    item = asked(tmp_path, "sh_6k", "Who is the mayor of Orrin?", "Pat Vale")
    assert item.gold_events == ()
    assert item.answers == ("Pat Vale",)
    assert (item.fault, item.corrected) == ("a later fact says otherwise", ("Lou Birk",))


def test_two_facts_that_could_be_meant_are_none(tmp_path: Path) -> None:
    """Lou Birk was born and worked in Tarn: the words of a question are not interpreted."""
    item = asked(tmp_path, "sh_6k", "Which city was Lou Birk born in?", "Tarn")
    assert item.gold_events == ()
    assert item.fault == ""


def test_a_chain_leads_through_facts_that_hold(tmp_path: Path) -> None:
    """Pat Vale was born in Skell, and Skell lies in Borea."""
    question = "On which continent is the town where Pat Vale was born?"
    assert places(asked(tmp_path, "mh_6k", question, "Borea")) == [1, 4]


def test_two_chains_to_one_answer_are_none(tmp_path: Path) -> None:
    """By the mayor's birth or by his work: which facts are meant does not follow."""
    question = "On which continent was the mayor of Orrin born?"
    assert places(asked(tmp_path, "mh_6k", question, "Zephyria")) == []


def test_a_name_within_a_longer_one_is_not_meant() -> None:
    """The question is about Orrin Bay, whose river is not Orrin's."""
    facts = Facts(["The river of Orrin is Esk", "The river of Orrin Bay is Esk"])
    assert facts.telling("Which river is that of Orrin Bay?", "Esk") == 1


def test_a_name_ends_where_a_word_does() -> None:
    """Tarn is not named in a question about Tarnside."""
    facts = Facts(["The river of Tarn is Esk"])
    assert facts.telling("Which river is that of Tarnside?", "Esk") is None


def test_an_abbreviation_keeps_its_point() -> None:
    """The point of the sentence is dropped, and an answer may have it or not."""
    facts = Facts(["Wynn works in the field of Law Ltd.."])
    assert facts.object_of(0) == "Law Ltd."
    assert facts.says(0, "Law Ltd.")
    assert facts.says(0, "Law Ltd")


def test_a_form_that_is_not_known_is_counted(tmp_path: Path) -> None:
    """No gold event can be found by it, and whoever verifies the file is told."""
    facts = (*FACTS, "Nobody knows why.")
    data = opened(written(tmp_path, [record("sh_6k", {"Why?": ["Because"]}, facts)]))
    assert data.remarks["facts of a form that no gold event is found by"] == 1


def test_an_answer_that_is_a_number_is_read_as_text(tmp_path: Path) -> None:
    """Whole or not: published files hold such answers, and each such question is counted."""
    data = opened(written(tmp_path, [record("sh_6k", {"How many?": [7], "How far?": [1.5]})]))
    assert [item.answers for item in data.sessions[0].items] == [("7",), ("1.5",)]
    assert data.remarks["answers that are numbers, read as text"] == 2


def test_an_empty_answer_is_left_out_and_counted(tmp_path: Path) -> None:
    """It could not be given, and the others are asked all the same."""
    one = record("sh_6k", {"Who is the mayor of Orrin?": ["Lou Birk"], "Who?": [" "], "When?": []})
    data = opened(written(tmp_path, [one]))
    assert len(data.sessions[0].items) == 1
    assert data.left_out == {"a question or answer is empty": 2}


def test_a_fact_of_two_lines_stays_whole(tmp_path: Path) -> None:
    """A line without a number belongs to the fact before it, and is counted."""
    one = record("sh_6k", {"Who?": ["Lou"]}, ("A poem by Lou\nof two lines.", "It ends."))
    data = opened(written(tmp_path, [one]))
    assert [event.text for event in data.sessions[0].events] == [
        "0. A poem by Lou of two lines.",
        "1. It ends.",
    ]
    assert data.remarks["lines without a number, told with the fact before"] == 1


def test_the_table_that_is_published_reads_as_its_json(tmp_path: Path) -> None:
    """Hugging Face has the split as Parquet."""
    json_data = opened(made_factconsolidation(tmp_path / "json"))
    (tmp_path / "table").mkdir()
    table = tmp_path / "table/Conflict_Resolution-00000-of-00001.parquet"
    pq.write_table(pa.Table.from_pylist(records()), table)
    assert opened(tmp_path / "table").digest == json_data.digest


def test_a_table_cut_short_is_refused(tmp_path: Path) -> None:
    """In one sentence that names the file."""
    (tmp_path / "Conflict_Resolution.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(DataError, match=r"Resolution\.parquet: .* must be whole Parquet"):
        opened(tmp_path)


def changed(**fields: Any) -> list[Any]:
    """Return the made file with other fields in its second record."""
    first, second = records()
    metadata = second["metadata"] | fields.pop("metadata", {})
    return [first, second | {"metadata": metadata} | fields]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (changed(context="No facts here."), "record 2: its context must be a list of numbered"),
        (changed(context=7), "record 2: the field 'context' must be text, got 7"),
        (changed(questions=["One?"]), "record 2: every question must have its answers and its id"),
        (changed(metadata={"source": "eventqa_full"}), "record 2: its source must be factconsol"),
        (changed(metadata={"source": "factconsolidation_sh_6k"}), "must have ids of their own"),
        (changed(metadata={"qa_pair_ids": ["a", "a"]}), "questions must have ids of their own"),
        (
            [{"sample_id": "conv-1", "conversation": {}}],
            "record 1: it must have the field 'context'",
        ),
        ({"1": {"story": ["A is above B."]}}, "it must be an array of records"),
        ([], "must ask something"),
    ],
)
def test_what_is_no_such_file_is_refused(tmp_path: Path, content: object, told: str) -> None:
    """In one sentence with file and record."""
    path = written(tmp_path, content)
    with pytest.raises(DataError) as refused:
        opened(path)
    assert told in str(refused.value)
    assert str(path / "Conflict_Resolution_made.json") in str(refused.value)


def test_a_file_cut_short_is_refused(tmp_path: Path) -> None:
    """In one sentence that says where it ends."""
    path = written(tmp_path, records()) / "Conflict_Resolution_made.json"
    path.write_text(json.dumps(records())[:-40])
    with pytest.raises(DataError, match="must be whole JSON"):
        opened(tmp_path)


def numbered(folder: Path, *lines: str) -> Data:
    """Return the data of a list of such lines, with one question."""
    made = record("sh_6k", {"Who is the mayor of Orrin?": ["Lou Birk"]})
    return opened(written(folder, [{**made, "context": "\n".join(lines)}]))


@pytest.mark.parametrize(
    ("numbers", "remark", "count"),
    [
        ((0, 1, 1), "facts with the number of another", 1),
        ((0, 2, 5), "numbers that no fact has", 3),
        ((2, 0, 1), "facts out of order, told by number", 1),
    ],
)
def test_what_is_wrong_with_numbers_is_counted(
    tmp_path: Path, numbers: tuple[int, ...], remark: str, count: int
) -> None:
    """They decide which of two facts holds."""
    remarks = numbered(
        tmp_path, *(f"{i}. The mayor of Orrin is Lou Birk." for i in numbers)
    ).remarks
    assert {what: n for what, n in remarks.items() if "number" in what} == {remark: count}


def test_the_larger_number_holds_wherever_it_stands(tmp_path: Path) -> None:
    """As the benchmark's own rule has it."""
    data = numbered(
        tmp_path, "1. The mayor of Orrin is Lou Birk.", "0. The mayor of Orrin is Pat Vale."
    )
    [[item]] = [session.items for session in data.sessions]
    assert (places(item), item.fault) == ([1], "")


def test_a_number_of_absurd_length_is_refused(tmp_path: Path) -> None:
    """It is no number that a list counts to."""
    with pytest.raises(DataError, match="a fact's number must have at most 9 digits"):
        numbered(tmp_path, f"{'9' * 5_000}. The mayor of Orrin is Lou Birk.")


def test_answers_that_are_numbers_are_counted(tmp_path: Path) -> None:
    """As in every benchmark."""
    made = record("sh_6k", {"Who is the mayor of Orrin?": [7, "Lou Birk"]})
    remarks = opened(written(tmp_path, [made])).remarks
    assert remarks["answers that are numbers, read as text"] == 1
