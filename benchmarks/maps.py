"""What SMPD's map answers of bAbI, StepGame and CogEval, without a model.

    python benchmarks/maps.py [FOLDER] [--forms]

What is scored is the answer that a recall rehearses, by exact match with case and spaces put aside.
bAbI is asked with each value of `relations.passages`. Some of StepGame's forms of a sentence are
labelled otherwise than they read (Li, Hogg and Cohn 2024, arXiv:2401.03991). They are found in the
stories of one sentence, and printed with `--forms`, to be judged by eye. An item of which a
sentence has such a form, or relates a letter to itself, or whose letters nothing links, is not
determined by its story, and is counted apart. CogEval is told by graph and by prompt, and over the
items that their story determines: not where every accepted answer has a word that is nowhere told,
or begins elsewhere than the question, or where what is worth most is asked for and no amount is
told of where an accepted way ends (of cars and jewels, one knows what they are worth).
"""

import argparse
import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from memeval.cli import render
from memeval.memories.loading import load_memory
from memeval.runner import stages
from memeval.suites.choosing import dataset_named
from memeval.types import Item, Session

Asked = tuple[Session, Item, str]
TASKS = ("4 ", "17 ", "19 ")
LETTER = re.compile(r"\b[A-Z]\b")
ANSWER = re.compile(r"Answer: (.+)$")
START = re.compile(r"\bfrom\b\s+(?:the\s+)?(?:room\s+)?\w+(?:\s+\w+)?", re.IGNORECASE)
MOST = re.compile(r"\b(?:most|highest|shortest wait|least)\b", re.IGNORECASE)
AMOUNT = re.compile(
    r"\$ ?\d|\d ?\$|\b(?:reward|rating|minutes|wait|worth|dollars)\b.*\d", re.IGNORECASE
)
PLANNED = (
    *("1stepPath", "2stepPath", "3stepPath", "nstepPath", "valuePath"),
    *("teleShortcut", "nonteleShortcut", "teleDetour", "nonteleDetour"),
)


def main() -> None:
    """Print a table a benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", default=os.environ.get("MEMEVAL_BENCHMARKS_DIR", "."))
    parser.add_argument("--forms", action="store_true", help="print the mislabelled forms")
    chosen = parser.parse_args()
    folder = Path(chosen.folder)
    babi(folder / "babi")
    stepgame(folder / "stepgame", shows_forms=chosen.forms)
    cogeval(folder / "cogeval")


def babi(folder: Path) -> None:
    """Print the share of right answers by what a told relation lets one do."""
    rows = []
    for leads in ("none", "map", "all"):
        asked = answered(f"babi:{folder}", TASKS, **{"relations.passages": leads})
        for name, of_task in sorted(grouped(asked, lambda one: one[1].slice)):
            rows.append((name, leads, share(of_task), f"{len(of_task)}"))
    render.table("bAbI", ("task", "relations.passages", "right", "items"), sorted(rows))


def stepgame(folder: Path, *, shows_forms: bool) -> None:
    """Print the share of right answers by k, of all items and of those determined."""
    asked = answered(f"stepgame:{folder}")
    wrong = mislabelled(asked)
    rows = []
    for name, of_slice in sorted(
        grouped(asked, lambda one: one[1].slice), key=lambda g: int(g[0].rpartition("=")[2])
    ):
        sure = [one for one in of_slice if one[2] and not forms(one[0]) & wrong]
        rows.append((name, share(of_slice), f"{len(of_slice)}", share(sure), f"{len(sure)}"))
    render.table("StepGame", ("slice", "all", "items", "determined", "of them"), rows)
    print(f"{len(wrong)} forms of a sentence are labelled otherwise than they read\n")
    for told in sorted(wrong) if shows_forms else ():
        print(told)


def cogeval(folder: Path) -> None:
    """Print the share of right answers by graph and by prompt, of all items and of those told."""
    asked = [one for one in answered(f"cogeval:{folder}") if not one[1].fault]
    for part, title in ((0, "graph"), (1, "prompt")):
        rows = []
        for name, found in sorted(grouped(asked, partial(_part_of_slice, part))):
            told = [one for one in found if not untold(one[0], one[1])]
            answers = f"{sum(bool(one[2]) for one in found)}"
            rows.append((name, share(found), answers, f"{len(found)}", share(told), f"{len(told)}"))
        columns = (title, "right", "answered", "items", "determined", "of them")
        render.table("CogEval", columns, rows)
    told = [one for one in asked if _part_of_slice(1, one) in PLANNED]
    sure = [one for one in told if not untold(one[0], one[1])]
    print(f"Shortest and value paths, shortcuts and detours: {share(told)} of {len(told)},")
    print(f"{share(sure)} of {len(sure)} that are determined; of the others, by reason:")
    reasons = Counter(filter(None, (untold(session, item) for session, item, _ in asked)))
    render.table(
        "CogEval", ("not told", "items"), [(k, f"{n}") for k, n in sorted(reasons.items())]
    )


def untold(session: Session, item: Item) -> str:
    """Return why a story does not determine an item; empty where it does, for all one can see."""
    story = " ".join(event.text for event in session.events)
    ways = [re.split(r",\s*", answer) for answer in item.answers]
    known = f"{story} {item.query.text}"
    if not any(all(_says(known, word) for word in " ".join(way).split()) for way in ways):
        return "" if any(answer.isdecimal() for answer in item.answers) else "names"
    start = START.search(item.query.text)
    if len(ways[0]) > 1 and start and not any(_plain(way[0]) in _plain(start[0]) for way in ways):
        return "start"
    if not MOST.search(item.query.text):
        return ""
    ends = {way[-1] for way in ways if len(way) > 1}
    told = [text for text in re.split(r"(?<=[.!?])\s", story) if AMOUNT.search(text)]
    is_told = any(_says(text, end) for text in told for end in ends) if ends else bool(told)
    return "" if is_told else "amounts"


def _says(text: str, name: str) -> bool:
    """Whether a text has a name as whole words."""
    told, called = (words.casefold().replace("\u2019", "'") for words in (text, name))
    return bool(re.search(rf"(?<!\w){re.escape(called)}(?!\w)", told))


def _part_of_slice(part: int, one: Asked) -> str:
    return one[1].slice.split("/")[part]


def answered(suite: str, slices: tuple[str, ...] = ("",), **params: object) -> list[Asked]:
    """Return the items of some slices with what the map answers, nothing where it is silent."""
    data = dataset_named(suite).open()
    assert data.prompt
    asked: list[Asked] = []
    for session in data.sessions:
        if not any(item.slice.startswith(slices) for item in session.items):
            continue
        memory: Any = load_memory("smpd", **params)
        memory.shown(data.prompt.examples)
        for stage in stages(session):
            memory.observe(stage.events)
            memory.replay()
            for item in stage.items:
                [recall] = memory.recall([item.query])
                found = ANSWER.search(recall.traces[0].text) if recall.traces else None
                asked.append((session, item, found[1] if found else ""))
    return asked


def grouped(asked: Iterable[Asked], of: Any) -> list[tuple[str, list[Asked]]]:
    """Return what was asked by a name."""
    groups = defaultdict(list)
    for one in asked:
        groups[of(one)].append(one)
    return list(groups.items())


def is_right(item: Item, answer: str) -> bool:
    """Whether an answer is an accepted one, with case and spaces put aside."""
    return _plain(answer) in map(_plain, item.answers)


def _plain(text: str) -> str:
    return "".join(text.casefold().split())


def mislabelled(asked: Sequence[Asked]) -> set[str]:
    """Return the forms of stories of one sentence that are labelled otherwise than they read."""
    alone = [one for one in asked if len(one[0].events) == 1 and one[2]]
    wrong: Counter[str] = Counter()
    for session, item, answer in alone:
        for form in forms(session):
            wrong[form] += -1 if is_right(item, answer) else 1
    selves = {form for session, _, _ in asked for form in forms(session) if is_of_itself(form)}
    return selves | {form for form, times in wrong.items() if times > 0}


def is_of_itself(form: str) -> bool:
    """Whether a sentence relates a letter to itself."""
    return len(set(LETTER.findall(form))) < 2


def forms(session: Session) -> set[str]:
    """Return the sentences of a story, each with its letters in the order in which they stand."""
    return {form(event.text) for event in session.events}


def form(text: str) -> str:
    """Name the letters of a sentence by the order in which they stand."""
    order = list(dict.fromkeys(LETTER.findall(text)))
    return LETTER.sub(lambda letter: "XYZ"[min(order.index(letter[0]), 2)], text)


def share(asked: Sequence[Asked]) -> str:
    """Return how many of the items have the label that the map gives."""
    if not asked:
        return "-"
    return f"{sum(is_right(item, answer) for _, item, answer in asked) / len(asked):.3f}"


if __name__ == "__main__":
    main()
