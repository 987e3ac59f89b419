"""What a report knows of baselines: their presets say what they are."""

from pathlib import Path

import cells

from memeval.preset import load_preset, preset_names
from memeval.reporting import gains, load, roles
from memeval.results import META


def test_every_shipped_baseline_has_a_role_and_no_memory_has() -> None:
    """A baseline without one would stand among the memories."""
    for name in preset_names():
        role = load_preset(name).role
        assert role == roles.shipped().get(name, "")
        assert bool(role) == name.startswith("baselines/")


def test_what_a_user_must_give_something_for_is_not_proposed() -> None:
    """A report asks for what runs as it is."""
    proposed = roles.presets_of((roles.RETRIEVAL,))
    assert "baselines/hybrid" in proposed
    assert not any(load_preset(name).required for name in proposed)
    assert roles.shipped()["baselines/hybrid_rerank"] == roles.RETRIEVAL


def test_an_override_leaves_the_role_as_it_is() -> None:
    """A core read otherwise is still the core."""
    assert load_preset("baselines/core", {"reader.traces": 2}).role == roles.CORE


def test_a_preset_of_ones_own_can_be_the_core(tmp_path: Path) -> None:
    """Its role is in the cell's meta: gains are told over it, under its name."""
    path = cells.write(tmp_path, "own/mine", 2) / META
    cells.edit(path, role=roles.CORE)
    cells.write(tmp_path, "memory/x", 6)
    rows = load.load_real(tmp_path).rows
    assert [row.role for row in rows] == [roles.CORE, ""]
    header, [gain] = gains.every_table(rows)  # of the memory alone: a core is none
    assert gain[header.index("over mine [95 %]")].startswith("+0.50")


def test_one_of_two_configurations_of_the_core_is_not_the_core(tmp_path: Path) -> None:
    """Nobody can say which of them a memory's gain would be over."""
    cells.write(tmp_path / "a", "baselines/core", 2)
    cells.write(tmp_path / "b", "baselines/core", 4, config_hash="other")
    assert [row.role for row in load.load_real(tmp_path).rows] == ["", ""]
