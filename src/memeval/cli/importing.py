"""`memeval datasets import`: chats that somebody has, as a folder to measure memories on."""

import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from memeval.datasets.importing.importing import Import

SHOWN_CHARACTERS = 160
EXAMPLE = {"question": "Where do we meet?", "answers": ["the bridge"]}
ROLES = ("floor", "retrieval", "")
"""Of the presets that an import proposes: what a memory is compared with, and one for any data."""

File = Annotated[
    str, typer.Argument(help="Chats: .json, .jsonl, .csv or .parquet.", metavar="FILE")
]
Map = Annotated[
    list[str],
    typer.Option(
        "--map",
        help="Which field holds what, as in text=content,speaker=role; repeatable.",
        metavar="WHAT=FIELD",
    ),
]
Questions = Annotated[
    str | None,
    typer.Option(
        help="File of the questions, where they are not beside the chats.", metavar="FILE"
    ),
]
Into = Annotated[
    str | None,
    typer.Option(
        help="Folder to write; default the file's name without its ending.", metavar="FOLDER"
    ),
]
Count = Annotated[int, typer.Option("-n", min=0, help="Events and questions shown.", metavar="N")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be written, and stop.")]
Force = Annotated[
    bool, typer.Option("--force", help="Replace the events and items of a folder that is there.")
]


def import_(
    file: File,
    map_: Map = [],
    questions: Questions = None,
    into: Into = None,
    count: Count = 3,
    dry_run: DryRun = False,
    force: Force = False,
) -> None:
    """Turn a file of chats into the folder of a dataset, after a look."""
    from memeval.cli import render
    from memeval.datasets.importing import importing
    from memeval.datasets.importing.fields import parse_mapping
    from memeval.datasets.store import ITEMS
    from memeval.outside import path_of

    path = path_of(file)
    folder = path_of(into) if into else Path(path.stem)
    mapping = parse_mapping(map_)
    imported = importing.read_import(path, mapping, path_of(questions) if questions else None)
    importing.check_free(folder, force=force or dry_run)
    _preview(imported, path, count)
    if dry_run:
        return
    importing.write(imported, folder)
    render.line(f"written to {folder}")
    has_items = (folder / ITEMS).is_file()
    render.line(_next_step(folder) if has_items else _no_questions(imported, folder))


def _preview(imported: "Import", path: Path, count: int) -> None:
    """Print what was found, by which fields, what was left out, and the first of it."""
    from memeval.cli import render
    from memeval.datasets.importing.keeping import reasons
    from memeval.outside import shown_text

    sessions, events, items = map(len, (imported.sessions, imported.events, imported.items))
    render.line(f"{path}: {sessions} sessions, {events} events, {items} questions")
    for kind, fields in imported.taken.items():
        render.line(f"  {kind} by {','.join('='.join(pair) for pair in fields.items())}")
    if imported.unread:
        render.line(f"  not read: {imported.unread}")
    for reason in reasons(imported.left_out):
        render.line(f"  left out: {reason}")
    for note in imported.notes:
        render.line(f"  {shown_text(note)}")
    for line in [*_events(imported, count), *_questions(imported, count)]:
        render.line(line)


def _events(imported: "Import", count: int) -> list[str]:
    """Return the first events as a reader is told them."""
    from memeval.datasets.store import as_events

    records = imported.events[:count]
    told = (event.told() for event in as_events(records)[0])
    rows = zip(records, told, strict=True)
    lines = [_line(record.session, record.id, text) for record, text in rows]
    return ["first events:"] * bool(lines) + lines


def _questions(imported: "Import", count: int) -> list[str]:
    """Return the first questions with their answers."""
    lines = [
        _line(item.session, item.id or "", f"{item.question}  answer: {' | '.join(item.answers)}")
        for item in imported.items[:count]
    ]
    return ["first questions:"] * bool(lines) + lines


def _line(*parts: str) -> str:
    from memeval.outside import shown_text

    return "  " + shown_text("  ".join(filter(None, parts)), SHOWN_CHARACTERS)


def _next_step(folder: Path) -> str:
    """Return the command that measures on a folder, by the roles that presets have.

    What needs more than a model is left for later: it would be fetched, or set up, first.
    """
    from memeval.config import PLAIN_NAME
    from memeval.memories.contract import requirements
    from memeval.memories.installed import packages_of
    from memeval.memories.kinds import memory_class
    from memeval.preset import load_preset, preset_names
    from memeval.suites.choosing import folder_named

    presets = [
        preset
        for preset in map(load_preset, preset_names())
        if {*requirements(memory_class(preset.memory)).needs} <= {"model"}
        and not (preset.required or packages_of(memory_class(preset.memory)))
    ]
    chosen = [one.name for role in ROLES for one in presets if one.role == role and not one.suite]
    name = str(folder) if folder_named(str(folder)) else f"./{folder}"
    options = " ".join(f"--preset {preset}" for preset in chosen)
    run = folder.name if PLAIN_NAME.fullmatch(folder.name) else "mine"
    return f"measure with: memeval eval --suite {shlex.quote(name)} {options} --run {run}"


def _no_questions(imported: "Import", folder: Path) -> str:
    """Return what is missing before anything can be measured, with an example."""
    from memeval.datasets.store import ITEMS

    session = imported.sessions[0]
    example = {"session": session} if session else {}
    line = json.dumps(example | EXAMPLE, ensure_ascii=False)
    return (
        f"a measurement needs questions, of which there are none; write them to {folder / ITEMS}, "
        f"one a line, such as {line}, or import them with --questions FILE --force"
    )
