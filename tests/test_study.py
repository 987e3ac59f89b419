"""Studies: what a file may say, which cells it plans, and what a run keeps of it."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from memeval.cli.studying import keep, settled, study_cells
from memeval.errors import ConfigError
from memeval.study import (
    NAME,
    Request,
    Study,
    as_text,
    load_study,
    places,
    read_study,
    requests,
    study_names,
)

ENTRY = "{presets: [memory/hei_nw], suites: [episodic], sizes: [5], seeds: [1]}"


def made(text: str) -> Study:
    return Study.model_validate(yaml.safe_load(text))


def small() -> Study:
    """Return a study of two cells and an ablation of two variants, on the fake model."""
    return made(
        "{models: [scripted], suites: [episodic], sizes: [5], seeds: [1],"
        " measure: [{presets: [baselines/core, memory/hei_nw]}],"
        " ablate: [{presets: [memory/hei_nw], knobs: [dg.enabled]}]}"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("modles: [m]", "a key of study X must be a known name, got 'modles'; did you mean models"),
        (
            "{models: [m], measure: [{presets: [a], size: [5]}]}",
            "a key of measure 1 of study X must be a known name, got 'size'; did you mean sizes",
        ),
        (
            "{models: [m], measure: [{presets: [a], overrides: {}, sett: {}}]}",
            "a key of measure 1 of study X must be a known name, got 'sett'; did you mean set",
        ),
        (
            f"{{models: [m], measure: [{ENTRY}], gate: {{item_at: [5]}}}}",
            "a key of gate of study X must be a known name, got 'item_at'; did you mean items_at",
        ),
        (
            f"{{models: m, measure: [{ENTRY}]}}",
            "models of study X is invalid: input should be a valid list, got 'm'; mend it",
        ),
        (
            f"{{models: [m], seeds: [true], measure: [{ENTRY}]}}",
            "seeds 1 of study X is invalid: input should be a valid integer, got True; mend it",
        ),
        (
            "{models: [m], measure: [{presets: [a], suites: [s], sizes: [0]}]}",
            "measure 1 sizes 1 of study X is invalid: input should be greater than or equal to 1, "
            "got 0; mend it",
        ),
        (f"measure: [{ENTRY}]", "models of study X must be there, got none; add it"),
        (
            "models: [m]",
            "study X is invalid: it must measure or ablate something: name presets below one",
        ),
        (
            "{models: [m], measure: [{presets: [a], suites: [s], variant: a/b}]}",
            "measure 1 variant of study X is invalid: a variant's name must be at most 60 letters, "
            "digits, '.', '_' and '-', the first a letter or digit, got 'a/b'; mend it",
        ),
        (
            "{models: [m], ablate: [{presets: [a], sweep: {k: [1, [2]]}}]}",
            "ablate 1 sweep k of study X is invalid: the values of a sweep must be numbers, text, "
            "true or false, got [1, [2]]; mend it",
        ),
        (
            "{models: [m], ablate: [{presets: [a], sweep: {k: 8}}]}",
            "ablate 1 sweep k of study X is invalid: input should be a valid list, got 8; mend it",
        ),
        (
            "{models: [m], measure: [{presets: [a]}]}",
            "study X is invalid: all that it measures must have suites: name them in it or its",
        ),
        ("", "a study must be a YAML table, got None in X; mend it"),
        (
            "[1, 2",
            "a study must be YAML, got 'X' (expected ',' or ']', but got '<stream end>' in line 1",
        ),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    """The place in the file, the rule, what was got, and a near name where there is one."""
    path = tmp_path / "study.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=re.escape(said.replace("X", str(path)))) as refused:
        read_study(path)
    assert "\n" not in str(refused.value)


def test_an_unknown_preset_is_named_with_those_near(tmp_path: Path) -> None:
    """Loading checks every preset; a run's own study is read whether or not they are there."""
    path = tmp_path / "mine.yaml"
    path.write_text(f"{{models: [m], measure: [{ENTRY.replace('hei_nw', 'heinw')}]}}")
    with pytest.raises(ConfigError, match=r"got 'memory/heinw'; did you mean memory/hei_nw"):
        load_study(str(path))
    assert read_study(path).measure[0].presets == ("memory/heinw",)


@pytest.mark.parametrize("name", ["milestoen", "nowhere/milestone.yaml", "../studies/milestone"])
def test_an_unknown_study_is_refused(name: str) -> None:
    """A name is one that is shipped, and a path ends like one."""
    with pytest.raises(ConfigError, match="a study must be a known name, got"):
        load_study(name)


def test_studies_are_shipped_by_name() -> None:
    """The name alone loads what the path does."""
    [*names] = study_names()
    assert names
    assert all(load_study(name).models for name in names)


def test_an_entry_has_what_it_says_and_else_what_the_study_says() -> None:
    """But an ablation's suites are the memory's own, not the study's."""
    measured, changed, ablated = requests(
        made(
            "{models: [m], suites: [s], sizes: [5], seeds: [1], measure: [{presets: [a, a]},"
            " {presets: [b], models: [n], suites: [t], sizes: [6], seeds: [2], set: {k: 3}}],"
            " ablate: [{presets: [c], knobs: [x, [x, y]]}]}"
        )
    )
    assert measured == Request(("a",), ("m",), ("s",), (5,), (1,))
    assert changed == Request(("b",), ("n",), ("t",), (6,), (2,), {"k": 3})
    assert ablated == Request(("c",), ("m",), (), (5,), (1,), {}, (("x",), ("x", "y")), True)


def test_other_models_take_the_place_of_all() -> None:
    """Those of entries too."""
    study = made(f"{{models: [m], measure: [{ENTRY.replace('{', '{models: [n], ')}]}}")
    assert [request.models for request in requests(study.with_models(("o",)))] == [("o",)]


def test_a_study_is_written_as_it_is_read() -> None:
    """Every key survives, under the name that the file has for it."""
    study = made(
        "{models: [m], suites: [s], sizes: [5], seeds: [1], calibrated_on: [7],"
        " gate: {items_at: []}, measure: [{presets: [a], set: {k.on: false}, variant: no-k}],"
        " ablate: [{presets: [c], knobs: [x, [x, y]], sweep: {k: [1, 0.5, a, true]}}]}"
    )
    assert made(as_text(study)) == study


def test_places_are_those_of_the_planned_cells() -> None:
    """By preset, suite, size and seed, with what each cell's overrides will be."""
    study = made(
        "{models: [m], suites: [episodic, spatial], sizes: [5], seeds: [1, 2], measure: [{presets:"
        " [memory/hei_nw], set: {gate.bias: 0.5}, variant: open}], ablate: [{presets:"
        " [memory/smpd]}, {presets: [memory/hei_nw], sweep: {hopfield.beta: [8, 16]}}]}"
    )
    planned = {
        (c.preset.name, c.model, c.suite, c.size, c.seed, json.dumps(c.preset.overrides))
        for c in study_cells(study)
    }
    told = {
        (p.preset, p.model, p.suite, p.size, p.seed, json.dumps(dict(p.overrides)))
        for p in places(settled(study))
    }
    assert told == planned
    assert len(planned) == 18  # two suites and two seeds, then four variants, then three


def test_a_cell_named_twice_is_planned_once() -> None:
    """Entries may overlap as long as they agree."""
    study = made(f"{{models: [scripted], measure: [{ENTRY}, {ENTRY}]}}")
    assert len(study_cells(study)) == 1
    changed = ENTRY.replace("{", "{set: {gate.bias: 0.5}, ")
    study = made(f"{{models: [scripted], measure: [{ENTRY}, {changed}]}}")
    with pytest.raises(
        ConfigError, match=r"must be planned in one way, got memory/hei_nw episodic"
    ):
        study_cells(study)
    larger = changed.replace("sizes: [5]", "sizes: [8]")  # one name, if not one cell
    study = made(f"{{models: [scripted], measure: [{ENTRY}, {larger}]}}")
    with pytest.raises(ConfigError, match=r"and memory/hei_nw episodic 8 seed 1 with"):
        study_cells(study)


def test_what_an_entry_leaves_out_is_the_suites() -> None:
    """A suite without a size or seed has its default, and an ablation its second size."""
    study = made(
        "{models: [m], measure: [{presets: [memory/hei_nw], suites: [episodic]}],"
        " ablate: [{presets: [memory/smpd]}]}"
    )
    cells = {(c.suite, c.size, c.seed) for c in study_cells(study)}
    assert cells == {("episodic", 50, 1337), *(("spatial", 200, s) for s in (1337, 2025, 4242))}
    told = {(one.suite, one.size, one.seed) for one in places(settled(study))}
    assert told == cells


def test_a_settled_study_needs_no_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A preset's file becomes its name, a folder its session; what is settled stays as it is."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file.yaml").write_text("{name: mine, memory: none}")
    data = tmp_path / "talk"
    data.mkdir()
    (data / "events.jsonl").write_text('{"id": "e0", "text": "Ann is in Rome.", "time": 0}\n')
    item = {"id": "q0", "question": "Where is Ann?", "answers": ["Rome"],
            "gold_events": ["e0"], "slice": "all"}  # fmt: skip
    (data / "items.jsonl").write_text(json.dumps(item) + "\n")
    study = made(
        "{models: [m], sizes: [5], seeds: [1],"
        " measure: [{presets: [file.yaml], suites: [episodic, talk/]}]}"
    )
    done = settled(study)
    plain, own = done.measure
    assert plain.presets == own.presets == ("mine",)
    assert plain.suites == ("episodic",)
    assert own.suites[0].startswith("talk-")  # with a digest of where it lies
    assert (own.sizes, own.seeds) == ((1,), (0,))
    assert len(places(done)) == 2


def test_a_run_keeps_one_study(tmp_path: Path) -> None:
    """The same again, or of other models, is taken; another is refused and leaves what was."""
    keep(small(), tmp_path, force=False)
    keep(small().with_models(("other",)), tmp_path, force=False)
    assert read_study(tmp_path / NAME).models == ("scripted", "other")
    other = small().model_copy(update={"seeds": (2,)})
    with pytest.raises(ConfigError, match="a run must have one study, got another than the one in"):
        keep(other, tmp_path, force=False)
    assert {place.seed for place in places(read_study(tmp_path / NAME))} == {1}
    keep(other, tmp_path, force=True)
    assert read_study(tmp_path / NAME) == settled(other)


def test_a_study_is_run_and_its_gate_is_met(memeval: Callable[..., Any], workplace: Path) -> None:
    """Dry first, which writes nothing; then the ablations alone; then all; then a cell is lost."""
    (workplace / "mine.yaml").write_text(as_text(small()))
    options = ("--study", "mine.yaml", "--date", "t")
    planned = memeval("eval", *options, "--dry-run")
    assert planned.code == 0, planned.err
    assert "4 cells: 3 to run, 1 to reuse" in planned.out
    assert not (workplace / "runs/t").exists()
    assert memeval("ablate", *options).code == 0
    assert not (workplace / "runs/t/memory").exists()
    done = memeval("eval", *options).out
    assert "memory/hei_nw takes over what ablations/hei_nw/full has found" in done
    assert "1 cell was taken over, 2 were already done" in done
    cells = {path.parts[-5] for path in workplace.glob("runs/t/**/meta.json")}
    assert cells == {"core", "hei_nw", "full", "no_dg"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "must be said by --preset or by --study, got none; give one of them"),
        (("--study", "milestone", "--preset", "memory/all"), "--study, got both; give one of them"),
        (("--study", "milestone", "--suite", "episodic"), "got --suite beside --study; leave it"),
        (("--study", "milestone", "--size", "5", "--seed", "1"), "got --size, --seed beside"),
        (("--study", "milestone", "--set", "gate.bias=1"), "got --set beside --study"),
        (("--study", "milestone", "--reader", "text"), "got --set beside --study"),
        (("--study", "milestne"), "a study must be a known name, got 'milestne'; did you mean mil"),
    ],
)
@pytest.mark.parametrize("command", ["eval", "ablate"])
def test_a_study_leaves_room_for_models_alone(
    memeval: Callable[..., Any], command: str, options: tuple[str, ...], said: str
) -> None:
    """What is run is said once, by the study or by the options."""
    refused = memeval(command, *options)
    assert refused.code == 2
    assert refused.err.count("\n") == 1
    assert said in refused.err


def test_the_runbooks_example_is_a_study() -> None:
    """The block of YAML that it shows can be read as it stands."""
    page = Path(__file__).parents[1] / "docs/runbook.md"
    [block] = re.findall(r"```yaml\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    assert len(requests(made(block))) == 3
