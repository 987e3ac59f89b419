"""`memeval ablate` as a user meets it: folders, table, subset, and what eval makes of its cells."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., Any]
FILES = {"metrics.json", "metrics.csv", "meta.json", "items.parquet"}


def ablate(memeval: Run, *arguments: object) -> Any:
    return memeval("ablate", "--preset", "memory/hei_nw", "--model", "scripted", "--date", "t",
                   "--size", "20", *arguments)  # fmt: skip


def test_every_variant_has_the_same_four_files(memeval: Run, workplace: Path) -> None:
    """runs/RUN/ablations/MEMORY/VARIANT/MODEL/SUITE/SIZE_SEED, for each of three seeds."""
    done = ablate(memeval)
    assert done.code == 0, done.err
    root = workplace / "runs/t/ablations/hei_nw"
    assert sorted(p.name for p in root.iterdir()) == [
        "full", "no_dg", "no_gate", "no_gate-hopfield", "no_hopfield", "no_replay",
    ]  # fmt: skip
    for variant in root.iterdir():
        cells = sorted((variant / "scripted/episodic").iterdir())
        assert [cell.name for cell in cells] == ["20_1337", "20_2025", "20_4242"]
        assert all({path.name for path in cell.iterdir()} == FILES for cell in cells)


def test_meta_says_what_was_switched_off(memeval: Run, workplace: Path) -> None:
    """The variant's parameters are resolved, and its knobs stand among the overrides."""
    ablate(memeval, "--seed", "1")
    path = "runs/t/ablations/hei_nw/no_gate-hopfield/scripted/episodic/20_1/meta.json"
    meta = json.loads((workplace / path).read_text())
    assert meta["overrides"] == {"gate.enabled": False, "hopfield.enabled": False}
    assert meta["config"]["params"]["gate"]["enabled"] is False
    assert meta["config"]["params"]["dg"]["enabled"] is True


def test_a_knob_of_ones_choice_is_ablated_alone(memeval: Run, workplace: Path) -> None:
    """--knob names parameters; joined by a comma they go off together."""
    done = ablate(memeval, "--seed", "1", "--knob", "dg.enabled,replay.enabled")
    assert done.code == 0, done.err
    names = {path.name for path in (workplace / "runs/t/ablations/hei_nw").iterdir()}
    assert names == {"full", "no_dg-replay"}


def test_an_ablation_is_not_run_twice(memeval: Run) -> None:
    """All its cells are found done."""
    ablate(memeval, "--seed", "1")
    assert "6 cells were already done" in ablate(memeval, "--seed", "1").out


def test_the_full_memory_is_not_measured_where_the_run_has_it(
    memeval: Run, workplace: Path
) -> None:
    """A dry run says whose it is, the cell names it, and eval takes it from an ablation as well."""
    cell = ("--size", "20", "--seed", "1", "--model", "scripted", "--run", "t")
    evaluate = ("eval", "--preset", "memory/hei_nw", "--suite", "episodic", *cell)
    memeval(*evaluate)
    planned = ablate(memeval, "--seed", "1", "--dry-run")
    assert "6 cells: 5 to run, 1 to reuse, 0 done" in planned.out
    assert "reuse: memory/hei_nw has it" in " ".join(planned.out.split())
    assert ": 5 by other presets" in " ".join(planned.out.split())  # the sixth costs nothing
    done = ablate(memeval, "--seed", "1", "--knob", "dg.enabled")
    assert done.code == 0, done.err
    assert "ablations/hei_nw/full takes over what memory/hei_nw has found" in done.out
    assert "\n1 cell was taken over; --force measures it\n" in done.out
    swept = ablate(memeval, "--seed", "1", "--sweep", "hopfield.beta=32", "--workers", "2")
    both = "1 cell was taken over, 1 was already done; --force measures them all"
    assert both in swept.out  # a worker tells it as well
    full = "ablations/hei_nw/full/scripted/episodic/20_1/meta.json"
    assert json.loads((workplace / "runs/t" / full).read_text())["reused_from"] == "memory/hei_nw"
    (workplace / "runs/t/memory").rename(workplace / "elsewhere")
    assert "memory/hei_nw takes over what ablations/hei_nw/full" in memeval(*evaluate).out


def test_a_dry_run_shows_the_variants(memeval: Run, workplace: Path) -> None:
    """Every cell is listed and nothing is written."""
    done = ablate(memeval, "--dry-run")
    assert "18 cells: 18 to run, 0 done" in done.out
    assert list(workplace.iterdir()) == []


def test_variants_stay_out_of_evals_table(memeval: Run) -> None:
    """The table of presets compares presets."""
    ablate(memeval, "--seed", "1")
    done = memeval("eval", "--preset", "baselines/core", "--model", "scripted", "--date", "t",
                   "--suite", "episodic", "--size", "20", "--seed", "1")  # fmt: skip
    assert "core" in done.out
    assert "no_gate" not in done.out
    assert "full" not in done.out.split("results in")[0].replace("full context", "")


def test_a_sweep_measures_each_value_once(memeval: Run, workplace: Path) -> None:
    """Beside the full memory alone, whose own value is taken over and said as such."""
    sweep = ("--seed", "1", "--sweep", "hopfield.beta=8,16,32", "--limit", "5")
    assert "4 cells: 3 to run, 1 to reuse" in ablate(memeval, *sweep, "--dry-run").out
    done = ablate(memeval, *sweep)
    assert done.code == 0, done.err
    root = workplace / "runs/t/ablations/hei_nw"
    assert {path.name for path in root.iterdir()} == {
        "full", "hopfield.beta-8", "hopfield.beta-16", "hopfield.beta-32",
    }  # fmt: skip
    [line] = [line for line in done.out.splitlines() if "hopfield.beta=32" in line]
    assert "as in full" in line
    meta = root / "hopfield.beta-32/scripted/episodic/20_1/meta.json"
    assert json.loads(meta.read_text())["reused_from"] == "ablations/hei_nw/full"
    assert "4 cells were already done" in ablate(memeval, *sweep).out


def test_a_bad_sweep_exits_2(memeval: Run, workplace: Path) -> None:
    """One sentence, and nothing is written."""
    for bad in ("hopfield.beta=hot", "hopfield.beta", "reader.traces=0.5"):
        refused = ablate(memeval, "--sweep", bad)
        assert (refused.code, refused.err.count("\n")) == (2, 1), bad
    assert list(workplace.iterdir()) == []


def test_a_preset_without_knobs_exits_2(memeval: Run) -> None:
    """One sentence that says the next step."""
    done = memeval("ablate", "--preset", "baselines/rag", "--model", "scripted")
    assert done.code == 2
    assert "must declare its knobs" in done.err


def test_two_presets_that_end_alike_are_not_ablated_in_one_folder(
    memeval: Run, workplace: Path
) -> None:
    """The second would take the place of the first, without a word."""
    (workplace / "mine.yaml").write_text("{name: mine/hei_nw, memory: hei_nw}")
    done = ablate(memeval, "--preset", "mine.yaml", "--dry-run")
    assert done.code == 2
    assert "name of its own, got 'ablations/hei_nw/full' twice" in done.err


def test_the_folder_of_an_ablation_is_one_presets(memeval: Run, workplace: Path) -> None:
    """Two commands are told apart as well, by what the cells say; a variant has room."""
    (workplace / "mine.yaml").write_text("{name: mine/hei_nw, memory: hei_nw}")
    options = ("--model", "scripted", "--run", "t", "--suite", "episodic", "--size", "5",
               "--seed", "1")  # fmt: skip
    theirs = ("ablate", "--preset", "memory/hei_nw", "--knob", "dg.enabled", *options)
    ours = ("ablate", "--preset", "mine.yaml", "--knob", "replay.enabled", *options)
    assert memeval(*theirs).code == 0
    meta = workplace / "runs/t/ablations/hei_nw/full/scripted/episodic/5_1/meta.json"
    assert json.loads(meta.read_text())["ablated"] == "memory/hei_nw"
    for force in ((), ("--force",)):
        refused = memeval(*ours, *force)
        assert refused.code == 2
        assert "got that of mine/hei_nw where 'runs/t/ablations/hei_nw' has that of" in refused.err
    assert memeval(*theirs).code == 0
    assert memeval(*ours, "--variant", "mine", "--dry-run").code == 0
    (workplace / "other.yaml").write_text("{name: other/hei_nw, memory: smpd}")
    told = json.loads(meta.read_text())
    meta.write_text(json.dumps({key: told[key] for key in told if key != "ablated"}))
    meta.parents[4].joinpath("no_dg").rename(workplace / "elsewhere")
    refused = memeval("ablate", "--preset", "other.yaml", *options)  # by the memory, as of before
    assert (refused.code, "has that of hei_nw; rename" in refused.err) == (2, True)
