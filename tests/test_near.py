"""What somebody meant who gave a name that is none."""

import pytest

from memeval.memories.kinds import memory_class
from memeval.memories.params import check_params
from memeval.near import near_names
from memeval.preset import load_preset, preset_names

PARAMETERS = {
    "gate.enabled": "",
    "gate.tau": "threshold of a write",
    "gate.top_tokens": "tokens that are averaged",
    "hopfield.enabled": "",
    "hopfield.beta": "inverse temperature",
    "recall.traces": "",
}


@pytest.mark.parametrize(
    ("got", "meant"),
    [
        ("gate.enable", ["gate.enabled"]),
        ("enable", ["gate.enabled", "hopfield.enabled"]),
        ("hopfield.betta", ["hopfield.beta"]),
        ("top_k", ["gate.top_tokens"]),
        ("trace", ["recall.traces"]),
        ("recal.traces", ["recall.traces"]),
        ("Gate-Enabled", ["gate.enabled"]),
        ("threshold", ["gate.tau"]),
        ("gate.threshold", ["gate.tau"]),
        ("temperature", ["hopfield.beta"]),
        ("something.else", []),
        ("cosine", []),
        ("", []),
        ("...", []),
    ],
)
def test_a_parameter_is_found_by_its_words(got: str, meant: list[str]) -> None:
    """By a word of it, its beginning or a misspelling, and by what it is said to be for."""
    assert near_names(got, PARAMETERS, PARAMETERS) == meant


def test_a_description_counts_only_where_there_is_one() -> None:
    """The same names without what they are for: nothing is guessed."""
    assert near_names("threshold", PARAMETERS) == []


@pytest.mark.parametrize("got", ["hei", "hei-nw", "HEI_NW", "hei_nw", "heinw", "memory/hei_mw"])
def test_a_preset_is_found_by_its_words(got: str) -> None:
    """In whatever case and with whatever stands between its words."""
    assert near_names(got, preset_names()) == ["memory/hei_nw"]


@pytest.mark.parametrize(
    ("got", "told"),
    [("hei", "did you mean memory/hei_nw?"), ("RAG", "did you mean baselines/rag?")],
)
def test_a_memory_that_has_a_preset_is_told_by_it(got: str, told: str) -> None:
    """Its own name would only be refused in turn."""
    with pytest.raises(Exception, match=r"a preset must be a known name") as raised:
        load_preset(got)
    assert str(raised.value).endswith(told)


def test_a_memorys_descriptions_are_looked_through() -> None:
    """`temperature` is what HEI-NW says of its beta."""
    with pytest.raises(Exception, match=r"got 'temperature'; did you mean hopfield\.beta\?"):
        check_params("hei_nw", memory_class("hei_nw"), {"temperature": 1})


@pytest.mark.parametrize(
    ("params", "told"),
    [
        ({"gates": {"enabled": False}}, r"got 'gates\.enabled'; did you mean gate\.enabled\?"),
        ({"gate": False}, r"got 'gate'; did you mean gate\.enabled\?"),
        ({"gate": "keep"}, r"got 'gate'; did you mean gate\.pin or gate\.\w+ or"),
    ],
)
def test_a_group_of_parameters_is_answered_by_one_of_them(
    params: dict[str, object], told: str
) -> None:
    """All that was given counts, and a switch's value is meant for a switch."""
    with pytest.raises(Exception, match=told):
        check_params("hei_nw", memory_class("hei_nw"), params)


def test_an_article_goes_with_its_name() -> None:
    """An encoder, a memory."""
    from memeval.errors import one

    assert [one("encoder"), one("memory")] == ["an encoder", "a memory"]


def test_a_long_name_takes_no_time() -> None:
    """Of what is not a name, the beginning is looked at."""
    from memeval.errors import unknown_name

    assert "did you mean" not in unknown_name("a preset", "x" * 10**6, preset_names())
