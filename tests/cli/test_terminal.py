"""What is printed, on any terminal and into any pipe."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from memeval.cli import render
from memeval.reporting.text import printable

Run = Callable[..., Any]
NASTY = "\x1b[31m \x1b]0;title\x07 \x9b2J \r\x08 \u202eabc [/] [bold]x[/] [red] :smile: \\[/"
"""Escapes of a terminal, marks that turn text round, and what rich takes for markup."""


def write(folder: Path, text: str = NASTY) -> Path:
    """Write a folder in which every text is the given one."""
    folder.mkdir()
    event = {"id": "e1", "text": text, "speaker": text}
    item = {"question": text, "answers": [text], "gold_events": ["e1"], "slice": text}
    (folder / "events.jsonl").write_text(json.dumps(event) + "\n")
    (folder / "items.jsonl").write_text(json.dumps(item) + "\n")
    return folder


def obeyed(text: str) -> set[str]:
    """Return the characters that a terminal does not show but follows, newlines apart."""
    return {c for c in text if c != "\n" and printable(c) != c}


def test_texts_of_data_are_shown_as_they_are(memeval: Run, workplace: Path) -> None:
    """Nothing in a question, an answer, an event or a slice is markup, or reaches a terminal."""
    done = memeval("datasets", "show", write(workplace / "own"))
    assert done.code == 0, done.err
    assert not obeyed(done.out)
    assert done.out.count("[/] [bold]x[/] [red] :smile: \\[/") == 5


def test_messages_show_what_they_echo(memeval: Run, workplace: Path) -> None:
    """A name that holds escapes is refused by a message without them."""
    for name in (NASTY, f"./{NASTY}"):
        done = memeval("datasets", "show", name)
        assert done.code == 2
        assert not obeyed(done.err)


def title(text: str) -> None:
    render.table(text, ("a",), [("b",)])


def cell(text: str) -> None:
    render.table("title", (text, "a"), [("b", text)])


def bar(text: str) -> None:
    with render.progress() as display:
        display.add_task(text)
        render.errors.print(display.make_tasks_table(display.tasks))


@pytest.mark.parametrize("show", [render.line, render.note, render.told, title, cell, bar])
def test_every_way_to_print_shows_what_it_is_given(
    show: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    """Lines, notes, titles, cells and bars take a text as it is."""
    show(NASTY)
    out, err = capsys.readouterr()
    assert "[/]" in out + err
    assert not obeyed(out + err)


def command(*arguments: str, **environment: str) -> subprocess.Popen[bytes]:
    """Start the command as a shell does."""
    return subprocess.Popen(
        [sys.executable, "-m", "memeval", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | environment,
    )


@pytest.mark.parametrize("arguments", [["list", "presets"], ["--help"]])
def test_a_reader_that_goes_away_is_no_failure(arguments: list[str]) -> None:
    """With `| head -1` a command ends as it would have, without a word."""
    done = command(*arguments)
    assert done.stdout is not None
    assert done.stderr is not None
    done.stdout.close()
    assert (done.stderr.read(), done.wait()) == (b"", 0)
    done.stderr.close()


def test_a_terminal_that_lacks_characters_is_shown_others(workplace: Path) -> None:
    """Where output is ASCII, other characters are replaced, and boxes drawn with what there is."""
    write(workplace / "own", "Où est Noë? 上海 👩‍👧")
    done = command("datasets", "show", "./own", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    out, err = done.communicate()
    assert (done.returncode, err) == (0, b"")
    assert b"O? est No?? ??" in out


def test_data_may_lie_in_folders_of_any_name(memeval: Run, workplace: Path) -> None:
    """The name of a folder of data, and of a session in it, may hold bytes that are no UTF-8."""
    name = os.fsdecode(b"caf\xe9")
    for session in ("a", name):
        (workplace / name).mkdir(exist_ok=True)
        write(workplace / name / session, "Nora moved to Lisbon.")
    assert memeval("datasets", "verify", name).code == 0
    ran = memeval("eval", "--suite", f"./{name}", "--preset", "baselines/core", "--model",
                  "scripted", "--date", "t")  # fmt: skip
    assert ran.code == 0, ran.err
    [meta] = workplace.rglob("meta.json")
    assert json.loads(meta.read_text())["data"]["source"].endswith("caf\\xe9")
    assert memeval("datasets", "show", name).code == 0


def test_runs_cannot_lie_in_folders_of_any_name(memeval: Run) -> None:
    """A name in which no records can be written is refused before anything runs."""
    done = memeval("report", "t", "--outdir", os.fsdecode(b"caf\xe9"))
    assert done.code == 2
    assert "a folder whose name is UTF-8, got 'caf\\udce9'; name another" in done.err
