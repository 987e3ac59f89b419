"""`memeval report RUN --items`: the answers of a preset, beside another's, in the terminal."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.text import Text

    from memeval.reporting.answered import Answer
    from memeval.reporting.chosen import Asked, Chosen
    from memeval.reporting.details import Detail, Event
    from memeval.reporting.load import Found
    from memeval.reporting.pairs import Pair, Place
    from memeval.reporting.source import Reopen

    Sides = Sequence[Mapping[Place, Detail]]
    """What stands behind the answers of the preset and, where there is one, of the other."""

LISTED = 20
MOST_LABEL = 30
"""Columns of a preset's name, so that there is room for what it said."""
MOST_NOTES, MOST_CHARACTERS = 3, 200
"""How many notes are listed of an answer, and how much of each: the page shows more."""

LIST: Any = {"rich_help_panel": "Items in the terminal"}
"""The group of these options in the command's help."""

Items = Annotated[
    bool, typer.Option("--items", help="List questions and answers; write no report.", **LIST)
]
Preset = Annotated[
    str | None,
    typer.Option(help="Whose answers; default the best memory.", metavar="PRESET", **LIST),
]
Against = Annotated[
    str | None, typer.Option(help="Whose answers stand beside them.", metavar="PRESET", **LIST)
]
Wrong = Annotated[
    bool,
    typer.Option("--wrong", help="Only what the preset has wrong, and the other right.", **LIST),
]
Right = Annotated[
    bool,
    typer.Option("--right", help="Only what the preset has right, and the other wrong.", **LIST),
]
Suite = Annotated[str | None, typer.Option(help="Only this suite.", metavar="SUITE", **LIST)]
Model = Annotated[str | None, typer.Option(help="Only this model.", metavar="MODEL", **LIST)]
Size = Annotated[
    int | None,
    typer.Option(help="Items of this size; default the one of the report.", metavar="N", **LIST),
]
Seed = Annotated[int | None, typer.Option(help="Only this seed.", metavar="N", **LIST)]
Slice = Annotated[
    str | None, typer.Option("--slice", help="Only this slice.", metavar="SLICE", **LIST)
]
Lost = Annotated[
    str | None,
    typer.Option(help="Only not_stored, not_retrieved or not_used.", metavar="WHERE", **LIST),
]
Most = Annotated[
    int | None,
    typer.Option(
        "-n", min=1, help=f"List so many of each suite; default {LISTED}.", metavar="N", **LIST
    ),
]
Prompt = Annotated[
    bool, typer.Option("--prompt", help="Also list the prompts, whole, as they were read.", **LIST)
]


def check(asked: "Asked", most: int | None, *, prompt: bool, listing: bool, writing: bool) -> None:
    """Refuse options that do not go together.

    Raises:
        ConfigError: some choose items where none are listed, or a report is to be written too.
    """
    from memeval.errors import ConfigError

    given = [*asked.options(), *(["-n"] if most else []), *(["--prompt"] if prompt else [])]
    if given and not listing:
        raise ConfigError(
            f"items are chosen where they are listed, got {given[0]} without --items; add it"
        )
    if listing and writing:
        raise ConfigError(
            "--items lists and writes no report, got --gate or --against beside it; give one alone"
        )
    if asked.wrong and asked.right:
        raise ConfigError("answers are right or wrong, got --wrong and --right; give one of them")


def list_items(
    found: "Found", asked: "Asked", most: int | None, *, prompt: bool, reopen: "Reopen"
) -> None:
    """Print the questions that were asked for, with the answers to them and what is behind these.

    Raises:
        ConfigError: a name that the run does not have.
        DataError: the run has no items at hand, or none that both presets were asked.
    """
    from memeval.cli import render
    from memeval.reporting.chosen import chosen
    from memeval.reporting.details import details

    groups, most = chosen(found, asked), most or LISTED
    missing: dict[str, None] = {}
    for group in groups:
        render.console.print(group.counted(asked))
        listed = group.fitting[:most]
        places = [pair.place for pair in listed]
        sides = [details(row, places, reopen) for row in (group.a, group.b) if row]
        for pair in listed:
            _print(group, pair, sides)
            if prompt:
                _print_prompts(group, pair.place, sides)
            missing[sides[0][pair.place].missing] = None
        render.console.print()
    for reason in filter(None, missing):
        render.note(f"Gold events are told by their ids alone: {reason}.")
    sizes = [len(group.fitting) for group in groups]
    if more := sum(max(0, size - most) for size in sizes):
        render.note(f"{more:,} more: -n {max(sizes)} lists all.")


def _print(group: "Chosen", pair: "Pair", sides: "Sides") -> None:
    from rich.table import Table

    from memeval.cli.render import console

    question, answers = pair.question, [pair.a, *([pair.b] if pair.b else [])]
    console.print()
    console.print(console.render_str(question.text, style="bold"))
    grid = Table.grid(padding=(0, 0, 0, 2), pad_edge=True)
    grid.add_column(overflow="fold", max_width=MOST_LABEL, style="dim")
    grid.add_column(overflow="fold")
    grid.add_row("gold", " | ".join(question.gold) or "(to be walked)")
    for event in sides[0][pair.place].gold:
        grid.add_row("event", _event(event))
    for row, answer, side in zip(filter(None, (group.a, group.b)), answers, sides, strict=True):
        grid.add_row(row.preset, _verdict(answer))
        for note in _notes(side[pair.place].answer):
            grid.add_row("recalled", note)
    grid.add_row("question", f"{pair.place.query}, {question.slice}, seed {pair.place.seed}")
    console.print(grid)


def _event(event: "Event") -> str:
    id_, text = event
    return id_ if text is None else f"{text} ({id_})"


def _notes(answer: "Answer") -> list[str]:
    """Return the first notes that were recalled, each cut where it is long, and how many more."""
    shown = answer.traces[:MOST_NOTES]
    more = answer.recalled - len(shown)
    cut = [n if len(n) <= MOST_CHARACTERS else f"{n[: MOST_CHARACTERS - 1]}…" for n in shown]
    return [*cut, *([f"and {more:,} more"] if more else [])]


def _print_prompts(group: "Chosen", place: "Place", sides: "Sides") -> None:
    """Print what each preset's model read, line by line."""
    from memeval.cli.render import console

    for row, side in zip(filter(None, (group.a, group.b)), sides, strict=True):
        found = side[place]
        again = "" if found.answer.prompt else ", told again from its parts"
        known = f"{again}:" if found.prompt else ": not known"
        console.print()
        console.print(console.render_str(f"Prompt of {row.preset}{known}", style="dim"))
        for text in (found.prompt or "").splitlines():
            console.print(console.render_str(text), overflow="fold")


def _verdict(answer: "Answer") -> "Text":
    """Return what was said of an answer and what it was, the first in a colour."""
    from rich.text import Text

    from memeval.cli.render import console

    word, style = ("right", "green") if answer.right else ("wrong", "red")
    lost = f" ({answer.lost.replace('_', ' ')})" if answer.lost else ""
    parts = ((f"{word}{lost}: ", style), (answer.said or "(nothing)", ""))
    return Text.assemble(*(console.render_str(text, style=colour) for text, colour in parts))
