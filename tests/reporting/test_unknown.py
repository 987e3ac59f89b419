"""What a report says that its numbers leave open."""

from pathlib import Path

import cells
from test_report_summary import ablate, change, write

from memeval.reporting import load, plots, unknown
from memeval.reporting.ablations import ablations
from memeval.results import META
from memeval.study import NAME


def study(root: Path, *, calibrated_on: str = "[7, 11]") -> None:
    """Write the study of a run that measures two memories."""
    (root / NAME).write_text(
        f"{{models: [tiny], calibrated_on: {calibrated_on}, measure: "
        "[{presets: [memory/hei_nw, memory/smpd], suites: [episodic]}]}"
    )


def test_what_is_not_known_is_told(tmp_path: Path) -> None:
    """One model, few seeds, generators known before, where a growing store leads, and times."""
    for size, right in ((20, 4), (10, 8)):
        write(tmp_path, "memory/hei_nw", right, size=size)
        write(tmp_path, "memory/smpd", 4, size=size)
    study(tmp_path)
    found = load.load_real(tmp_path)
    told = unknown.unknown(found, found.rows)
    assert [sentence.partition(":")[0] for sentence in told] == [
        "Whether it holds for another model",
        "Whether it holds for text that people wrote",
        "How much results differ from stream to stream",
        "Whether it holds for events of another kind",
        "How memory/hei_nw goes on beyond 20 items",
        "How well the times repeat",
    ]
    assert told[4].endswith(
        "on episodic with tiny it had 1.00 [0.76, 1.00] at 10 and 0.50 [0.23, 0.77] at 20."
    )


def test_a_fall_between_configurations_is_none_over_size(tmp_path: Path) -> None:
    """What was run at 20 items had other parameters, and was not run at 10."""
    for size, right, config in ((20, 4, "one"), (10, 8, "another")):
        cells.write(tmp_path, "memory/hei_nw", right, size=size, config_hash=config)
    found = load.load_real(tmp_path)
    assert not [told for told in unknown.unknown(found, found.rows) if "goes on beyond" in told]
    assert not plots._growing(found.rows)  # there is no such picture


def test_only_undecided_parts_are_told_with_what_would_be_missed(tmp_path: Path) -> None:
    """Without the code all is lost, a finding; without replay 1 of 8 on both seeds, which is none.

    Without the gate no score differs, from which nothing is known of how small is small.
    """
    ablate(tmp_path, full=8, dg=0, replay=7, gate=8)
    found = load.load_real(tmp_path)
    gate, replay = [one for one in unknown.unknown(found, []) if " of memory/hei_nw is" in one]
    [ablation] = ablations(found.ablations)
    [compared] = [one for one in ablation.compared() if one.parts_off == ("replay.enabled",)]
    assert compared.comparison is not None
    assert gate == (
        "Whether gate.enabled of memory/hei_nw is worth anything in exact match "
        "(episodic 10 on tiny): no question was judged otherwise without it."
    )
    assert replay == (
        "Whether replay.enabled of memory/hei_nw is worth less than "
        f"{compared.comparison.detectable:.3f} of exact match either way (episodic 10 on tiny): "
        "a smaller difference would be missed in more than one of five such ablations."
    )


def test_the_machine_is_told_where_there_was_but_one(tmp_path: Path) -> None:
    """Of two kinds of processor nothing is said here: the report notes it beside the times."""
    write(tmp_path, "memory/hei_nw", 6)
    machine = {"cpu": "Abacus", "cores": 2}
    for path in tmp_path.rglob(META):
        change(path, machine=machine, model={"name": "tiny", "device": "cpu"})
    found = load.load_real(tmp_path)
    told = unknown.unknown(found, found.rows)
    start = "What it costs on other machines: all was measured on one kind, Abacus with 2 cores."
    assert start in told
    assert "What it costs on a GPU: nothing was measured on one." in told
    change(path, machine=machine | {"cpu": "Other"}, model={"name": "tiny", "device": "cuda"})
    found = load.load_real(tmp_path)
    assert not any("What it costs" in one for one in unknown.unknown(found, found.rows))


def test_memories_measured_on_their_calibration_seeds_are_told(tmp_path: Path) -> None:
    """Seed 7 is one that the study names; a memory that is not of the study had no part."""
    for name, preset in (("theirs", "memory/mine"), ("ours", "memory/hei_nw")):
        cells.write(tmp_path / name, preset, 6, seed=7)
        study(tmp_path / name)
    theirs, ours = (load.load_real(tmp_path / name) for name in ("theirs", "ours"))
    assert not any("same generators" in one for one in unknown.unknown(theirs, theirs.rows))
    [told] = [one for one in unknown.unknown(ours, ours.rows) if "same generators" in one]
    assert told.endswith("the same generators, of seeds that are among those measured.")


def test_nothing_is_said_of_where_memories_were_developed_unless_the_study_tells(
    tmp_path: Path,
) -> None:
    """Neither without a study nor with one that names no seeds; other seeds are told as such."""
    cells.write(tmp_path, "memory/hei_nw", 6, seed=7)

    def told() -> list[str]:
        found = load.load_real(tmp_path)
        return [one for one in unknown.unknown(found, found.rows) if "same generators" in one]

    assert told() == []
    study(tmp_path, calibrated_on="[]")
    assert told() == []
    study(tmp_path, calibrated_on="[8]")
    [line] = told()
    assert line.endswith(", of other seeds.")


def test_data_of_ones_own_is_not_called_generated(tmp_path: Path) -> None:
    """Only data that a suite made is of templates."""
    path = cells.write(tmp_path, "memory/hei_nw", 6)
    change(path / META, data_folder="/mine")
    found = load.load_real(tmp_path)
    assert not any("templates" in one for one in unknown.unknown(found, found.rows))
