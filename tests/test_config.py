"""Presets by name and by path, overrides from the command line, and names that stay in a folder."""

from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from memeval import preset as presets
from memeval.config import ReaderOptions, Settings, run_folder
from memeval.errors import ConfigError
from memeval.memories.kinds import memory_class
from memeval.memories.params import check_params, nested
from memeval.preset import (
    Preset,
    load_preset,
    parse_overrides,
    parse_sweeps,
    preset_names,
    presets_dir,
)
from memeval.registry import MEMORIES

NAMES = preset_names()


@pytest.fixture
def preset_file(tmp_path: Path) -> Path:
    """Return the file of a preset that is not shipped."""
    path = tmp_path / "mine.yaml"
    path.write_text("memory: bm25\nparams: {k: 3}\nreader: {traces: 2, order: best_first}\n")
    return path


def test_preset_by_name() -> None:
    """A shipped preset is found by its name, and carries it."""
    preset = load_preset("baselines/rag")
    assert preset == Preset(
        name="baselines/rag",
        memory="bm25",
        reader=ReaderOptions(traces=1),
        role="retrieval",
    )


def test_an_installed_memory_is_a_preset_of_its_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    """A memory needs no file: its name stands for it as it is, and may be overridden."""
    monkeypatch.setattr(presets, "MEMORIES", Mock(names=lambda: ["mine"]))
    assert load_preset("mine") == Preset(name="mine", memory="mine")
    assert load_preset("mine", {"k": 2}).params == {"k": 2}


def test_a_class_in_a_file_is_a_preset_of_its_defaults() -> None:
    """So is one that is not installed; the class gives the name."""
    assert load_preset("mine.py:Mine") == Preset(name="Mine", memory="mine.py:Mine")


def test_a_memory_that_has_a_preset_is_named_by_it() -> None:
    """Its results would lie elsewhere, and without the preset's role."""
    with pytest.raises(ConfigError, match=r"got 'bm25'; did you mean baselines/rag\?"):
        load_preset("bm25")


def test_the_last_part_of_a_presets_name_is_near() -> None:
    """Whoever says rag means baselines/rag."""
    with pytest.raises(ConfigError, match=r"got 'rag'; did you mean baselines/rag\?"):
        load_preset("rag")


def test_unknown_preset_may_be_near_a_memory() -> None:
    """Whoever means a memory is told its preset."""
    with pytest.raises(ConfigError, match=r"got 'full_contest'; did you mean baselines/longctx\?"):
        load_preset("full_contest")


def test_a_preset_names_a_file_of_its_own_folder(tmp_path: Path) -> None:
    """What stands beside the preset is found from wherever memeval is run."""
    (tmp_path / "mine.py").write_text("class Mine: pass")
    (tmp_path / "mine.yaml").write_text("memory: mine.py:Mine\n")
    assert load_preset(str(tmp_path / "mine.yaml")).memory == f"{tmp_path / 'mine.py'}:Mine"
    (tmp_path / "mine.yaml").write_text("memory: /elsewhere/mine.py:Mine\n")
    assert load_preset(str(tmp_path / "mine.yaml")).memory == "/elsewhere/mine.py:Mine"


def test_baselines_say_what_they_bound() -> None:
    """A report finds the floor, the ceiling, the placebo and the right page without their names."""
    roles = {name: load_preset(name).role for name in NAMES}
    assert {name: role for name, role in roles.items() if role} == {
        "baselines/closed_book": "floor",
        "baselines/core": "core",
        "baselines/oracle": "ceiling",
        "baselines/shuffled": "placebo",
        "baselines/longctx": "context",
        "baselines/rag": "retrieval",
        "baselines/dense": "retrieval",
        "baselines/hybrid": "retrieval",
        "baselines/hybrid_rerank": "retrieval",
        "baselines/recent": "retrieval",
    }


def test_a_role_is_one_of_six(preset_file: Path) -> None:
    """What no report looks for is refused."""
    preset_file.write_text("memory: none\nrole: best\n")
    with pytest.raises(ConfigError, match=r"role of preset .* is invalid: .*, got 'best'"):
        load_preset(str(preset_file))


def test_preset_by_path(preset_file: Path) -> None:
    """Any YAML file is a preset, named after the file."""
    options = ReaderOptions(traces=2, order="best_first")
    expected = Preset(name="mine", memory="bm25", params={"k": 3}, reader=options)
    assert load_preset(str(preset_file)) == expected


def test_preset_file_may_name_itself(preset_file: Path) -> None:
    """A name inside the file goes before the file's own."""
    preset_file.write_text("name: group/mine\nmemory: none\n")
    assert load_preset(str(preset_file)).name == "group/mine"


def test_preset_names_are_those_of_the_files() -> None:
    """Every shipped YAML file is a preset, listed as folder and name."""
    files = sorted(presets_dir().glob("*/*.yaml"))
    assert sorted(f"{file.parent.name}/{file.stem}" for file in files) == NAMES
    assert {"baselines/closed_book", "baselines/core", "baselines/oracle", "memory/hei_nw"} <= {
        *NAMES
    }


@pytest.mark.parametrize("name", NAMES)
def test_shipped_preset_is_sound(name: str) -> None:
    """Every one loads, names a registered memory, and its parameters will do."""
    preset = load_preset(name)
    kind = memory_class(preset.memory)
    asked_for = dict.fromkeys(preset.required, "http://localhost:1")
    checked = check_params(preset.memory, kind, nested({**preset.params, **asked_for}))
    assert preset.name == name
    assert isinstance(checked, kind.Params)


def test_unknown_preset_names_the_near_ones() -> None:
    """A preset that does not exist is an error that names the near ones."""
    with pytest.raises(ConfigError, match=r"got 'memory/hei_mw'; did you mean memory/hei_nw"):
        load_preset("memory/hei_mw")


def test_unknown_preset_near_none_lists_all() -> None:
    """Where no name is near, all presets are listed; every shipped memory has one."""
    known = ", ".join(sorted(NAMES))
    with pytest.raises(ConfigError, match=f"got 'xyz'; known: {known}"):
        load_preset("xyz")


@pytest.mark.parametrize("name", ["../baselines/core", "", "/etc/hosts"])
def test_what_is_no_preset_is_refused(name: str) -> None:
    """Neither a file that is not there, nor a folder, nor any other file is a preset."""
    with pytest.raises(ConfigError, match=f"a preset must be a known name, got '{name}'"):
        load_preset(name)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("memory: [", "must be YAML"),
        ("- memory", "must be a YAML table, got"),
        ("", "must be a YAML table, got None"),
        ("params: {k: 3}", "memory of preset .* is invalid: field required"),
        ("memory: none\ncolour: red", "must be a known name, got 'colour'"),
        ("memory: none\nmodel: smollm2", "must be a known name, got 'model'"),
        ("memory: none\nparams: 3", "params of preset .* is invalid: .*, got 3"),
        ("memory: none\nreader: {trace: 1}", r"got 'reader\.trace'; did you mean reader\.traces"),
        (
            "memory: none\nreader: {traces: 0}",
            r"reader\.traces of preset .*: input .*, got 0; mend",
        ),
    ],
)
def test_broken_preset_is_explained(preset_file: Path, content: str, message: str) -> None:
    """A file that is not a preset is an error that says the rule and what it got."""
    preset_file.write_text(content)
    with pytest.raises(ConfigError, match=message):
        load_preset(str(preset_file))


def test_preset_that_is_not_text_is_refused(preset_file: Path) -> None:
    """A file of other bytes than UTF-8 is an error of the configuration, not a crash."""
    preset_file.write_bytes(b"memory: \xff\xfe")
    with pytest.raises(ConfigError, match=r"mine\.yaml"):
        load_preset(str(preset_file))


def test_overrides_change_reader_and_parameters(preset_file: Path) -> None:
    """`reader.` keys change the reader, all others the memory's parameters; the rest stays."""
    preset = load_preset(str(preset_file), {"reader.order": "best_last", "k1": 0.9})
    assert preset.reader == ReaderOptions(traces=2, order="best_last")
    assert preset.params == {"k": 3, "k1": 0.9}


def test_override_beats_the_preset() -> None:
    """What the command line says goes before what the preset says."""
    preset = load_preset("baselines/rag", {"k": 9, "reader.traces": None})
    assert (preset.params, preset.reader.traces) == ({"k": 9}, None)


def test_dotted_override_beats_a_nested_parameter(preset_file: Path) -> None:
    """A dotted override changes one key of a preset's table and keeps the others."""
    preset_file.write_text("memory: hei_nw\nparams: {gate: {bias: 0.5, reward: 0.2}}\n")
    preset = load_preset(str(preset_file), {"gate.bias": 0.7, "dg.winners": 8})
    expected = {"gate": {"bias": 0.7, "reward": 0.2}, "dg": {"winners": 8}}
    assert nested(preset.params) == expected


def test_overrides_leave_the_preset_itself_alone() -> None:
    """Loading with overrides does not change what is loaded without them."""
    load_preset("baselines/rag", {"k": 9})
    assert load_preset("baselines/rag").params == {}


def test_unknown_reader_override_names_the_near_one() -> None:
    """An unknown reader key is an error that names it as it was given, and the near one."""
    with pytest.raises(ConfigError, match=r"got 'reader\.trace'; did you mean reader\.traces"):
        load_preset("baselines/rag", {"reader.trace": 1})


@pytest.mark.parametrize(
    ("key", "value"),
    [("traces", 0), ("traces", "many"), ("order", "sideways"), ("kind", "kv2"), ("traces", 1.5)],
)
def test_bad_reader_override_is_explained(key: str, value: Any) -> None:
    """A reader value out of bounds is an error that names the key as given, and the value."""
    with pytest.raises(ConfigError, match=rf"reader\.{key} of preset .*, got {value!r}"):
        load_preset("baselines/rag", {f"reader.{key}": value})


@pytest.mark.parametrize(
    ("assignment", "expected"),
    [
        ("gate.enabled=false", {"gate.enabled": False}),
        ("k=3", {"k": 3}),
        ("b=0.5", {"b": 0.5}),
        ("reader.traces=null", {"reader.traces": None}),
        ("reader.traces=", {"reader.traces": None}),
        ("reader.order=best_first", {"reader.order": "best_first"}),
        ("expression=a=b", {"expression": "a=b"}),  # only the first = parts key and value
        (" k = 3", {"k": 3}),
        ("gate={enabled: false}", {"gate": {"enabled": False}}),
    ],
)
def test_parse_overrides(assignment: str, expected: dict[str, Any]) -> None:
    """A value is read as YAML, so it has the type it would have in a preset."""
    assert parse_overrides([assignment]) == expected


@pytest.mark.parametrize(
    ("assignments", "expected"),
    [
        (["hopfield.beta=8,16,32"], {"hopfield.beta": (8, 16, 32)}),
        (["k=0.5, -1,true,word,null"], {"k": (0.5, -1, True, "word", None)}),
        (['k="a,b",c'], {"k": ("a,b", "c")}),
        (["k=1,1.0,true,1"], {"k": (1, True)}),
        (["k=1,2", "j=3", "k=2,4"], {"k": (1, 2, 4), "j": (3,)}),
    ],
)
def test_sweeps_are_read_as_yaml(assignments: list[str], expected: dict[str, Any]) -> None:
    """Each value once, of every parameter; what is quoted may hold commas."""
    assert parse_sweeps(assignments) == expected
    assert repr(parse_sweeps(assignments)) == repr(expected)  # 1 is not True


@pytest.mark.parametrize(
    "assignment",
    ["k", "k=", "=1", "k=1,,2", "k=[1]", "k={a: 1}", "k=1],[2", "k=a: 1", "k=]: [", ","],
)
def test_what_is_no_sweep_is_refused(assignment: str) -> None:
    """One sentence with an example."""
    with pytest.raises(ConfigError, match="--sweep takes key=value,value with numbers"):
        parse_sweeps([assignment])


def test_last_override_of_a_key_wins() -> None:
    """A key given twice takes the later value, and other keys stay."""
    assert parse_overrides(["k=3", "b=1", "k=4"]) == {"k": 4, "b": 1}


@pytest.mark.parametrize("assignment", ["", "gate.enabled", "=3", "=", " =3"])
def test_assignment_without_key_or_value(assignment: str) -> None:
    """What is not key=value is an error that shows the form."""
    with pytest.raises(ConfigError, match=f"--set takes key=value, got '{assignment}'"):
        parse_overrides([assignment])


def test_assignment_that_is_not_yaml() -> None:
    """A value that cannot be read is an error that names key and value."""
    with pytest.raises(
        ConfigError, match=r"got '\[1' for k \(.*\); put text into quotes .*'k=\"TEXT\"'"
    ):
        parse_overrides(["k=[1"])


@pytest.mark.parametrize("date", ["2026-01-31", "demo", "v0.1.0_rc-1", "7"])
def test_run_folder_folder(tmp_path: Path, date: str) -> None:
    """A plain name is a folder right below the root."""
    assert run_folder(tmp_path, date).parent == tmp_path


@pytest.mark.parametrize(
    "date",
    ["../x", "..", ".", "", "a/b", "/etc", "a\\b", ".hidden", "-rf", "a b", "x\n", "x\0", "é"],
)
def test_run_folder_refuses_to_leave_the_folder(tmp_path: Path, date: str) -> None:
    """A name that could lead elsewhere is an error, whatever it looks like."""
    with pytest.raises(ConfigError, match="a run's name must be made of letters, digits"):
        run_folder(tmp_path, date)


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder named in the environment replaces the default."""
    monkeypatch.setenv("MEMEVAL_DATA_DIR", "/srv/data")
    monkeypatch.delenv("MEMEVAL_RUNS_DIR", raising=False)
    settings = Settings()
    assert (settings.data_dir, settings.runs_dir) == (Path("/srv/data"), Path("runs"))


@pytest.mark.parametrize("name", ["missing.yaml", "no/where.yml"])
def test_a_presets_file_that_is_not_there_is_told(name: str) -> None:
    """A path is not taken for a name."""
    with pytest.raises(ConfigError, match=f"got no file '{name}'; check the path"):
        load_preset(name)


LAUGHS = "\n".join(
    ["  a: &a0 [x]", *(f"  b{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 40))]
)
ENDLESS = [
    "memory: none\nparams:\n" + LAUGHS,
    f"- {'x' * 10**5}",
    f"memory: [{'x' * 10**5}]",
    f"memory: {'x' * 10**5}.py:Y",
    f"memory: none\n{'x' * 10**4}: 1",
    f"memory: none\nparams: {'9' * 4000}",
    f"memory: none\nname: {'=' * 10**5}",
    "memory: none\nreader: {traces: [" + "[x], " * 2000 + "]}",
    "memory: none\nrole: " + "[" * 49 + "]" * 49,
]


@pytest.mark.parametrize("content", ENDLESS, ids=lambda content: content[:30])
def test_what_is_shown_of_a_preset_is_bounded(preset_file: Path, content: str) -> None:
    """However large a value, a name or a key is, one sentence tells of it."""
    preset_file.write_text(content)
    with pytest.raises(ConfigError) as refused:
        MEMORIES.plugin(load_preset(str(preset_file)).memory)
    assert len(str(refused.value)) < 1_000
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "value",
    ["2024-13-45", "0x_", "!!int a", "!!bool maybe", "9" * 5000, "[" * 2000, "{a: 1, a: 2}"],
)
def test_values_that_yaml_stumbles_over_are_refused(value: str) -> None:
    """Dates, numbers and tags that are none are no crash."""
    with pytest.raises(ConfigError, match=r"takes a YAML value, got .* for k"):
        parse_overrides([f"k={value}"])


def test_long_names_are_cut_and_have_no_near_ones() -> None:
    """A name of a million characters is neither printed nor compared whole."""
    with pytest.raises(ConfigError, match=r"known name, got '.*; (known|did)") as refused:
        load_preset("memory/" + "hei_nw" * 200_000)
    assert len(str(refused.value)) < 1_000


@pytest.mark.parametrize("key", ["gate.", ".gate", "..", "gate.." + "x" * 10**4, "a." * 5_000])
def test_dots_at_the_ends_of_a_key_are_no_parameter(key: str) -> None:
    """A key with an empty part names no parameter."""
    kind = memory_class("hei_nw")
    with pytest.raises(ConfigError, match="parameter"):
        check_params("hei_nw", kind, nested({key: 1}))


def test_folders_may_be_told_from_the_users_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """`~` is written out in settings and options, where no shell has done so."""
    monkeypatch.setenv("HOME", "/home/mine")
    monkeypatch.setenv("MEMEVAL_DATA_DIR", "~/data")
    assert Settings().data_dir == Path("/home/mine/data")
    assert run_folder(Path("~/runs"), "t") == Path("/home/mine/runs/t")


def test_a_preset_may_be_told_from_the_users_home(
    preset_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A path that begins with `~` is a file of the user's, and so is the one that it names."""
    preset_file.write_text("memory: ~/mine.py:Mine\n")
    monkeypatch.setenv("HOME", str(preset_file.parent))
    preset = load_preset(f"~/{preset_file.name}")
    assert preset.memory == f"{preset_file.parent}/mine.py:Mine"


def test_all_presets_read_within_one_budget_but_those_that_read_all() -> None:
    """The controls and the whole stream are bounds, and no retrieval that a budget compares."""
    without = {name for name in preset_names() if load_preset(name).reader.budget_tokens is None}
    bounds = ("core", "longctx", "oracle", "shuffled")
    assert without == {f"baselines/{name}" for name in bounds}
    assert {load_preset(name).reader.budget_tokens for name in preset_names()} == {None, 256}
