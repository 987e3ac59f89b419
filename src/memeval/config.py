"""Settings from the environment, presets from YAML, and overrides from the command line."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, get_args

import platformdirs
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from memeval.errors import ConfigError, unknown_name

READER_PREFIX = "reader."
PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class Settings(BaseSettings):
    """Where things lie. Each can be set in the environment, as in `MEMEVAL_DATA_DIR=...`."""

    model_config = SettingsConfigDict(env_prefix="MEMEVAL_")

    data_dir: Path = Path("data")
    runs_dir: Path = Path("runs")
    reports_dir: Path = Path("reports")
    cache_dir: Path = Path(platformdirs.user_cache_dir("memeval"))


class ReaderOptions(BaseModel):
    """How traces reach the model: as memory tokens or as text, how many, the best one where.

    `style` is how the prompt is told: as a text to be continued, or as turns of the model's own
    chat template.

    The defaults are measured: a small model answers from the note that stands next to the question,
    so a second trace costs more than it brings (docs/performance.md).
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    kind: Literal["kv", "text"] = "kv"
    style: Literal["completion", "chat"] = "completion"
    traces: int | None = Field(default=1, ge=1, description="traces read; null reads all")
    order: Literal["best_last", "best_first"] = "best_last"
    kv_cache_mb: int = Field(default=1024, ge=0, description="bound of notes kept as keys")


def reader_options(kind: str) -> ReaderOptions:
    """Return a reader's default options.

    Raises:
        ConfigError: no such reader.
    """
    known = get_args(ReaderOptions.model_fields["kind"].annotation)
    if kind not in known:
        raise ConfigError(unknown_name("a reader", kind, known))
    return ReaderOptions.model_validate({"kind": kind})


class Preset(BaseModel):
    """A memory by name, its parameters where they differ from the defaults, and the reader.

    `role` says what a baseline bounds or stands for, so that a report need not know it by name.
    `overrides` are what the command line has changed; they are already part of the rest.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = ""
    memory: str
    params: dict[str, Any] = {}
    reader: ReaderOptions = ReaderOptions()
    role: Literal["", "floor", "placebo", "core", "context", "retrieval", "ceiling"] = ""
    overrides: dict[str, Any] = Field(default={}, exclude=True)


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

    `overrides` are dotted: `reader.traces` changes the reader, all others the memory.

    Raises:
        ConfigError: no such preset, or a file that is not one.
    """
    path = Path(name) if name.endswith((".yaml", ".yml")) else presets_dir() / f"{name}.yaml"
    is_file = name.endswith((".yaml", ".yml"))
    if name not in preset_names() and not (is_file and path.is_file()):
        raise ConfigError(unknown_name("a preset", name, preset_names()))
    try:
        content = yaml.safe_load(path.read_text("utf-8"))
        if not isinstance(content, dict):
            raise ConfigError(f"a preset must be a YAML table, got {content!r} in {name}; mend it")
        named = {"name": path.stem, **content} if is_file else {**content, "name": name}
        preset = Preset.model_validate(named)
        _check_name(preset.name, shipped=not is_file)
        return with_overrides(preset, overrides or {})
    except (yaml.YAMLError, UnicodeDecodeError) as error:
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
                f"--set takes key=value, got {assignment!r}; for example --set gate.enabled=false"
            )
        try:
            parsed[key.strip()] = yaml.safe_load(value)
        except yaml.YAMLError as error:
            raise ConfigError(
                f"--set takes a YAML value, got {value!r} for {key}; put text into quotes of its "
                f"own: --set '{key}=\"TEXT\"'"
            ) from error
    return parsed


def _check_name(name: str, *, shipped: bool) -> None:
    """Refuse names that leave the runs folder, and names that belong to a shipped preset."""
    if not all(PLAIN_NAME.fullmatch(part) for part in name.split("/")):
        raise ConfigError(
            f"a preset's name must be made of letters, digits, '.', '_', '-' and '/', "
            f"got {name!r}; rename it"
        )
    if not shipped and name in preset_names():
        raise ConfigError(
            f"a preset file must have a name of its own, got {name!r}, which is shipped with "
            "memeval; rename it, or give the shipped preset's name"
        )


def with_overrides(preset: Preset, overrides: Mapping[str, Any]) -> Preset:
    """Return a preset with some parameters changed; the dotted names are kept as its overrides."""
    reader = preset.reader.model_dump()
    params = dict(preset.params)
    for key, value in overrides.items():
        if key.startswith(READER_PREFIX):
            reader[key.removeprefix(READER_PREFIX)] = value
        else:
            params[key] = value
    changed = {"params": params, "reader": reader, "overrides": dict(overrides)}
    return Preset.model_validate(preset.model_dump() | changed)


def _explain(name: str, error: ValidationError) -> str:
    first = error.errors()[0]
    key = ".".join(map(str, first["loc"]))
    if first["type"] == "extra_forbidden":
        known = [*Preset.model_fields, *(READER_PREFIX + f for f in ReaderOptions.model_fields)]
        return unknown_name(f"a key of preset {name}", key, known)
    rule = first["msg"][:1].lower() + first["msg"][1:]
    return f"{key} of preset {name} is invalid: {rule}, got {first['input']!r}; mend it"


def dated(root: Path, date: str) -> Path:
    """Return the folder of a date, or of any other plain name that a run was given.

    Raises:
        ConfigError: the name could leave the folder.
    """
    if not PLAIN_NAME.fullmatch(date):
        raise ConfigError(
            f"a date must be made of letters, digits, '.', '_' and '-', got {date!r}; "
            "for example 2026-01-31"
        )
    return root / date
