"""The nouns of memeval: frozen records that every other module speaks in."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from memeval.words import is_unknown

ANSWER_TOKENS = 16
"""What an answer may have at least, where a dataset fixes no number."""


def spoken_date(at: str) -> str:
    """Return a time of ISO 8601 as people write it: "8 May 2023, 13:56"; other text as it is."""
    try:
        when = datetime.fromisoformat(at)
    except ValueError:
        return at
    day = f"{when.day} {when:%B %Y}"
    return f"{day}, {when:%H:%M}" if len(at) > len("2023-05-08") else day


def _dated(text: str, at: str) -> str:
    return f"[{spoken_date(at)}] {text}" if at else text


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, as text. All that a memory is ever shown.

    `time` is the place in the stream; events of equal time happened in the order they stand in.
    `reward` and `pin` are set by whoever writes the stream: "this paid off" and "never forget
    this". `speaker` said it, at the wall clock's `at` (ISO 8601), where the stream tells.
    """

    id: str
    text: str
    time: int
    reward: bool = False
    pin: bool = False
    speaker: str = ""
    at: str = ""

    def told(self) -> str:
        """Return the text with when and by whom it was said in front, as readers show it."""
        who = f"{self.speaker}: " if self.speaker else ""
        return _dated(f"{who}{self.text}", self.at)


@dataclass(frozen=True, slots=True)
class Query:
    """A question, as text, asked at `time` on the same clock as the events.

    All events up to its `time` have happened when it is asked, and none after it. `at` is the
    wall clock's time (ISO 8601), where the data tells.
    """

    id: str
    text: str
    time: int
    at: str = ""

    def told(self) -> str:
        """Return the text with when it is asked in front, as readers show it."""
        return _dated(self.text, self.at)


@dataclass(frozen=True, slots=True)
class Trace:
    """One text that a memory gives back, with the ids of the events it rests on.

    `source` names the part that it comes from, for a memory that is made of several.
    """

    text: str
    score: float
    events: tuple[str, ...]
    actions: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Recall:
    """What a memory gives back for one query, best first. Empty means "I don't remember".

    Where the order of the traces is not one of fit, it is not `ranked`, and gets no hit rate. One
    that is empty and not `ranked` was no retrieval, and is not scored as one that found nothing.
    `confidence` is how likely, from 0 to 1 and as the memory itself has calibrated it, what it
    gives back holds what answers; None where it does not tell. `error` says why a call of the
    memory's own got no answer: the item then has none either, and is neither right nor wrong.
    `took_ms` is what this one recall took, where the memory times each.
    """

    traces: tuple[Trace, ...] = ()
    ranked: bool = True
    confidence: float | None = None
    error: str | None = None
    took_ms: float | None = field(default=None, compare=False)

    @property
    def events(self) -> tuple[str, ...]:
        """Event ids behind the traces, best first, each once."""
        return tuple(dict.fromkeys(event for trace in self.traces for event in trace.events))


@dataclass(frozen=True, slots=True)
class Usage:
    """What the calls to a language model have cost that a memory made of its own accord.

    Summed since the memory was made; `failures` are calls that gave nothing, whatever they cost.
    """

    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0
    failures: int = 0

    def since(self, before: "Usage") -> "Usage":
        """Return what was added to an earlier sum."""
        return Usage(
            self.calls - before.calls,
            self.prompt_tokens - before.prompt_tokens,
            self.completion_tokens - before.completion_tokens,
            self.seconds - before.seconds,
            self.failures - before.failures,
        )

    def __add__(self, other: "Usage") -> "Usage":
        """Return both together."""
        return Usage(
            self.calls + other.calls,
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            self.seconds + other.seconds,
            self.failures + other.failures,
        )


@dataclass(frozen=True, slots=True)
class Navigation:
    """A way to be found one decision at a time, in a world that only the runner sees.

    `moves[place][move]` is the place that a move leads to. `nearer[place]` holds the moves that
    come nearer to the goal, each with the events that tell it. `question` asks for one decision,
    with `{here}` for where the walker stands.
    """

    start: str
    goal: str
    question: str
    moves: Mapping[str, Mapping[str, str]]
    nearer: Mapping[str, Mapping[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Item:
    """A query and what only the scorer knows about it.

    `gold_events` are the events that the answer rests on, in the order that leads to it; `passage`
    holds the ids of the gold events among distractors, in order of time; `slice` names the one
    ability the item isolates. An item with a `navigation` is scored by walking and has no answers;
    its query is the first decision's. One with `choices` is answered by choosing among them;
    `rubric` holds what a good answer says, for a judge; `unscored_reason` says why a gold that is
    known to be wrong is left out of the scores. One that is known to be wrong and asked all the
    same has the kind of its `fault`, and the answers that an audit holds right, `corrected`.
    """

    query: Query
    answers: tuple[str, ...]
    gold_events: tuple[str, ...]
    passage: tuple[str, ...]
    slice: str
    navigation: Navigation | None = None
    choices: tuple[str, ...] = ()
    rubric: tuple[str, ...] = ()
    unscored_reason: str = ""
    fault: str = ""
    corrected: tuple[str, ...] = ()

    @property
    def answerable(self) -> bool:
        """Whether the stream holds the answer; the headline score counts only these."""
        return not self.answers or not all(map(is_unknown, self.answers))


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example of a prompt: notes, a question about them, and its answer."""

    notes: tuple[str, ...]
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class PromptFormat:
    """How a question is put to a completion model.

    A prompt is `prefix`, then `note` filled in for every recalled text, then `question` filled
    in, or `nothing` if nothing was recalled. The prefix ends where the notes begin, so one
    prefill serves a whole suite. `max_new_tokens` holds where a dataset gives a number of its own;
    at its default, answers may have as many tokens as the longest gold needs. A recall less
    confident than `unknown_below` is asked as `nothing`, unless the reader is told otherwise.
    """

    examples: tuple[Example, ...]
    instruction: str = (
        "Answer the question from the notes, in as few words as possible. "
        "If the notes do not tell, answer unknown."
    )
    heading: str = "Notes:\n"
    note: str = "- {text}\n"
    question: str = "Question: {question}\nAnswer:"
    nothing: str = "Question: {question}\nNothing known.\nAnswer:"
    stop: tuple[str, ...] = ("\n",)
    max_new_tokens: int = ANSWER_TOKENS
    unknown_below: float = 0.0

    @property
    def prefix(self) -> str:
        """The instruction, the examples, and the heading of the notes to come."""
        told = [f"{self.heading}{self.asked(e)} {e.answer}" for e in self.examples]
        return "\n\n".join([self.instruction, *told, self.heading])

    def wording(self) -> dict[str, Any]:
        """Return what prompts are made of; from which confidence on is no part of them."""
        told = asdict(self)
        del told["unknown_below"]
        return told

    def asked(self, example: Example) -> str:
        """Return the notes and the question of an example, up to where the answer begins."""
        notes = "".join(self.note.format(text=text) for text in example.notes)
        form = self.question if example.notes else self.nothing
        return notes + form.format(question=example.question)


@dataclass(frozen=True, slots=True)
class Session:
    """A stream of events and the items asked about it; one memory store per session.

    `worth` holds the ids of the events that were worth remembering, for scoring what a memory
    wrote; None where nobody labelled the stream. A session without a `prompt` gets the general
    question-answering one. `parts` names by event id the part of the stream that it belongs to, a
    day's chat of many, for scoring whether the right part was found.
    """

    id: str
    events: tuple[Event, ...]
    items: tuple[Item, ...]
    prompt: PromptFormat | None = None
    worth: frozenset[str] | None = None
    parts: Mapping[str, str] = field(default_factory=dict)
