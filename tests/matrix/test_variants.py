"""Variants of a memory: one a knob, the declared groups, and what is refused."""

import re

import pytest

from memeval.errors import ConfigError
from memeval.matrix.cells import resolved_params
from memeval.matrix.variants import home_suites, variants
from memeval.naming import swept_name
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
    preset = load_preset("memory/hei_nw", {"gate.bias": 0.5})
    full, no_gate = variants(preset, [("gate.enabled",)])
    assert full.overrides == {"gate.bias": 0.5}
    assert no_gate.overrides == {"gate.bias": 0.5, "gate.enabled": False}
    assert no_gate.params == {"gate.bias": 0.5, "gate.enabled": False}


def test_a_memory_without_knobs_is_refused() -> None:
    """There is nothing to switch off; the message says how to tell what is."""
    with pytest.raises(ConfigError, match=r"must declare its knobs, got none of 'bm25'.*--knob"):
        variants(load_preset("baselines/rag"))


@pytest.mark.parametrize(
    ("knob", "told"),
    [
        ("gate.bias", r"got gate\.bias=-3\.1 of memory/hei_nw; .*--sweep gate\.bias="),
        ("gate", r"got 'gate'; did you mean gate\.enabled\?"),
        ("gate.enble", r"got 'gate\.enble'; did you mean gate\.enabled\?"),
        ("cosine", r"got 'cosine'; known: dg\.enabled, gate\.enabled, "),
    ],
)
def test_a_knob_that_is_no_switch_is_refused(knob: str, told: str) -> None:
    """A number can be swept instead; a table and a misspelt name are near a switch."""
    with pytest.raises(ConfigError, match=told):
        variants(load_preset("memory/hei_nw"), [(knob,)])


BETA = "hopfield.beta"


def test_a_sweep_gives_a_variant_for_each_value_beside_the_full_memory() -> None:
    """No knob goes off that was not asked for, and each parameter is on its own."""
    preset = load_preset("memory/hei_nw", {"gate.bias": 0.5})
    full, *swept = variants(preset, (), {BETA: (8, 16.5), "reader.traces": (2,)})
    assert full.name == "ablations/hei_nw/full"
    assert [variant.name.rpartition("/")[2] for variant in swept] == [
        "hopfield.beta-8", "hopfield.beta-16.5", "reader.traces-2",
    ]  # fmt: skip
    assert [variant.overrides for variant in swept] == [
        {"gate.bias": 0.5, BETA: 8}, {"gate.bias": 0.5, BETA: 16.5},
        {"gate.bias": 0.5, "reader.traces": 2},
    ]  # fmt: skip
    assert swept[2].reader.traces == 2
    assert resolved_params(swept[0])["hopfield"]["beta"] == 8
    both = variants(preset, [("dg.enabled",)], {BETA: (8,)})
    assert [v.name.rpartition("/")[2] for v in both] == ["full", "no_dg", "hopfield.beta-8"]


def test_a_memory_without_knobs_can_be_swept() -> None:
    """It declares nothing, and has parameters all the same."""
    assert len(variants(load_preset("baselines/rag"), (), {"k": (1, 2)})) == 3


@pytest.mark.parametrize(
    ("parameter", "value", "said"),
    [
        (BETA, "hot", "parameter hopfield.beta of hei_nw is invalid: .* got 'hot'"),
        (BETA, True, "parameter hopfield.beta of hei_nw is invalid: .* got True"),
        ("recall.traces", 1.5, "parameter recall.traces of hei_nw is invalid: .* got 1.5"),
        ("hopfield.bta", 8, "got 'hopfield.bta'; did you mean hopfield.beta"),
        (
            "reader.traces",
            "many",
            "reader.traces of preset memory/hei_nw is invalid: .* got 'many'",
        ),
        ("reader.trace", 1, "got 'reader.trace'; did you mean reader.traces"),
    ],
)
def test_a_value_that_its_parameter_does_not_take_is_refused(
    parameter: str, value: object, said: str
) -> None:
    """In the sentence in which --set refuses it."""
    with pytest.raises(ConfigError, match=said) as refused:
        variants(load_preset("memory/hei_nw"), (), {parameter: (value,)})
    assert "\n" not in str(refused.value)


def test_a_swept_value_is_named_as_it_is_where_a_folder_can_be_called_so() -> None:
    """Numbers of any sign, truth values and plain words."""
    told = {
        8: "8",
        -1: "-1",
        0.25: "0.25",
        1e-05: "1e-05",
        True: "true",
        None: "null",
        "a.b": "a.b",
    }
    assert {value: swept_name("k", value) for value in told} == {
        value: f"k-{text}" for value, text in told.items()
    }


def test_values_that_would_be_called_alike_are_told_apart() -> None:
    """By a digest: signs that no folder's name has, texts that read as numbers, and long ones."""
    values = [
        "a b",
        "a/b",
        "../b",
        "8",
        8,
        "true",
        True,
        "",
        "null",
        None,
        "x" * 300,
        "x" * 301,
        1e30,
    ]
    names = [swept_name("k", value) for value in values]
    assert len(set(names)) == len(values)
    assert all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,90}", name) for name in names)


def test_a_knob_that_is_already_off_is_refused() -> None:
    """The variant would be the full memory under another name."""
    with pytest.raises(ConfigError, match=r"got gate.enabled=False"):
        variants(load_preset("memory/hei_nw", {"gate.enabled": False}))
