"""What a line of a dataset may say: its fields, their kinds, and the defaults.

A line of `events.jsonl`, and a line of `items.jsonl` in both of its forms:

    {"id": "e1", "text": "Nora sold the lute."}
    {"question": "Who sold the lute?", "answers": ["Nora"], "gold_events": ["e1"]}
    {"query": {"id": "q1", "text": "Who sold the lute?", "time": 1}, "answers": ["Nora"]}
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from memeval.errors import unknown_name
from memeval.outside import shown, shown_text
from memeval.types import Item, Navigation, Query

Text = Annotated[str, Field(pattern=r"\S")]


def _date(text: str) -> str:
    """Return a time of ISO 8601; nothing is one that is not told."""
    if text:
        datetime.fromisoformat(text)
    return text


Date = Annotated[str, AfterValidator(_date)]


class Record(BaseModel):
    """One line: fields of the right kind and no others."""

    model_config = ConfigDict(extra="forbid", strict=True)


class EventRecord(Record):
    """A line of `events.jsonl`."""

    id: Text
    text: str
    time: int | None = None
    reward: bool = False
    pin: bool = False
    speaker: str = ""
    at: Date = ""
    worth: bool | None = None
    session: str = ""


class NavigationRecord(Record):
    """A way to be found, inside an item."""

    start: str
    goal: str
    question: str
    moves: dict[str, dict[str, str]]
    nearer: dict[str, dict[str, list[str]]]

    def navigation(self) -> Navigation:
        """Return the noun that the line tells of."""
        nearer = {
            place: {move: tuple(events) for move, events in moves.items()}
            for place, moves in self.nearer.items()
        }
        return Navigation(self.start, self.goal, self.question, self.moves, nearer)


class ItemRecord(Record):
    """A line of `items.jsonl`."""

    id: Text | None = None
    question: Text
    time: int | None = None
    answers: list[Text]
    gold_events: list[str] = []
    passage: list[str] | None = None
    slice: Text = "all"
    navigation: NavigationRecord | None = None
    at: Date = ""
    choices: list[Text] = []
    rubric: list[Text] = []
    unscored_reason: str = ""
    fault: str = ""
    corrected: list[Text] = []
    session: str = ""

    @model_validator(mode="before")
    @classmethod
    def _flat(cls, fields: Any) -> Any:
        """Lift the fields of a nested query; one that also stands outside of it stays an error."""
        query = fields.get("query") if isinstance(fields, dict) else None
        if not isinstance(query, dict):
            return fields
        lifted = {"question" if name == "text" else name: query[name] for name in query}
        others = {name: value for name, value in fields.items() if name != "query"}
        return fields if lifted.keys() & others.keys() else lifted | others

    def item(self, line: int, places: Mapping[str, int], end: int) -> Item:
        """Return the noun that the line tells of, with what it leaves out filled in.

        `places` says where each event stands in the stream, and `end` is the time after the last.
        """
        gold = tuple(self.gold_events)
        in_order = sorted(dict.fromkeys(gold), key=lambda id_: places.get(id_, len(places)))
        return Item(
            query=Query(
                id=f"q{line:05d}" if self.id is None else self.id,
                text=self.question,
                time=end if self.time is None else self.time,
                at=self.at,
            ),
            answers=tuple(self.answers),
            gold_events=gold,
            passage=tuple(in_order if self.passage is None else self.passage),
            slice=self.slice,
            navigation=self.navigation.navigation() if self.navigation else None,
            choices=tuple(self.choices),
            rubric=tuple(self.rubric),
            unscored_reason=self.unscored_reason,
            fault=self.fault,
            corrected=tuple(self.corrected),
        )


def explain(error: ValidationError, kind: type[Record], line: str) -> str:
    """Word what is wrong with a line: the rule, what was got, the next step.

    A misspelt field is both unknown and missing; its near names say more.
    """
    first = min(error.errors(), key=lambda e: e["type"] != "extra_forbidden")
    if not first["loc"]:
        _, _, column = first["msg"].partition(" at line 1 ")
        place = f" (broken at {column})" if column else ""
        return f"a line must be one JSON object, got {shown(line)}{place}; mend the line"
    field = ".".join(map(str, first["loc"]))
    if first["type"] == "extra_forbidden":
        return unknown_name("a field", field, kind.model_fields)
    if first["type"] == "missing":
        return f"a record must have the field {shown(field)}, got {shown(line)}; add it"
    return f"the field {shown(field)} {_rule(first)}, got {shown(first['input'])}; mend it"


def _rule(error: ErrorDetails) -> str:
    if error["type"] == "string_pattern_mismatch":
        return "must hold text"
    if error["type"] == "value_error":
        return "must be a date of ISO 8601, such as 2023-05-08T13:56"
    return shown_text(error["msg"].replace("Input should", "must"))
