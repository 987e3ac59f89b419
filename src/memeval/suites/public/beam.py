"""BEAM: a long chat between a user and an assistant, and questions about ten abilities.

Source: Tavakoli et al. 2025, arXiv:2510.27246. A chat is a folder: `chat.json`, cut to a message,

    [{"batch_number": 1, "time_anchor": null, "turns": [[{"role": "user", "id": 0,
      "time_anchor": "March-15-2024", "content": "My loom has eight shafts. ->-> 1,1"}]]}]

and `probing_questions.json` beside it, or in a folder of that name:

    {"information_extraction": [{"question": "How many shafts has my loom?", "answer": "Eight.",
      "source_chat_ids": [0], "rubric": ["LLM response should state: eight"]}]}

Chats of 10M tokens hold plans by name, each a list of batches. A chat is a session, its messages
the events. A date stands on the first message of a batch, and holds for the batch. A message's
marker ("->-> 1,1") and its kind are not told, nor what questions say of themselves. The official
evaluation reads `chat_trunecated.json` where it lies beside a chat, and so does this.

Gold events are the messages of `source_chat_ids`, whatever lists and tables they stand in. Without
a judge the primary score is the F1 of the ideal answer's words. What `expected_compliance` holds
says how to answer, and is no answer: it takes a judge.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from memeval.suites.public.beam_chats import QUESTIONS_FILE, Chat, Chats, Stream, streamed
from memeval.suites.public.benchmark import Benchmark
from memeval.suites.public.form import Options
from memeval.suites.public.records import Checked, Record
from memeval.suites.public.tally import EMPTY, WRONG, Tally
from memeval.types import Example, Item, PromptFormat, Query, Session
from memeval.words import UNKNOWN

ABSTENTION = "abstention"
ABILITIES = (
    *(ABSTENTION, "contradiction_resolution", "event_ordering", "information_extraction"),
    *("instruction_following", "knowledge_update", "multi_session_reasoning"),
    *("preference_following", "summarization", "temporal_reasoning"),
)
PROMPT = PromptFormat(
    instruction=(
        "The user asks about what was said in the notes. Answer from the notes alone, in a few "
        "words on one line, with dates as dates; where several things are asked for, name all, in "
        "order. If the notes contradict each other, say so. If they do not tell, answer unknown."
    ),
    examples=(
        Example((), "Who made my glaze?", "unknown"),
        Example(
            ("[2 June 2019] user: I counted the mugs in my kiln, forty!",),
            "How many mugs were in my kiln?",
            "forty",
        ),
        Example(
            (
                "[9 July 2019] user: Now that the clay is wedged, how do I centre it?",
                "[30 June 2019] user: I have to wedge the clay, don't I?",
            ),
            "In which order did I ask about my clay?",
            "wedging the clay; centring the clay",
        ),
    ),
)


class _Question(Checked):
    question: str
    answer: str | int | float | None = None
    ideal_response: str | int | float | None = None
    ideal_answer: str | int | float | None = None
    ideal_summary: str | int | float | None = None
    expected_compliance: str | int | float | None = None
    rubric: list[str] | str = []
    source_chat_ids: Any = None

    @property
    def told(self) -> str | int | float:
        """What it is answered by, under whichever name; nothing if it is not there."""
        named = (self.answer, self.ideal_response, self.ideal_answer, self.ideal_summary)
        return next((one for one in (*named, self.expected_compliance) if one is not None), "")

    @property
    def nuggets(self) -> tuple[str, ...]:
        """What a good answer says."""
        rubric = [self.rubric] if isinstance(self.rubric, str) else self.rubric
        return tuple(nugget for nugget in rubric if nugget.strip())


def _session(record: Record, tally: Tally, _options: Options) -> Session:
    """Return a chat, all of whose questions are asked at its end."""
    chat: Chat = record.content
    stream = streamed(chat, tally)
    items = (
        _item(f"{chat.name}-{ability}-{place}", ability, question, stream, tally)
        for ability, place, question in _questions(chat.questions)
    )
    events = tuple(stream.events)
    return Session(chat.name, events, tuple(filter(None, items)), parts=stream.parts)


def _questions(file: Record) -> Iterator[tuple[str, int, _Question]]:
    """Yield the questions with their ability and place."""
    if not isinstance(file.content, dict):
        raise file.broken("it must be a table of questions by ability", file.content)
    for ability, questions in file.content.items():
        if ability not in ABILITIES:
            raise file.broken(f"an ability must be one of {', '.join(ABILITIES)}", ability)
        if not isinstance(questions, list):
            raise file.broken(f"{ability} must be a list of questions", questions)
        for place, question in enumerate(questions):
            where = f"{file.where}, {ability} {place + 1}"
            yield ability, place, Record(question, where).as_a(_Question)


def _item(id_: str, ability: str, question: _Question, stream: Stream, tally: Tally) -> Item | None:
    """Return a question as an item; None where there is nothing to ask or to score."""
    answer = tally.answer(question.told)
    if not (question.question.strip() and (answer or ability == ABSTENTION)):
        tally.leave_out(EMPTY)
        return None
    if question.expected_compliance is not None:
        tally.remark("answers that say how to answer, which takes a judge to score")
    gold = () if ability == ABSTENTION else _cited(question.source_chat_ids, stream.named, tally)
    places = {event.id: event.time for event in stream.events} if gold else {}
    return Item(
        Query(id_, question.question.strip(), len(stream.events)),
        (UNKNOWN,) if ability == ABSTENTION else (answer,),
        gold_events=gold,
        passage=tuple(sorted(gold, key=places.__getitem__)),
        slice=ability,
        rubric=question.nuggets,
    )


def _cited(cited: object, named: Mapping[int, Sequence[str]], tally: Tally) -> tuple[str, ...]:
    """Return the events of the messages that are cited, in that order, each once."""
    found: dict[str, None] = {}
    ids = [*_flat(cited)]
    if not ids:
        tally.remark("questions that cite nothing")
    for id_ in ids:
        events = named.get(id_, ()) if type(id_) is int else ()  # True is 1 elsewhere
        if len(events) == 1:
            tally.remark("citations that name a message")
            found[events[0]] = None
        else:
            count = "several messages" if events else "no message"
            tally.remark(f"citations that name {count}", kind=WRONG)
    return tuple(found)


def _flat(cited: object) -> Iterator[object]:
    """Yield what stands in lists and tables of any depth; None is nothing."""
    if not isinstance(cited, (dict, list)):
        yield from () if cited is None else (cited,)
        return
    within: Iterable[object] = cited.values() if isinstance(cited, dict) else cited
    for one in within:
        yield from _flat(one)


SUITE = Benchmark(
    "beam",
    Chats,
    _session,
    files=("chat.json", QUESTIONS_FILE),
    licence="none stated: for reading only",
    citation="Tavakoli et al. 2025, arXiv:2510.27246",
    home="https://github.com/mohammadtavakoli78/BEAM",
    known={
        "ea71efd5dcc13f7366d3737b45d532eadb3d1497f3d6f23d1fa1c4004d5ffdf2": "100K, chat 1",
        "3a3bd796f4aa24e8f34e718dc2823ae942663349eb89054f03885051e2daf1c4": "100K, chat 2",
        "432d3ae5493c04a17a5b6b0ef7c012a70e70ac5cfcaef13059fca6bedb903009": "100K, chat 3",
        "e0ef0f74b1f7ac911e8e0518722335c422cbc1112048e9909911b208c51fc027": "100K, chat 4",
        "13ac88e483e0d63d3830479fe17f961af1b414503b5077914865eca1c48a1ce8": "100K, chat 5",
        "5365cdc41da212fb7143cf9f191ff7862eed8e9ca175b3728fe593adedc87871": "100K, chat 6",
        "047398ff1497674b11585e7b4829c3d64d2d5e63f7f3572c826b73ca1faaf898": "100K, questions 1",
        "d188e929644c9ef9fcd4520e7b5a3daf2c2e069b1247a324bd13d5aadd1ed96e": "100K, questions 2",
        "f53030f3753b0e0a93b330bc62d597cb66375c0c794094d7e69b7646df46e324": "100K, questions 3",
        "f69eda522cd7325830c8f78b6f02a571c992b6cf43311fa96f28043fd3c18dae": "100K, questions 4",
        "bdd0819a911e46951dbf998905b8eba96a0cdb103cd3dda79ae9c6831e5f195d": "100K, questions 5",
        "7a6f88dfdeb3f1b582209a745e7c980158dbb2829a9ceae6cdb08bb868a00035": "100K, questions 6",
    },
    prompt=PROMPT,
    primary="f1",
    judged="rubric",
    scorers=("kendall_tau_b",),
)
