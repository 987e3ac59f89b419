"""What is missing or broken is seen, and never averaged."""

import json
from collections.abc import Callable
from pathlib import Path

import cells
import pyarrow.parquet as pq
import pytest

from memeval.reporting import faults, load, roles, tables
from memeval.results import ITEMS, META, METRICS


def test_an_old_schema_version_is_named(tmp_path: Path) -> None:
    """A cell of another format is not read as if it were of this one."""
    cells.write(tmp_path, "baselines/core", 3)
    cells.edit(cells.write(tmp_path, "memory/hei_nw", 6) / METRICS, format=0)
    [hole] = load.load_real(tmp_path).holes
    assert "metrics.json must have format 1 or 2, got 0" in hole.reason


def test_records_without_a_column_of_this_version_are_refused(tmp_path: Path) -> None:
    """pyarrow would fill the column with nulls, which would count as never abstained."""
    cells.write(tmp_path, "baselines/core", 3)
    path = cells.write(tmp_path, "memory/hei_nw", 6) / ITEMS
    pq.write_table(pq.read_table(path).drop_columns(["abstained"]), path)
    cells.seal(path.parent)
    [hole] = load.load_real(tmp_path).holes
    assert "got none named abstained" in hole.reason


def cut(folder: Path) -> None:
    """Take the last row away."""
    cells.put_rows(folder, pq.read_table(folder / ITEMS).to_pylist()[:-1])


def doubled(folder: Path) -> None:
    """Put the first row in the last one's place."""
    rows = pq.read_table(folder / ITEMS).to_pylist()
    cells.put_rows(folder, [*rows[:-1], rows[0]])


def moved(folder: Path) -> None:
    """Let the files say that they are of another seed than their folder."""
    cells.edit(folder / META, seed=2)


def infinite(folder: Path) -> None:
    """Put what is no number into the metrics."""
    (folder / METRICS).write_text('{"format": 2, "latency_ms_mean": NaN}')


def polished(folder: Path) -> None:
    """Say a better score than the items have."""
    cells.edit(folder / METRICS, scores={"exact_match": 1.0})


def mistyped(folder: Path) -> None:
    """Put text where a table belongs."""
    cells.edit(folder / META, git="abc")


def limited_by_a_word(folder: Path) -> None:
    """Say a limit that is no number."""
    cells.edit(folder / META, config={"limit": "ten"})


def headless(folder: Path) -> None:
    """Lose the file that makes a cell finished."""
    (folder / META).unlink()


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (cut, "must hold the 10 items of metrics.json, got 9"),
        (doubled, "must name each item once, got 1 twice"),
        (moved, "must lie where its meta.json says, in episodic/10_2, got episodic/10_1"),
        (infinite, "metrics.json cannot be read: it holds NaN, which is no number"),
        (polished, "got exact match 1.0 for 0.75; run the cell again"),
        (mistyped, "git: Input should be a valid dictionary"),
        (limited_by_a_word, "config.limit: Input should be a valid integer"),
        (headless, "must hold meta.json and metrics.json"),
    ],
)
def test_a_cell_that_does_not_add_up_is_refused_whole(
    tmp_path: Path, spoil: Callable[[Path], None], reason: str
) -> None:
    """The report shows the hole and the reason, and none of the cell's figures."""
    cells.write(tmp_path, "baselines/core", 3)
    spoil(cells.write(tmp_path, "memory/hei_nw", 6))
    found = load.load_real(tmp_path)
    assert [row.preset for row in found.rows] == ["baselines/core"]
    [hole] = found.holes
    assert reason in hole.reason


def test_an_ablation_without_a_variant_is_told_where_it_belongs(tmp_path: Path) -> None:
    """What lies in a variant's place is the model, so nobody knows what was switched off."""
    cells.write(tmp_path, "baselines/core", 3)
    cells.write(tmp_path / "ablations", "hei_nw", 6)
    [hole] = load.load_real(tmp_path).holes
    assert hole.reason == (
        "an ablation must lie in ablations/MEMORY/VARIANT/MODEL/SUITE/SIZE_SEED, "
        "got ablations/hei_nw/tiny/episodic/10_1; move it there or run it again"
    )


def test_a_missing_seed_is_named_and_the_gain_is_of_the_seeds_of_both(tmp_path: Path) -> None:
    """Rag lacks seed 2: the gain of 6 - 3 of 8 is that of seed 1, not of 1 and 2 against 1."""
    cells.write(tmp_path, "baselines/rag", 3, seed=1)
    cells.write(tmp_path, "memory/hei_nw", 6, seed=1)
    cells.write(tmp_path, "memory/hei_nw", 8, seed=2)
    found = load.load_real(tmp_path)
    rag, memory = found.rows
    comparison = memory.against(rag)
    assert comparison is not None
    assert comparison.difference.mean == pytest.approx(3 / 8)
    assert tables.seeds_of(found.rows, rag) == "1 of 2"
    assert " (seeds 1)" in tables.comparison_table(found.rows)[1][1][4]
    assert any("no seed 2" in hole.reason and "rag" in hole.folder for hole in told(found))


def test_other_items_on_one_seed_are_named_and_not_compared(tmp_path: Path) -> None:
    """Of three presets on a seed, the one that was asked something else is told apart."""
    for preset in ("baselines/core", "memory/hei_nw"):
        cells.write(tmp_path, preset, 3)
    cells.write(tmp_path, "memory/other", 5, session="another stream")
    found = load.load_real(tmp_path)
    core, _, other = found.rows
    assert other.against(core) is None
    [hole] = [hole for hole in told(found) if "its items or data" in hole.reason]
    assert hole.folder == "memory/other: episodic 10 on tiny"


def test_baselines_are_asked_for_at_the_size_that_is_told_of(tmp_path: Path) -> None:
    """A larger size of a memory and core alone is no gap: gains are told of the other one."""
    for preset in (*roles.presets_of(faults.NEEDED), "memory/hei_nw"):
        cells.write(tmp_path, preset, 3)
    for preset in ("baselines/core", "memory/hei_nw"):
        cells.write(tmp_path, preset, 3, session="another stream", size=20)
    assert told(load.load_real(tmp_path)) == []


def test_the_same_ids_of_other_data_are_not_compared(tmp_path: Path) -> None:
    """Items of the same name may be other questions: the dataset's hash decides."""
    for preset, digest in (("baselines/core", "aaa"), ("memory/hei_nw", "bbb")):
        cells.edit(cells.write(tmp_path, preset, 3) / META, dataset_sha256=digest)
    core, memory = load.load_real(tmp_path).rows
    assert memory.against(core) is None


def test_two_models_on_one_date_are_told_and_kept_apart(tmp_path: Path) -> None:
    """Each model has rows of its own, and the reader is told that there are two."""
    for model in ("tiny", "large"):
        cells.write(tmp_path, "baselines/core", 3, model=model)
    found = load.load_real(tmp_path)
    assert [row.model for row in found.rows] == ["large", "tiny"]
    assert faults.notes(found)[0].startswith("2 models: large, tiny.")


def test_what_was_measured_with_other_code_is_named(tmp_path: Path) -> None:
    """Of five cells three share a code: one of core's is of the rest, and all of a memory's."""
    for preset, seed, code in (
        ("baselines/core", 1, "new"),
        ("baselines/core", 2, "old"),
        ("memory/hei_nw", 1, "old"),
        ("memory/smpd", 1, "new"),
        ("memory/smpd", 2, "new"),
    ):
        cells.edit(cells.write(tmp_path, preset, 3, seed=seed) / META, code_hash=code)
    assert faults.notes(load.load_real(tmp_path)) == [
        "The cells were measured with 2 versions of memeval's code, which may be why they differ: "
        "3 cells with one, 2 cells with another (part of baselines/core 10, memory/hei_nw 10)."
    ]


def test_of_many_that_were_measured_otherwise_some_are_named(tmp_path: Path) -> None:
    """Eight of seventeen presets ran on another processor: six names and how many more."""
    for i in range(17):
        folder = cells.write(tmp_path, f"memory/m{i:02}", 3)
        cells.edit(folder / META, machine={"cpu": "Abacus" if i < 8 else "Other"})
    [told] = faults.notes(load.load_real(tmp_path))
    assert told.endswith(
        "8 cells with another ("
        + "".join(f"memory/m{i:02} 10, " for i in range(6)).removesuffix(", ")
        + " and 2 more)."
    )


def test_two_models_of_one_name_are_kept_apart(tmp_path: Path) -> None:
    """Weights that differ are two models, whatever they are called."""
    for seed, fingerprint in ((1, "aaaaaaaa"), (2, "bbbbbbbb")):
        folder = cells.write(tmp_path, "baselines/core", 3, seed=seed)
        cells.edit(folder / META, model={"name": "tiny", "fingerprint": fingerprint})
    assert [r.model for r in load.load_real(tmp_path).rows] == ["tiny (aaaaaa)", "tiny (bbbbbb)"]


@pytest.mark.parametrize(
    ("models", "told"),
    [
        # a cell of before knows its weights alone, as its fingerprint
        ([{"fingerprint": "aaaaaaaa"}, {"weights": "aaaaaaaa", "fingerprint": "1"}], ["tiny"]),
        (
            [{"weights": "aaaaaaaa", "fingerprint": f"{i}bbbbbb"} for i in (1, 2)],
            ["tiny (1bbbbb)", "tiny (2bbbbb)"],
        ),
        (
            [{"fingerprint": "aaaaaaaa"}, {"weights": "bbbbbbbb", "fingerprint": "1"}],
            ["tiny (aaaaaa)", "tiny (bbbbbb)"],
        ),
    ],
    ids=["another version", "other settings", "other weights"],
)
def test_a_model_is_known_by_its_weights_and_then_its_settings(
    tmp_path: Path, models: list[dict[str, str]], told: list[str]
) -> None:
    """A cell that a later version ran anew stands beside those of before; other settings do not."""
    for seed, model in enumerate(models):
        folder = cells.write(tmp_path, "baselines/core", 3, seed=seed)
        cells.edit(folder / META, model={"name": "tiny", **model})
    assert [row.model for row in load.load_real(tmp_path).rows] == told


def test_a_copy_of_a_cell_is_counted_once(tmp_path: Path) -> None:
    """A second folder that claims to be the same cell is left out and named."""
    cells.write(tmp_path, "baselines/core", 3)
    copy = cells.write(tmp_path / "copy", "baselines/core", 8)
    found = load.load_real(tmp_path)
    assert [len(row.cells) for row in found.rows] == [1]
    [hole] = found.holes
    assert hole.folder in {str(copy.relative_to(tmp_path)), "baselines/core/tiny/episodic/10_1"}
    assert "says that it is the same cell as" in hole.reason


def test_a_run_that_was_limited_or_turned_is_no_preset(tmp_path: Path) -> None:
    """Ten items of a cell, or a knob turned, are said beside the preset's name."""
    folder = cells.write(tmp_path, "memory/hei_nw", 6)
    cells.edit(folder / META, config={"limit": 4}, overrides={"gate.enabled": False, "limit": 4})
    reasons = [hole.reason for hole in told(load.load_real(tmp_path))]
    assert "only the first 4 items of each cell" in reasons
    assert "run with overrides, not as the preset says: gate.enabled=False" in reasons


def test_a_memory_without_baselines_is_told(tmp_path: Path) -> None:
    """A gain that cannot be given is no dash alone: the baselines that are missing are named."""
    cells.write(tmp_path, "memory/hei_nw", 6)
    [hole] = told(load.load_real(tmp_path))
    assert hole.folder.startswith("baselines/closed_book, baselines/core, baselines/dense or ")


def test_one_baseline_of_a_role_is_enough(tmp_path: Path) -> None:
    """A gain over retrieval can be told, whichever of those that retrieve has run."""
    for name in ("closed_book", "core", "rag", "longctx", "oracle"):
        cells.write(tmp_path, f"baselines/{name}", 3)
    cells.write(tmp_path, "memory/hei_nw", 6)
    assert told(load.load_real(tmp_path)) == []


def test_ablations_are_no_presets(tmp_path: Path) -> None:
    """A variant is read from its folder, and is no row of the comparison."""
    ablate(tmp_path, full=6, variants={"no_gate": 4})
    found = load.load_real(tmp_path)
    assert [row.preset for row in found.rows] == []
    assert [row.variant for row in found.ablations] == ["full", "no_gate"]


def test_what_many_cells_lack_is_said_once(tmp_path: Path) -> None:
    """Four of five cells with broken records are a count, three names and one reason."""
    for seed in range(1, 6):
        folder = cells.write(tmp_path, "memory/hei_nw", 6, seed=seed)
        if seed > 1:
            (folder / ITEMS).write_text("no table")
    (cells.write(tmp_path, "baselines/core", 3) / META).unlink()
    [broken, lost] = faults.by_reason(load.load_real(tmp_path).holes)
    assert broken.folder == "baselines/core/tiny/episodic/10_1"
    place = "memory/hei_nw/tiny/episodic/10_"
    assert lost.folder == f"4 in all: {place}2; {place}3; {place}4; and 1 more"
    assert "items.parquet is not as it was written; run the cell again" in lost.reason


def ablate(runs_dir: Path, *, full: int, variants: dict[str, int]) -> None:
    """Write an ablation of HEI-NW where `memeval ablate` would."""
    for variant, right in {"full": full, **variants}.items():
        root = runs_dir / "ablations" / "hei_nw" / variant
        folder = cells.write(root, "", right, config_hash=variant)
        cells.edit(folder / META, preset="memory/hei_nw")


def told(found: load.Found) -> list[load.Hole]:
    """Return what the report would list."""
    return faults.faults(found)


def on_data_without_gold(runs_dir: Path, *presets: str) -> load.Found:
    """Write cells of items none of which has gold events; the oracle is asked no such item."""
    for preset in presets:
        folder = cells.write(runs_dir, preset, 6, gold_events=[], lost=None)
        if preset == "baselines/oracle":
            cells.put_rows(folder, [])
            metrics = json.loads((folder / METRICS).read_text("utf-8"))
            metrics["scores"] = dict.fromkeys(metrics["scores"])
            asked_nothing = {"n": 0, "n_answerable": 0, "exact_match": None}
            (folder / METRICS).write_text(json.dumps(metrics | asked_nothing), "utf-8")
            cells.seal(folder)
    return load.load_real(runs_dir)


def test_without_gold_events_controls_are_not_asked_for(tmp_path: Path) -> None:
    """They have nothing to give there; the other baselines are."""
    found = on_data_without_gold(tmp_path, "memory/hei_nw", "baselines/closed_book")
    [hole] = told(found)
    assert hole.folder.startswith("baselines/dense or baselines/hybrid or baselines/rag or ")
    assert not any(name in hole.folder for name in roles.presets_of(faults.CONTROLS))


def test_a_control_on_data_without_gold_events_is_told_so(tmp_path: Path) -> None:
    """And of nothing else: no record of an oracle that was asked nothing is missing."""
    controls = ("baselines/core", "baselines/oracle")
    found = on_data_without_gold(tmp_path, "memory/hei_nw", *controls)
    assert not found.holes
    reasons = {hole.folder.partition(":")[0]: hole.reason for hole in told(found)[1:]}
    assert reasons == dict.fromkeys(controls, faults.WITHOUT_GOLD)


def test_with_gold_events_controls_are_told_nothing(tmp_path: Path) -> None:
    """One item that has some is enough."""
    for preset in ("memory/hei_nw", "baselines/core"):
        cells.write(tmp_path, preset, 6)
    [hole] = told(load.load_real(tmp_path))
    assert "baselines/oracle" in hole.folder
