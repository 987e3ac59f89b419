"""Presets from YAML, and overrides of them from the command line."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from memeval.config import PLAIN_NAME, ReaderOptions
from memeval.errors import ConfigError, unknown_name
from memeval.naming import ABLATIONS, configuration_in, configured
from memeval.outside import UnreadableError, find_file, path_of, read_yaml, shown, shown_text
from memeval.registry import FILE, MEMORIES

READER_PREFIX = "reader."
LONGEST_VARIANT = 60
"""Characters of a variant's name, which is a part of a folder's."""
VARIANT_RULE = (
    f"a variant's name must be at most {LONGEST_VARIANT} letters, digits, '.', '_' and '-', the "
    "first a letter or digit"
)


class Preset(BaseModel):
    """A memory by name, its parameters where they differ from the defaults, and the reader.

    `suite` is the one that the memory is made for, and is ablated on unless another is named.
    `role` says what a baseline bounds, so that a report need not know it by name: "floor",
    "ceiling", "placebo", or "core", the model reading the right page. `overrides` are what the
    command line has changed; they are already part of the rest. `required` are parameters that
    have no default that would do: whoever asks for the preset gives them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = ""
    memory: str
    params: dict[str, Any] = {}
    reader: ReaderOptions = ReaderOptions()
    suite: str = ""
    role: Literal["", "floor", "placebo", "core", "context", "retrieval", "ceiling"] = ""
    required: tuple[str, ...] = ()
    overrides: dict[str, Any] = Field(default={}, exclude=True)

    @property
    def variant(self) -> str:
        """The name of this configuration among several of the preset; nothing for the plain one."""
        return configuration_in(self.name)


def presets_dir() -> Path:
    """Return the folder of the shipped presets: inside the wheel, or in a source checkout."""
    package = Path(__file__).parent
    shipped = package / "presets"
    return shipped if shipped.is_dir() else package.parents[1] / "presets"


def preset_names() -> list[str]:
    """Return the names of the shipped presets, such as "memory/hei_nw"."""
    root = presets_dir()
    return sorted(str(p.relative_to(root).with_suffix("")) for p in root.glob("*/*.yaml"))


def load_preset(name: str, overrides: Mapping[str, Any] | None = None) -> Preset:
    """Load a shipped preset by name, or any preset by the path of its YAML file.

    The name of an installed memory that has no preset stands for that memory with its defaults,
    and so does `path/to/file.py:Class`. `overrides` are dotted: `reader.traces` changes the reader,
    all others the memory.

    Raises:
        ConfigError: no such preset, or a file that is not one.
    """
    shipped = preset_names()
    if name in shipped:
        preset = _read(presets_dir() / f"{name}.yaml", name).model_copy(update={"name": name})
    elif name.endswith((".yaml", ".yml")):
        preset = _own(name)
    elif FILE in name:
        preset = Preset(name=name.rpartition(":")[2], memory=name)
    elif name in MEMORIES.names():
        preset = _plain(name, shipped)
    else:
        memory_of = _memories_of(shipped)
        others = set(MEMORIES.names()).difference(memory_of.values())
        raise ConfigError(unknown_name("a preset", name, [*shipped, *others], memory_of))
    _check_name(preset.name, shipped=name in shipped)
    return with_overrides(preset, overrides or {})


def _plain(name: str, shipped: Sequence[str]) -> Preset:
    """Return a memory with its defaults; one that has a preset is asked for by that."""
    for preset in [one for one, memory in _memories_of(shipped).items() if memory == name]:
        raise ConfigError(
            f"a memory that has a preset must be named by it, got {name!r}; did you mean {preset}?"
        )
    return Preset(name=name, memory=name)


def _memories_of(shipped: Sequence[str]) -> dict[str, str]:
    """Return the memory of every shipped preset."""
    return {preset: _read(presets_dir() / f"{preset}.yaml", preset).memory for preset in shipped}


def _own(name: str) -> Preset:
    """Read a preset of one's own; a memory's file that it names is looked for beside it."""
    path = find_file(name)
    if path is None:
        raise ConfigError(
            f"a preset must be a known name or a file that is there, got no file {shown(name)}; "
            "check the path"
        )
    preset = _read(path, name)
    file, _, attribute = preset.memory.rpartition(":")
    changes = {"name": preset.name or path.stem}
    if file.endswith(".py"):
        changes["memory"] = f"{path.parent / path_of(file)}:{attribute}"
    return preset.model_copy(update=changes)


def _read(path: Path, name: str) -> Preset:
    try:
        content = read_yaml(path.read_text("utf-8"))
        if not isinstance(content, dict):
            raise ConfigError(
                f"a preset must be a YAML table, got {shown(content)} in {name}; mend it"
            )
        return Preset.model_validate(content)
    except (UnreadableError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"a preset must be YAML, got {name!r} ({error}); mend the file"
        ) from error
    except ValidationError as error:
        raise ConfigError(_explain(name, error)) from error


def parse_overrides(assignments: Sequence[str]) -> dict[str, Any]:
    """Parse `key=value` pairs, with values read as YAML: false, 3, 0.5, text."""
    parsed = {}
    for assignment in assignments:
        key, equals, value = assignment.partition("=")
        if not key.strip() or not equals:
            raise ConfigError(
                f"--set takes key=value, got {shown(assignment)}; for example --set "
                "gate.enabled=false"
            )
        try:
            parsed[key.strip()] = read_yaml(value)
        except UnreadableError as error:
            named = shown_text(key)
            raise ConfigError(
                f"--set takes a YAML value, got {shown(value)} for {named} ({error}); put text "
                f"into quotes of its own: --set '{named}=\"TEXT\"'"
            ) from error
    return parsed


def parse_sweeps(assignments: Sequence[str]) -> dict[str, tuple[Any, ...]]:
    """Parse `key=value,value` pairs, with values read as YAML; a key may be given again.

    Raises:
        ConfigError: it is something else, or a value is no scalar.
    """
    parsed: dict[str, tuple[Any, ...]] = {}
    for assignment in assignments:
        key, _, text = assignment.partition("=")
        try:
            values = read_yaml(f"[{text}]")
        except UnreadableError:
            values = None
        if not key.strip() or not values or not all(is_scalar(value) for value in values):
            raise ConfigError(
                f"--sweep takes key=value,value with numbers, text, true or false, got "
                f"{shown(assignment)}; for example --sweep reader.traces=1,2,4"
            )
        parsed[key.strip()] = distinct((*parsed.get(key.strip(), ()), *values))
    return parsed


def is_scalar(value: object) -> bool:
    """Whether a parameter can be swept over a value: a number, a text, true, false or null."""
    return value is None or isinstance(value, bool | int | float | str)


def distinct(values: Sequence[Any]) -> tuple[Any, ...]:
    """Return each value once; true is not 1, but 8.0 is 8."""
    found: dict[tuple[bool, Any], Any] = {}
    for value in values:
        found.setdefault((isinstance(value, bool), value), value)
    return tuple(found.values())


def _check_name(name: str, *, shipped: bool) -> None:
    """Refuse names that leave the runs folder, or lead into that of a shipped preset."""
    if not all(PLAIN_NAME.fullmatch(part) for part in name.split("/")):
        raise ConfigError(
            f"a preset's name must be made of letters, digits, '.', '_', '-' and '/', "
            f"got {shown(name)}; rename it"
        )
    if shipped:
        return
    if name in preset_names():
        raise ConfigError(
            f"a preset file must have a name of its own, got {name!r}, which is shipped with "
            "memeval; rename it, or give the shipped preset's name"
        )
    for taken in (ABLATIONS, *preset_names()):
        if name == taken or name.startswith(f"{taken}/"):
            raise ConfigError(
                f"a preset must have a name of its own, got {name!r}, which leads into the folder "
                f"of {taken}; rename it"
            )


def with_overrides(preset: Preset, overrides: Mapping[str, Any]) -> Preset:
    """Return a preset with some parameters changed; the dotted names are kept as its overrides.

    Raises:
        ConfigError: the reader has no such option, or takes no such value.
    """
    reader = preset.reader.model_dump()
    params = dict(preset.params)
    for key, value in overrides.items():
        if key.startswith(READER_PREFIX):
            reader[key.removeprefix(READER_PREFIX)] = value
        else:
            params[key] = value
    changed = {"params": params, "reader": reader, "overrides": dict(overrides)}
    try:
        return Preset.model_validate(preset.model_dump() | changed)
    except ValidationError as error:
        raise ConfigError(_explain(preset.name, error)) from error


def with_variant(preset: Preset, variant: str) -> Preset:
    """Return a preset under the name of one of its configurations: `memory/hei_nw@chat`.

    Raises:
        ConfigError: a name that a folder cannot have.
    """
    if not is_variant(variant):
        raise ConfigError(f"{VARIANT_RULE}, got {shown(variant)}; give another --variant")
    return preset.model_copy(update={"name": configured(preset.name, variant)})


def is_variant(name: str) -> bool:
    """Whether a configuration of a preset can be called so."""
    return len(name) <= LONGEST_VARIANT and bool(PLAIN_NAME.fullmatch(name))


def _explain(name: str, error: ValidationError) -> str:
    first = error.errors()[0]
    key = ".".join(map(str, first["loc"]))
    if first["type"] == "extra_forbidden":
        known = [*Preset.model_fields, *(READER_PREFIX + f for f in ReaderOptions.model_fields)]
        return unknown_name(f"a key of preset {name}", key, known)
    rule = first["msg"][:1].lower() + first["msg"][1:]
    return (
        f"{shown_text(key)} of preset {name} is invalid: {shown_text(rule)}, got "
        f"{shown(first['input'])}; mend it"
    )
