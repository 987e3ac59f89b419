"""Text from outside is parsed within bounds."""

from pathlib import Path

import pytest

from memeval.outside import SHOWN, UnreadableError, find_file, read_json, read_yaml, shown

LAUGHS = "\n".join(
    ["a0: &a0 [x, x]", *(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 40))]
)
STAIRS = "\n".join(
    ["a0: &a0 [x]", *(f"a{i}: &a{i} {'[' * 9}*a{i - 1}{']' * 9}" for i in range(1, 9))]
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("at: 2024-13-45", "month must be in 1..12"),
        ("at: 2024-01-01 00:00:00 +99:99", "offset must be"),
        ("at: !!timestamp x", "groupdict"),
        ("b: !!bool maybe", "maybe"),
        ('n: "\\0"', "NUL"),
        ("n: 0x_", "invalid literal for int"),
        ("n: !!int a", "invalid literal for int"),
        ("n: " + "9" * 5000, "5,000 digits"),
        ("[" * 5000, "too deeply"),
        ("{" * 5000, "too deeply"),
        ("a: &a [*a]", "too deeply"),
        ("[" * 60 + "]" * 60, "too deeply"),
        (STAIRS, "too deeply"),
        ("- a\n" * 20_000, "more than 10,000 values"),
        (f"n: {2**63}", "more than 63 bits"),
        ('n: "\\ud800"', "surrogates"),
        (LAUGHS, "aliases stand for more than"),
        ("a: 1\na: 2", "'a' twice"),
        ("b: {a: 1, a: 2}", "'a' twice"),
        ("a: [1", "line 1"),
        ("? [a]\n: 1", "unhashable"),
        ("a: !!python/object:os.system x", "could not determine a constructor"),
        ("x" * 2**21, "characters"),
    ],
    ids=lambda value: value[:20],
)
def test_yaml_that_cannot_be_read_is_one_error(text: str, said: str) -> None:
    """Whatever is wrong with it, the reader is told in one bounded line."""
    with pytest.raises(UnreadableError, match=said) as caught:
        read_yaml(text)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) <= 2 * SHOWN


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[" * 100_000, "too deeply"),
        ("[" * 51 + "]" * 51, "too deeply"),
        ('{"a": 1, "a": 2}', "'a' twice"),
        ('{"a": NaN}', "NaN"),
        ("9" * 5000, "5,000 digits"),
        ('{"a": 1e400}', "1e400"),
        ('{"a": -1e999}', "-1e999"),
        ("{" + ", ".join(f'"{i}": 0' for i in (*range(50_000), 49_999)) + "}", "'49999' twice"),
        ("{", "line 1"),
        (b"\xff", "utf-8"),
    ],
    ids=lambda value: str(value[:12]),
)
def test_json_that_cannot_be_read_is_one_error(text: str | bytes, said: str) -> None:
    """Depth, doubled keys and numbers that are none are refused like broken syntax."""
    with pytest.raises(UnreadableError, match=said):
        read_json(text)


def test_merged_keys_may_be_overridden() -> None:
    """An anchor that is used once or twice is plain YAML."""
    assert read_yaml("a: &a {x: 1, y: 2}\nb: {<<: *a, x: 3}")["b"] == {"x": 3, "y": 2}
    again = "a: &a {x: 1}\nb: {c: &c {<<: *a, x: 2}}\nd: {<<: *c}"
    assert read_yaml(again)["d"] == {"x": 2}


def nested(depth: int) -> list[object]:
    value: list[object] = []
    for _ in range(depth):
        value = [value, value]
    return value


@pytest.mark.parametrize(
    "value",
    ["x" * 10**6, 10**6000, nested(200), {"k": "v" * 500}, list(range(10**5))],
    ids=["text", "number", "nested", "table", "list"],
)
def test_a_value_is_shown_within_bounds(value: object) -> None:
    """A message shows the beginning of a value, however large it is."""
    assert len(shown(value)) <= SHOWN


def test_a_short_value_is_shown_whole() -> None:
    """What fits is shown as it is."""
    assert shown({"a": [1, "two"]}) == "{'a': [1, 'two']}"


def test_home_is_written_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`~` is the user's home, as in a shell; one that nobody has is a name like any other."""
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "mine.yaml").touch()
    assert find_file("~/mine.yaml") == tmp_path / "mine.yaml"
    assert find_file("~nobody-of-this-name/mine.yaml") is None


def test_what_can_be_no_path_is_no_file() -> None:
    """A name too long for any file system is a file that is not there."""
    assert find_file("x" * 10**5) is None


def test_json_of_the_depth_that_is_allowed() -> None:
    """Many tables beside one another are no depth."""
    assert read_json("[" * 50 + "]" * 50)
    assert read_json("[" + "{}, " * 100 + "[1]]")[-1] == [1]
