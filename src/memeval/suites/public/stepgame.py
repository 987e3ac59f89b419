"""StepGame: where one letter is relative to another, over k told relations.

Source: Shi et al. 2022, arXiv:2204.08292. A record of a file `qaK_test.json`:

    "7": {"story": ["A is above B."], "question": "What is the relation of the agent B to the
    agent A?", "label": "below"}

A story is a session, its sentences the events. Files do not say which sentences are needed, so
items have no gold events.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from memeval.suites.public.benchmark import Benchmark
from memeval.suites.public.form import Options
from memeval.suites.public.records import Checked, Listed, Record, Records, read_file
from memeval.suites.public.tally import Tally
from memeval.types import Event, Item, Query, Session

RELATIONS = (
    *("left", "right", "above", "below", "overlap"),
    *("upper-left", "upper-right", "lower-left", "lower-right"),
)
_HOPS = re.compile(r"qa(\d+)_")


class _Story(Checked):
    hops: int
    key: str
    story: list[str]
    question: str
    label: str


def _records(paths: Sequence[Path]) -> Records:
    """Return the stories of all files, each with its key and its file's number of hops."""
    return Listed([story for path in paths for story in _stories(read_file(path), path.name)])


def _stories(file: Record, name: str) -> Iterator[Record]:
    hops = _HOPS.match(name)
    if not (hops and isinstance(file.content, dict)):
        raise file.broken("it must be a table of stories in a file qaK_test.json", file.content)
    for key, story in file.content.items():
        told = {**story, "hops": int(hops[1]), "key": key} if isinstance(story, dict) else story
        yield Record(told, f"{file.where}, story {key}")


def _session(record: Record, tally: Tally, _options: Options) -> Session:
    """Return a story with its one question, which is asked at its end."""
    story = record.as_a(_Story)
    if story.label not in RELATIONS:
        raise record.broken(f"a label must be one of {', '.join(RELATIONS)}", story.label)
    sentences = [sentence for sentence in story.story if sentence.strip()]
    if not sentences:
        raise record.broken("a story must have a sentence", story.story)
    if len(sentences) < len(story.story):
        tally.remark("empty sentences", len(story.story) - len(sentences))
    id_ = f"{story.hops}-{story.key}"
    item = Item(
        Query(f"{id_}-q", story.question, len(sentences)),
        (story.label,),
        gold_events=(),
        passage=(),
        slice=f"k={story.hops}",
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
)
