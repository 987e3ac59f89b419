"""Several configurations of one preset in one run, each under a name of its own."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from memeval import load_results
from memeval.matrix.configurations import told
from memeval.reporting import changes, completeness, markdown, pages, verdict
from memeval.reporting.load import Found, load
from memeval.reporting.row import partner
from memeval.study import study_of

Run = Callable[..., Any]
TEXT = ("--reader", "text")
DIGEST = hashlib.sha256(b'{"reader.kind": "text"}').hexdigest()[:6]
PRESET = "memory/hei_nw"
CELL = "runs/t/{}/scripted/episodic/5_1/meta.json"


def evaluate(memeval: Run, *arguments: object, preset: str = PRESET, seed: int = 1) -> Any:
    return memeval("eval", "--preset", preset, "--suite", "episodic", "--size", "5", "--seed", seed,
                   "--model", "scripted", "--run", "t", *arguments)  # fmt: skip


def presets(workplace: Path) -> set[str]:
    """Return the names under which the run has cells."""
    found = (workplace / "runs/t").rglob("meta.json")
    return {"/".join(path.relative_to(workplace / "runs/t").parts[:-4]) for path in found}


def found(workplace: Path) -> Found:
    """Return what a report reads, the fake model's cells included."""
    return load(workplace / "runs/t", lambda _: True)


def test_a_variant_lies_beside_its_preset_and_says_what_it_is(
    memeval: Run, workplace: Path
) -> None:
    """The folder, the meta, the terminal, the report and the tables for analysis have its name."""
    evaluate(memeval)
    done = evaluate(memeval, *TEXT, "--variant", "text")
    assert done.code == 0, done.err
    assert presets(workplace) == {PRESET, f"{PRESET}@text"}
    meta = json.loads((workplace / CELL.format(f"{PRESET}@text")).read_text())
    assert (meta["preset"], meta["variant"]) == (f"{PRESET}@text", "text")
    assert json.loads((workplace / CELL.format(PRESET)).read_text())["variant"] == ""
    assert f"{PRESET}@text: reader.kind=text" in done.out
    page = markdown.render(pages.index(found(workplace), "t", {}))
    assert page.count("reader.kind=text") == 1  # told once, and no fault
    column = load_results(workplace / "runs/t").cells.column("preset").to_pylist()
    assert sorted(column) == [PRESET, f"{PRESET}@text"]


def test_what_collides_is_named_by_a_digest_and_found_again(memeval: Run, workplace: Path) -> None:
    """The plain name stays whose it was; the same command, and one of another seed, has its own."""
    evaluate(memeval)
    plain = (workplace / CELL.format(PRESET)).read_bytes()
    first = evaluate(memeval, *TEXT)
    [other] = presets(workplace) - {PRESET}
    assert other == f"{PRESET}@{DIGEST}"
    note = f"{PRESET} is there with no overrides, so this one is {other}; --variant NAME names it"
    assert note in " ".join(first.out.split())
    assert "1 cell was already done" in evaluate(memeval, *TEXT).out
    evaluate(memeval, *TEXT, seed=2)
    assert presets(workplace) == {PRESET, other}
    assert (workplace / CELL.format(PRESET)).read_bytes() == plain
    assert "1 cell was already done" in evaluate(memeval).out


def test_the_plain_name_is_whose_it_was_first(memeval: Run, workplace: Path) -> None:
    """Also where that one has changed something and the other one nothing."""
    evaluate(memeval, *TEXT)
    done = evaluate(memeval)
    assert "is there with reader.kind=text" in " ".join(done.out.split())
    assert presets(workplace) == {PRESET, f"{PRESET}@plain"}


def test_a_variant_that_is_something_else_is_refused(memeval: Run, workplace: Path) -> None:
    """On another seed too, and --force replaces it, but not a part of it."""
    evaluate(memeval, *TEXT, "--variant", "mine")
    other = ("--limit", "2", "--variant", "mine")
    refused = evaluate(memeval, *other, seed=2)
    assert refused.code == 2
    assert f"got limit=2 for {PRESET}@mine, which has reader.kind=text in" in refused.err
    assert refused.err.count("\n") == 1
    partly = evaluate(memeval, *other, "--force", seed=2)
    assert partly.code == 2
    assert "in cells that are not replaced; give a --variant, or another --run" in partly.err
    assert evaluate(memeval, *other, "--force").code == 0


def test_all_items_after_a_trial_of_some_are_called_whole(memeval: Run, workplace: Path) -> None:
    """A usual step, whose name should be one to read; it is found again."""
    evaluate(memeval, "--limit", "2")
    done = evaluate(memeval)
    assert f"is there with limit=2, so this one is {PRESET}@whole" in " ".join(done.out.split())
    assert presets(workplace) == {PRESET, f"{PRESET}@whole"}
    assert "1 cell was already done" in evaluate(memeval).out


def test_what_is_done_keeps_its_name_beside_others_of_that_name(
    memeval: Run, workplace: Path
) -> None:
    """As in a run of before, when one name could get two sets of overrides."""
    for arguments, seed in ((), 1), (TEXT, 2):
        evaluate(memeval, *arguments, seed=seed)
    other = workplace / CELL.format(f"{PRESET}@{DIGEST}").replace("5_1", "5_2")
    other.parent.rename(workplace / CELL.format(PRESET).replace("5_1/meta.json", "5_2"))
    for arguments, seed in ((), 1), (TEXT, 2):
        assert "1 cell was already done" in evaluate(memeval, *arguments, seed=seed).out


@pytest.mark.parametrize(
    ("changed", "beside", "said"),
    [
        ({"limit": 2, "k": 1}, {"limit": 2, "k": 3}, "k=1"),
        ({"limit": 2}, {"limit": 2, "k": 3}, "no k"),
        ({}, {"k": 3}, "no overrides"),
    ],
)
def test_of_overrides_only_what_differs_is_told(
    changed: dict[str, Any], beside: dict[str, Any], said: str
) -> None:
    """What both have is not why they need two names."""
    assert told(changed, beside=beside) == said


def test_a_digest_that_somebody_has_taken_for_a_name_is_refused(memeval: Run) -> None:
    """The cell of that name is not taken for this one's."""
    evaluate(memeval)
    evaluate(memeval, "--limit", "2", "--variant", DIGEST)
    refused = evaluate(memeval, *TEXT)
    assert (refused.code, "which has limit=2 in 'runs/t'" in refused.err) == (2, True)


@pytest.mark.parametrize("name", ["a/b", "..", "a@b", "n" * 61, " "])
def test_a_variant_has_a_name_that_a_folder_can_have(
    memeval: Run, workplace: Path, name: str
) -> None:
    """Nothing is written."""
    refused = evaluate(memeval, "--variant", name)
    assert refused.code == 2
    assert "a variant's name must be at most 60 letters" in refused.err
    assert not (workplace / "runs").exists()


@pytest.mark.parametrize("where", ["name", "file"])
def test_no_preset_is_called_like_a_variant(memeval: Run, workplace: Path, where: str) -> None:
    """The sign that parts the two stands in no preset's own name."""
    path = workplace / ("mine.yaml" if where == "name" else "mine@text.yaml")
    path.write_text("{name: mine@text, memory: bm25}" if where == "name" else "memory: bm25")
    refused = evaluate(memeval, preset=str(path))
    assert refused.code == 2
    assert "a preset's name must be made of letters, digits, '.', '_', '-' and '/'" in refused.err


def test_a_variant_of_the_floor_is_that_of_the_same_variants(memeval: Run, workplace: Path) -> None:
    """Its meta keeps the role, which the plain one has in the report: others are told over it."""
    for arguments in ((), (*TEXT, "--variant", "text")):
        evaluate(memeval, *arguments, preset="baselines/closed_book")
    rows = found(workplace).rows
    assert {row.preset: row.role for row in rows} == {
        "baselines/closed_book": "floor",
        "baselines/closed_book@text": "",
    }
    assert {row.cells[0].meta["role"] for row in rows} == {"floor"}
    for arguments in ((), (*TEXT, "--variant", "text"), ("--limit", "3", "--variant", "short")):
        evaluate(memeval, *arguments)
    rows = found(workplace).rows
    floors = {row.preset: partner(rows, row, "floor") for row in rows if row.is_memory}
    assert {name: floor and floor.preset for name, floor in floors.items()} == {
        PRESET: "baselines/closed_book",
        f"{PRESET}@text": "baselines/closed_book@text",
        f"{PRESET}@short": "baselines/closed_book",
    }


def test_a_variant_of_a_baseline_is_a_rival(memeval: Run, workplace: Path) -> None:
    """The best baseline may be one of them, but never one of the floor."""
    for preset in ("baselines/rag", "baselines/closed_book"):
        evaluate(memeval, *TEXT, "--variant", "text", preset=preset)
    evaluate(memeval)
    rows = {row.preset: row for row in found(workplace).rows}
    best = verdict.best_baseline(list(rows.values()), rows[PRESET])
    assert best is rows["baselines/rag@text"]


def test_an_ablation_of_a_variant_lies_apart(memeval: Run, workplace: Path) -> None:
    """All its variants have the suffix, whichever of them it collides with."""
    ablate = ("ablate", "--preset", PRESET, "--size", "5", "--seed", "1", "--model", "scripted",
              "--run", "t", "--knob", "dg.enabled")  # fmt: skip
    assert memeval(*ablate).code == 0
    assert f"memory/hei_nw@{DIGEST}: reader.kind=text" in memeval(*ablate, *TEXT).out
    assert memeval(*ablate, "--limit", "2", "--variant", "short").code == 0
    assert presets(workplace) == {
        f"ablations/hei_nw{suffix}/{name}"
        for suffix in ("", f"@{DIGEST}", "@short")
        for name in ("full", "no_dg")
    }


def test_a_repeated_variant_is_verified_against_its_own(memeval: Run) -> None:
    """A later run is compared with the folder of the same name."""
    variant = (*TEXT, "--variant", "text")
    evaluate(memeval, *variant)
    again = memeval("eval", "--preset", PRESET, "--suite", "episodic", "--size", "5", "--seed", "1",
                    "--model", "scripted", "--run", "u", *variant,
                    "--verify-against", "runs/t")  # fmt: skip
    assert (again.code, "1 of 1 cells repeat" in again.out) == (0, True)


def test_a_study_names_its_variants_and_the_gate_asks_for_them(
    memeval: Run, workplace: Path
) -> None:
    """One preset in two ways; the cells of the variant are missed when they are gone."""
    (workplace / "mine.yaml").write_text(
        "{models: [scripted], suites: [episodic], sizes: [5], seeds: [1], measure:"
        f" [{{presets: [{PRESET}]}},"
        f" {{presets: [{PRESET}], set: {{reader.kind: text}}, variant: text}}]}}"
    )
    assert memeval("eval", "--study", "mine.yaml", "--run", "t").code == 0
    assert presets(workplace) == {PRESET, f"{PRESET}@text"}
    refused = memeval("eval", "--study", "mine.yaml", "--variant", "x")
    assert (refused.code, "got --variant beside --study" in refused.err) == (2, True)
    study = study_of(workplace / "runs/t")
    assert study is not None

    def missing() -> list[str]:
        lines = completeness.missing(found(workplace), study, workplace / "data")
        return [line for line in lines if "seeds" in line]

    assert missing() == []
    (workplace / CELL.format(f"{PRESET}@text")).rename(workplace / "elsewhere")
    assert f"{PRESET}@text episodic 5: seeds 1 on scripted" in missing()


def test_a_study_takes_no_name_that_the_run_has_for_something_else(
    memeval: Run, workplace: Path
) -> None:
    """At another size, where no cell of the study lies; --force does not replace that one."""
    (workplace / "mine.yaml").write_text(
        "{models: [scripted], suites: [episodic], sizes: [8], seeds: [1], measure:"
        f" [{{presets: [{PRESET}]}}]}}"
    )
    evaluate(memeval, *TEXT)
    for force in ((), ("--force",)):
        refused = memeval("eval", "--study", "mine.yaml", "--run", "t", *force)
        assert refused.code == 2
        assert f"got no overrides for {PRESET}, which is there with reader.kind" in refused.err
        assert "; give its entry a variant: NAME, " in refused.err
    assert not (workplace / "runs/t/study.yaml").exists()


def test_variants_of_two_runs_are_compared_with_each_other(memeval: Run, workplace: Path) -> None:
    """By their names: what only one of the runs has is told so."""
    evaluate(memeval)
    then = found(workplace)
    evaluate(memeval, *TEXT, "--variant", "text")
    page = markdown.render(changes.changes_page(found(workplace), then, "now", "then"))
    only = page.partition("Only in now")[2]
    assert "hei_nw@" in only
    assert "hei_nw" not in page.partition("Only in then")[2]
