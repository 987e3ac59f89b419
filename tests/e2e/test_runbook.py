"""The runbook's commands: the cells of its study, and the study on tiny models for a GPU."""

import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

from memeval.cli.studying import settled, study_cells
from memeval.matrix import cell_folder
from memeval.reporting.load import load_real
from memeval.results import cell_folders
from memeval.study import Measure, Study, as_text, load_study, places, read_study

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "runbook.md"
RUN = ROOT / "runs" / "2026-11-23"
STUDY = str(ROOT / "studies" / "milestone.yaml")
ARCHITECTURES = {
    "meta-llama/Llama-3.2-3B": "llama",
    "microsoft/Phi-3-mini-4k-instruct": "phi3",
    "Qwen/Qwen2-1.5B": "qwen2",
}


def test_the_study_plans_the_committed_cells() -> None:
    """Each of the 267 folders of the run is a cell of the study, and none other is."""
    cells = study_cells(load_study(STUDY))
    assert len(cells) == 267
    assert {cell_folder(RUN, cell) for cell in cells} == set(cell_folders(RUN))


def test_the_run_holds_the_study_spelled_out() -> None:
    """What was committed is what `eval --study` writes, and its places are the cells' own."""
    study = load_study(STUDY)
    assert (RUN / "study.yaml").read_text("utf-8") == as_text(settled(study))
    told = {(p.preset, p.suite, p.size, p.seed) for p in places(read_study(RUN / "study.yaml"))}
    cells = [cell.meta for cell in load_real(RUN).cells]
    assert told == {(m["preset"], m["suite"], m["size"], m["seed"]) for m in cells}


def commands() -> list[list[str]]:
    """Return the words of each command of the section on GPUs."""
    section = PAGE.read_text("utf-8").partition("## On a GPU")[2]
    [block] = re.findall(r"```bash\n(.*?)```", section, re.DOTALL)
    return [shlex.split(line)[1:] for line in block.splitlines()]


def small(study: Study) -> Study:
    """Return a study with one suite, two questions and one seed in place of all of them.

    What an entry or a memory says of its own suites stays, so that each suite is measured.
    """

    def smaller(entry: Measure) -> Measure:
        return entry.model_copy(update={"sizes": (2,) if entry.sizes else (), "seeds": ()})

    entries = {
        "measure": tuple(map(smaller, study.measure)),
        "ablate": tuple(map(smaller, study.ablate)),
    }
    return study.model_copy(
        update={"suites": study.suites[:1], "sizes": (2,), "seeds": (7,), **entries}
    )


def test_the_commands_for_a_gpu_run(
    memeval: Callable[..., Any], workplace: Path, tiny_folder: Callable[[str], Path]
) -> None:
    """Every cell of every model is measured, and the gate is met."""
    path = workplace / "small.yaml"
    path.write_text(as_text(small(load_study(STUDY))))
    changed = {
        **{name: str(tiny_folder(kind)) for name, kind in ARCHITECTURES.items()},
        "studies/milestone.yaml": str(path),
        "cuda": "cpu",
    }
    for words in commands():
        done = memeval(*(changed.get(word, word) for word in words))
        assert done.code == 0, done.err + done.out
    assert (workplace / "reports/gpu/index.md").is_file()
    models = {
        path.parents[2].name for path in workplace.glob("runs/gpu/memory/all/*/*/*/meta.json")
    }
    assert len(models) == len(ARCHITECTURES)


def test_the_page_names_the_models_that_the_test_replaces() -> None:
    """No command above would reach for the Hub."""
    words = {word for line in commands() for word in line}
    assert set(ARCHITECTURES) | {"studies/milestone.yaml", "cuda"} <= words
