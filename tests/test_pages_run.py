"""The commands that the pages show run as they stand there, on the files that stand beside them.

Those of a page run in one folder, one after the other, as a reader would run them; but on the fake
model and on few items, see `SMALLER`.
"""

import re
import shlex
import shutil
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from suites.public.made_locomo import made_locomo

from memeval.cli.app import app
from memeval.datasets.importing.fields import USUAL
from memeval.reporting import load

Run = Callable[..., Any]
ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FAKE = {"--model": "scripted", "--limit": "2", "--workers": "1"}
FEW = {"--size": "5", "--seed": "7"}
SMALLER = {
    "memeval eval": FAKE,
    "memeval ablate": FAKE | FEW,
    "memeval datasets build": FEW,
    "memeval eval --study": {"--dry-run": ""},
    "memeval eval --verify-against": {"--dry-run": ""},
}
"""The options that stand in for a page's own, by what a command has among its words."""
NOT_HERE = {
    "--preset word_match": "tests/test_extending.py installs and measures it",
    "--device cuda": "tests/e2e/test_runbook.py runs it on tiny models",
    "--preset memory/chroma": "tests/memories/peers/test_packages.py needs its packages",
    "--engine ray": "tests/matrix/test_ray.py runs cells on a cluster, where Ray is installed",
    "memeval report gpu": "tests/e2e/test_runbook.py runs it on tiny models",
    "memeval report 2026-11-23": "tests/reporting/test_committed.py writes it, and asks its gate",
    "memeval report RUN --gate": "tests/reporting/test_gate.py asks it of runs that have a study",
}
"""Why commands with a part are not run."""
FIRST = {
    "memeval report RUN --against EARLIER": "memeval eval --preset baselines/rag --run EARLIER",
    "memeval report RUN --items --preset memory/hei_nw --against-preset baselines/rag --wrong": (
        "memeval eval --preset memory/hei_nw --preset baselines/rag --suite episodic --run RUN"
    ),
}
"""What a reader has run before, where a page does not show it."""


def blocks(page: Path) -> Iterator[tuple[str, str]]:
    """Yield each block of a page, and the paragraph before it."""
    text = page.read_text("utf-8")
    for match in BLOCK.finditer(text):
        yield match[2], text[: match.start()].rstrip().rpartition("\n\n")[2]


def shown_files(page: Path) -> dict[str, str]:
    """Return the files of a page: blocks below a paragraph that names one and ends in a colon."""
    found = [
        (re.search(r"`([\w./]+\.\w+)`", before), before, text) for text, before in blocks(page)
    ]
    return {name[1]: text for name, before, text in found if name and before.endswith(":")}


def commands(page: Path, program: str = "memeval") -> list[str]:
    """Return a program's commands in a page's blocks, in their order."""
    lines = [line for text, _ in blocks(page) for line in text.splitlines()]
    return [line for line in lines if line.startswith(f"{program} ")]


def smaller(line: str) -> list[str]:
    """Return the words of a command with other options in place of those that cost time."""
    words = shlex.split(line, comments=True)
    asked = set(words)
    for kind, options in SMALLER.items():
        for option, value in options.items() if set(kind.split()) <= asked else ():
            words = [*without(words, option), option, *value.split()]
    return words[1:]


def without(words: list[str], option: str) -> list[str]:
    """Return words without an option, and without its value."""
    pairs = zip(["", *words[:-1]], words, strict=True)
    return [
        word
        for before, word in pairs
        if word != option and (before != option or word.startswith("--"))
    ]


@pytest.fixture
def place(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with what a reader has: an earlier run, studies, the files of the pages."""
    (workplace / "runs/2026-11-23").mkdir(parents=True)
    (workplace / "studies").symlink_to(ROOT / "studies")
    for page in PAGES:
        for name, content in shown_files(page).items():
            (workplace / name).parent.mkdir(parents=True, exist_ok=True)
            (workplace / name).write_text(content, "utf-8")
    shutil.copytree("trips", "path/to/folder")
    made_locomo(Path("path/to"))
    monkeypatch.setattr(load, "FAKE_MODEL", "")  # a report would leave its cells out
    return workplace


def run_all(memeval: Run, lines: list[str]) -> None:
    """Run commands, each of which must end well."""
    for line in lines:
        for one in filter(None, (FIRST.get(line), line)):
            done = memeval(*smaller(one))
            assert done.code == 0, f"{one}\n{done.out}{done.err}"


@pytest.mark.parametrize("page", [*filter(commands, PAGES)], ids=lambda page: page.name)
def test_the_commands_of_a_page_run(memeval: Run, place: Path, page: Path) -> None:
    """In their order, whatever the ones before have left."""
    run_all(
        memeval, [line for line in commands(page) if not any(part in line for part in NOT_HERE)]
    )


@pytest.mark.parametrize(
    "line",
    [
        "memeval eval --preset baselines/rag --no-such-option",
        "memeval eval --preset baselines/no_such_preset",
        "memeval eval --preset baselines/rag --suite no/such/folder",
        "memeval datasets import no_such_file.json",
    ],
)
def test_a_command_that_does_not_run_is_found(memeval: Run, place: Path, line: str) -> None:
    """An option, preset or file that is not there; the check above can fail."""
    with pytest.raises(AssertionError, match=re.escape(line)):
        run_all(memeval, [line])


def test_every_reason_is_one_of_a_command() -> None:
    """It goes with the command."""
    shown = [line for page in PAGES for line in commands(page)]
    assert [part for part in [*NOT_HERE, *FIRST] if not any(part in line for line in shown)] == []


def test_three_commands_lead_from_chats_to_a_report(memeval: Run, place: Path) -> None:
    """Those of the README; each but the last one prints the next."""
    import_, measure, report = [line for line in commands(ROOT / "README.md") if "chats" in line]
    assert memeval(*shlex.split(import_)[1:]).out.endswith(f"{measure}\n")
    assert report in memeval(*smaller(measure)).out
    memeval(*shlex.split(report)[1:])
    assert "memory/all" in (place / "reports/chats/index.md").read_text("utf-8")


def spans(page: Path) -> list[str]:
    """Return the commands in a page's prose."""
    prose = BLOCK.sub("", page.read_text("utf-8"))
    return [" ".join(code.split()) for code in re.findall(r"`(memeval [^`]+)`", prose)]


@pytest.mark.parametrize("page", [*filter(spans, PAGES)], ids=lambda page: page.name)
def test_commands_in_prose_have_their_options(page: Path) -> None:
    """What a sentence names is there, even where it stands for no whole command."""
    root: Any = typer.main.get_command(app)
    for line in spans(page):
        command, words = root, line.split()[1:]
        while words and words[0] in getattr(command, "commands", {}):
            command, words = command.commands[words[0]], words[1:]
        known = {name for one in command.params for name in (*one.opts, *one.secondary_opts)}
        asked = {word.partition("=")[0] for word in words if word.startswith("-")}
        assert asked <= {*known, "--help", "-h"}, line


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_sessions_and_extras_exist(page: Path) -> None:
    """`nox -s NAME` and `pip install 'NAME[EXTRA]'` name what the project has."""
    text = page.read_text("utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    sessions = re.findall(r"@nox\.session\ndef (\w+)", (ROOT / "noxfile.py").read_text("utf-8"))
    assert set(re.findall(r"nox -s (\w+)", text)) <= set(sessions)
    for installed in re.findall(r"pip install ([^`\n]*)", text):
        for extras in re.findall(r"\[([\w,]+)\]", installed):
            assert set(extras.split(",")) <= project["optional-dependencies"].keys()
        for file in re.findall(r"-c (\S+)", installed):
            assert (ROOT / file).is_file()


def test_the_usual_names_of_fields_are_told() -> None:
    """The table of docs/data.md has those that an import goes by."""
    text = (ROOT / "docs/data.md").read_text("utf-8").partition("| what | usual names |")[2]
    rows = re.findall(r"^\| `(\w+)` \| ([^|;]+)", text.partition("\n\n")[0], re.MULTILINE)
    assert {what: tuple(names.strip().split(", ")) for what, names in rows} == USUAL
