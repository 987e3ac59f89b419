"""`--set data.NAME=VALUE`: options of the data, on the command line and in studies."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import memeval
from memeval.cli.studying import settled, study_cells
from memeval.errors import ConfigError
from memeval.reopening import reopened
from memeval.results import cell_folders, read_cell
from memeval.study import load_study
from memeval.suites.choosing import dataset_named

Run = Callable[..., Any]
SUITE = """
from memeval import Event, InMemory, Item, Query, Session

class Town:
    prompt, primary = None, "exact_match"

    def dataset(self, *, size, seed, path, town="Bree", **options):
        assert not options
        session = Session(
            "s", (Event("e", f"Ann went to {town}.", 0),),
            (Item(Query("q", "Where did Ann go?", 1), (town,), ("e",), ("e",), "town"),),
        )
        return InMemory(f"town-{town}", (session,))
"""
STORY = {"1": {"story": ["A is above B."], "question": "Where is A to B?", "label": "above"}}


@pytest.fixture
def town(workplace: Path) -> str:
    """Return the name of a suite that takes an option."""
    (workplace / "towns.py").write_text(SUITE)
    return f"{workplace}/towns.py:Town"


def evaluate(memeval: Run, *words: str) -> Any:
    told = ("--preset", "baselines/oracle", "--model", "scripted", "--run", "t")
    return memeval("eval", *told, *words)


def suites_of(runs: Path) -> list[str]:
    return [json.loads(path.read_text())["suite"] for path in runs.rglob("meta.json")]


def test_an_option_of_the_data_reaches_the_suite(memeval: Run, town: str) -> None:
    """And no preset, which would refuse it."""
    done = evaluate(memeval, "--suite", town, "--set", "data.town=Rivendell")
    assert done.code == 0, done.err
    assert suites_of(Path("runs")) == ["town-Rivendell"]


def test_parts_are_judged_on_the_same_data(memeval: Run, town: str) -> None:
    """`ablate` takes it as `eval` does."""
    told = ("--preset", "memory/hei_nw", "--model", "scripted", "--knob", "gate.enabled")
    done = memeval("ablate", *told, "--suite", town, "--set", "data.town=Rivendell", "--dry-run")
    assert "town-Rivendell" in done.out, done.err


@pytest.mark.parametrize(
    ("suite", "option", "said"),
    [
        ("episodic", "town=Bree", "episodic takes no options, got town; leave them out"),
        ("./own", "town=Bree", "a folder of one's own takes no options, got town; leave"),
        ("episodic", "size=5", "an option of data must have a name of its own, got size; give"),
    ],
)
def test_what_takes_no_options_says_so(memeval: Run, suite: str, option: str, said: str) -> None:
    """Each in one sentence."""
    Path("own").mkdir()
    done = evaluate(memeval, "--suite", suite, "--set", f"data.{option}")
    assert (done.code, said in done.err) == (2, True), done.err


def test_a_study_says_them_for_an_entry(workplace: Path, town: str) -> None:
    """Below `data`; the study that a run keeps has the name of the data that they give."""
    entry = f"{{presets: [baselines/core], suites: ['{town}'], data: {{town: Rivendell}}}}"
    (workplace / "mine.yaml").write_text(f"{{models: [scripted], measure: [{entry}]}}")
    study = load_study("mine.yaml")
    assert [cell.suite for cell in study_cells(study)] == ["town-Rivendell"]
    assert settled(study).measure[0].suites == ("town-Rivendell",)


def test_a_study_of_a_suite_without_options_says_so(workplace: Path) -> None:
    """In the sentence that the command line has for it."""
    entry = "{presets: [baselines/core], suites: [episodic], data: {town: Bree}}"
    (workplace / "mine.yaml").write_text(f"{{models: [scripted], measure: [{entry}]}}")
    with pytest.raises(ConfigError, match="episodic takes no options, got town"):
        study_cells(load_study("mine.yaml"))


def test_a_finished_cell_tells_how_its_data_is_asked_for(
    memeval: Run, workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its path and its options, with which it is opened again wherever it was found."""
    folder = workplace / "benchmarks" / "stepgame"
    folder.mkdir(parents=True)
    (folder / "qa1_test.json").write_text(json.dumps(STORY))
    monkeypatch.setenv("MEMEVAL_BENCHMARKS_DIR", "benchmarks")
    assert evaluate(memeval, "--suite", "stepgame").code == 0
    monkeypatch.delenv("MEMEVAL_BENCHMARKS_DIR")
    [cell] = map(read_cell, cell_folders(Path("runs/t")))
    data = cell.meta["data"]
    assert (data["asked"], data["options"]) == (f"stepgame:{folder}", {})
    assert reopened(cell).retell is not None


def test_a_finished_cell_names_no_code_that_is_run(tmp_path: Path) -> None:
    """What a run of somebody else's says of its data may name a suite that is here, but no file."""
    from memeval.errors import DataError
    from memeval.results import StoredCell

    evil = tmp_path / "evil.py"
    evil.write_text("raise SystemExit")
    told = {"source": "gone", "asked": f"{evil}:Evil", "options": {}}
    meta = {"suite": "evil", "size": 1, "seed": 0, "data": told}
    with pytest.raises(DataError, match="data must lie where it was measured"):
        reopened(StoredCell(tmp_path, meta, {}))


def test_options_make_another_dataset(town: str) -> None:
    """Without one it is the suite's default."""
    assert dataset_named(town).suite == "town-Bree"
    assert dataset_named(town, town="Moria").suite == "town-Moria"


def test_options_are_named_in_python_too(town: str) -> None:
    """As `--set data.NAME=VALUE` names them."""
    [event] = memeval.open_dataset(town, town="Moria").sessions[0].events
    assert event.text == "Ann went to Moria."
