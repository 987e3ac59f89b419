"""What `memeval datasets verify` finds in a folder or in the files of a suite, and prints of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from memeval.datasets.counting import Counts
    from memeval.datasets.dataset import Data, Dataset
    from memeval.datasets.validity import Fault

SHOWN_FAULTS = 10


@dataclass(frozen=True, slots=True)
class Held:
    """What a suite's files hold."""

    data: "Data"
    counts: "Counts"


def verified(name: str) -> "tuple[list[Fault], Held | None]":
    """Return what is wrong with a folder, or with a suite's files and what these hold.

    Raises:
        ConfigError: no such suite.
        DataError: a file is missing, or broken.
        PluginError: the suite breaks its contract.
    """
    from memeval.datasets import folder
    from memeval.outside import path_of
    from memeval.suites.choosing import dataset_named, folder_named, has_files

    if folder_named(name) is not None or not (":" in name or has_files(name)):
        return folder.verify(path_of(name)), None
    return _checked(dataset_named(name))


def _checked(dataset: "Dataset") -> "tuple[list[Fault], Held | None]":
    """Go through a dataset once, by its own rules where it has some."""
    from memeval.cli import render
    from memeval.datasets.counting import Counts
    from memeval.datasets.dataset import Ruled, Verifiable
    from memeval.datasets.validity import find_faults
    from memeval.matrix.data import opened, opening

    if isinstance(dataset, Verifiable) and not isinstance(dataset, Ruled):
        with opening(dataset):
            return dataset.faults(), None
    rules = dataset.rules if isinstance(dataset, Ruled) else None
    data, counts = opened(dataset), Counts()
    faults: list[Fault] = []
    with opening(dataset), render.counted("sessions read", len(data.sessions)) as step:
        for session in data.sessions:
            counts.add(session)
            faults += [f for f in find_faults(session) if rules is None or f.rule in rules]
            step()
    return faults, Held(data, counts)


def render(name: str, faults: "Sequence[Fault]", held: Held | None) -> None:
    """Print whether something passed, what it holds, and the first of its faults."""
    from memeval.cli import render

    render.line(f"{name}: {'ok' if not faults else f'{len(faults)} faults'}")
    for fault in faults[:SHOWN_FAULTS]:
        render.line(f"  {fault}")
    if held is not None:
        render.table("what it holds", ("what", "count"), _rows(held.data, held.counts))
        slices = [(name, f"{n:,}") for name, n in held.counts.slices.items()]
        render.table("slices", ("slice", "questions"), slices)
        for what, told in _origin(held.data):
            render.note(f"{what}: {told}")


def _rows(data: "Data", counts: "Counts") -> list[tuple[str, str]]:
    """Return what is counted, and how often; of faults and remarks those that there are."""
    always = {
        "sessions": counts.sessions,
        **({"parts of sessions": counts.parts} if counts.parts else {}),
        "events": counts.events,
        "questions": counts.questions,
        "questions that can be answered": counts.answerable,
        "questions with gold events": counts.labelled,
        "gold events of all questions": counts.gold_events,
    }
    where_found = {
        "questions whose gold is known to be wrong": counts.faulty,
        "questions that are not scored": counts.unscored,
        **{f"left out: {why}": count for why, count in sorted(data.left_out.items())},
        **{f"remark: {what}": count for what, count in data.remarks.items()},
    }
    found = always | {what: count for what, count in where_found.items() if count}
    return [(what, f"{count:,}") for what, count in found.items()]


def _origin(data: "Data") -> list[tuple[str, str]]:
    told = {
        "read from": data.source,
        "licence": data.licence,
        "to be cited": data.citation,
        "private": "its texts stay out of results that are passed on" * data.private,
    }
    return [(what, text) for what, text in told.items() if text]
