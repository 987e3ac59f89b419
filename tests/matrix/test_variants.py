"""Variants of a memory: one a knob, the declared groups, and what is refused."""

import pytest

from memeval.errors import ConfigError
from memeval.matrix.cells import resolved_params
from memeval.matrix.variants import home_suites, variants
from memeval.preset import Preset, load_preset

MEMORIES = ("hei_nw", "sgc_rss", "smpd")


def names(preset: Preset) -> list[str]:
    return [variant.name.rpartition("/")[2] for variant in variants(preset)]


def test_the_episodic_memory_declares_the_runbooks_knobs() -> None:
    """Four knobs one at a time, then gate and Hopfield together."""
    assert names(load_preset("memory/hei_nw")) == [
        "full",
        "no_gate",
        "no_hopfield",
        "no_dg",
        "no_replay",
        "no_gate-hopfield",
    ]


@pytest.mark.parametrize("memory", MEMORIES)
def test_a_variant_differs_from_the_full_memory_in_its_knob_alone(memory: str) -> None:
    """Each declared knob turns exactly one parameter from true to false."""
    full, *others = map(resolved_params, variants(load_preset(f"memory/{memory}")))
    for other in others[:3]:
        differing = [
            (table, key)
            for table in full
            for key in full[table]
            if full[table][key] != other[table][key]
        ]
        assert len(differing) == 1
        [(table, key)] = differing
        assert (full[table][key], other[table][key]) == (True, False)


@pytest.mark.parametrize(
    ("memory", "suite"), [("hei_nw", "episodic"), ("sgc_rss", "semantic"), ("smpd", "spatial")]
)
def test_every_memory_names_its_own_suite(memory: str, suite: str) -> None:
    """An ablation is run where the memory's parts should matter."""
    assert home_suites(load_preset(f"memory/{memory}")) == [suite]


def test_parameters_of_the_command_line_hold_for_all_variants() -> None:
    """The full memory has them too, and each variant is told from it by its overrides."""
    preset = load_preset("memory/hei_nw", {"gate.tau": 0.5})
    full, no_gate = variants(preset, [("gate.enabled",)])
    assert full.overrides == {"gate.tau": 0.5}
    assert no_gate.overrides == {"gate.tau": 0.5, "gate.enabled": False}
    assert no_gate.params == {"gate.tau": 0.5, "gate.enabled": False}


def test_a_memory_without_knobs_is_refused() -> None:
    """There is nothing to switch off; the message says how to tell what is."""
    with pytest.raises(ConfigError, match=r"must declare its knobs, got none of 'bm25'.*--knob"):
        variants(load_preset("baselines/rag"))


@pytest.mark.parametrize("knob", ["gate.tau", "gate", "gate.enabeld"])
def test_a_knob_that_is_no_switch_is_refused(knob: str) -> None:
    """A number, a table and a misspelt name cannot be switched off."""
    with pytest.raises(ConfigError, match=f"true in the full memory, got {knob}="):
        variants(load_preset("memory/hei_nw"), [(knob,)])


def test_a_knob_that_is_already_off_is_refused() -> None:
    """The variant would be the full memory under another name."""
    with pytest.raises(ConfigError, match=r"got gate.enabled=False"):
        variants(load_preset("memory/hei_nw", {"gate.enabled": False}))
