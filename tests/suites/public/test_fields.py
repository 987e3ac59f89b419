"""What is wrong with a record is told in the words of people."""

from typing import Annotated, Any, Literal

import pytest
from pydantic import BeforeValidator

from memeval.errors import DataError
from memeval.suites.public.fields import not_true
from memeval.suites.public.records import Checked, Record


class Asked(Checked):
    """A question, of every kind of field that readers have."""

    answer: str | int | float = ""
    evidence: list[str] | str = []
    category: Annotated[Literal[1, 2], BeforeValidator(not_true)] = 1
    is_marked: bool | None = None
    about: dict[str, list[int]] = {}


class Sample(Checked):
    """A record with questions."""

    qa: list[Asked]
    count: int = 0


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        ({}, "it must have the field 'qa'"),
        ([], "it must be a table, got []"),
        ({"qa": 7}, "the field 'qa' must be a list of tables, got 7"),
        ({"qa": [7]}, "the field 'qa, entry 1' must be a table, got 7"),
        ({"qa": [{}], "count": "7"}, "the field 'count' must be a whole number, got '7'"),
        ({"qa": [{}, {"answer": []}]}, "'qa, entry 2, answer' must be text or a number, got []"),
        ({"qa": [{"evidence": [1]}]}, "evidence' must be a list of texts or text, got [1]"),
        ({"qa": [{"category": True}]}, "'qa, entry 1, category' must be 1 or 2, got True"),
        ({"qa": [{"is_marked": 1}]}, "is_marked' must be true or false, got 1"),
        ({"qa": [{"about": {"a": 1}}]}, "about, a' must be a list of whole numbers, got 1"),
    ],
)
def test_a_field_is_told_as_people_count(content: Any, rule: str) -> None:
    """By the path to it, entries from 1, and what it must be, in words."""
    with pytest.raises(DataError) as refused:
        Record(content, "a.json, record 3").as_a(Sample)
    assert rule in str(refused.value)
