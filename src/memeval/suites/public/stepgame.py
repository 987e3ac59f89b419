"""StepGame: where one letter is relative to another, over k told relations.

Source: Shi et al. 2022, arXiv:2204.08292. A record of a file `qaK_test.json`:

    "7": {"story": ["A is above B."], "question": "What is the relation of the agent B to the
    agent A?", "label": "below"}

A story is a session, its sentences the events. Files do not say which sentences are needed, so
items have no gold events. Files for training and validation are not read. Stories of another folder
than `clean` have its name in theirs, so that several can be read together.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from memeval.suites.public.benchmark import Benchmark
from memeval.suites.public.form import Options
from memeval.suites.public.known import known_files
from memeval.suites.public.records import Checked, Listed, Record, Records, read_file
from memeval.suites.public.tally import Tally
from memeval.types import Event, Example, Item, PromptFormat, Query, Session

RELATIONS = (
    *("left", "right", "above", "below", "overlap"),
    *("upper-left", "upper-right", "lower-left", "lower-right"),
)
OTHERS = frozenset({"noise", "TrainVersion"})
"""Folders of the published archive beside `clean`: with sentences that are not needed."""
_FILE = re.compile(r"qa([0-9]{1,3})_test\.json")

PROMPT = PromptFormat(
    examples=(
        Example(
            ("The kettle is above the lantern.",),
            "Where is the lantern, seen from the kettle?",
            "below",
        ),
        Example(
            (
                "The lantern is to the left of the drum.",
                "The kettle is above the lantern.",
            ),
            "Where is the kettle, seen from the drum?",
            "upper-left",
        ),
        Example(
            ("The drum stands where the harp stands.",),
            "Where is the drum, seen from the harp?",
            "overlap",
        ),
    ),
    instruction="Answer the question from the notes with one of these words: "
    f"{', '.join(RELATIONS)}.",
)


class _Story(Checked):
    of: str
    slice: str
    key: str
    story: list[str]
    question: str
    label: str


def _records(paths: Sequence[Path]) -> Records:
    """Return the stories of all files, each with its key and what its file's name tells."""
    return Listed([story for path in paths for story in _stories(path)])


def _stories(path: Path) -> Iterator[Record]:
    file, named = read_file(path), _FILE.fullmatch(path.name)
    if not named:
        raise file.broken("its name must be qaK_test.json", path.name)
    if not isinstance(file.content, dict):
        raise file.broken("it must be a table of stories", file.content)
    folder = f"{path.parent.name}/" * (path.parent.name in OTHERS)
    told = {"of": f"{folder}{int(named[1])}", "slice": f"{folder}k={int(named[1])}"}
    for key, story in file.content.items():
        content = {**story, **told, "key": key} if isinstance(story, dict) else story
        yield Record(content, f"{file.where}, story {key}")


def _session(record: Record, tally: Tally, _options: Options) -> Session:
    """Return a story with its one question, which is asked at its end."""
    story = record.as_a(_Story)
    if story.label not in RELATIONS:
        raise record.broken(f"a label must be one of {', '.join(RELATIONS)}", story.label)
    sentences = [sentence for sentence in story.story if sentence.strip()]
    if not sentences:
        raise record.broken("a story must have a sentence", story.story)
    tally.remark("empty sentences", len(story.story) - len(sentences))
    id_ = f"{story.of}-{story.key}"
    item = Item(
        Query(f"{id_}-q", story.question, len(sentences)),
        (story.label,),
        gold_events=(),
        passage=(),
        slice=story.slice,
        choices=RELATIONS,
    )
    events = (Event(f"{id_}-{i}", text, i) for i, text in enumerate(sentences))
    return Session(id_, tuple(events), (item,))


SUITE = Benchmark(
    "stepgame",
    _records,
    _session,
    files=("qa*_test.json",),
    licence="MIT",
    citation="Shi, Zhang and Lipani 2022, arXiv:2204.08292",
    home="https://github.com/ZhengxiangShi/StepGame",
    known=known_files("stepgame"),
    prompt=PROMPT,
    scorers=("choice_accuracy",),
)
