"""Studies: a YAML file that says what is measured, what is ablated, and what its gate asks for.

```yaml
models: [smollm2]
seeds: [1337, 2025, 4242]
measure:
  - presets: [baselines/core, memory/hei_nw]
    suites: [episodic]
    sizes: [50, 200]
ablate:
  - presets: [memory/hei_nw]
    sizes: [200]
```

Models, suites, sizes and seeds hold for every entry that has none of its own, but an ablation's
suites and knobs are by default those that the memory declares. Paths are relative to the folder in
which a command is given, as those of its options are.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Self

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from memeval.errors import ConfigError, unknown_name
from memeval.naming import FULL, configured, swept_name, variant_name, variant_of
from memeval.outside import UnreadableError, find_file, read_yaml, shown, shown_text
from memeval.preset import VARIANT_RULE, distinct, is_scalar, is_variant, load_preset

NAME = "study.yaml"
"""The file of a run that holds the study it was run by."""
SUFFIXES = (".yaml", ".yml")


def _grouped(knobs: Any) -> Any:
    """Let a knob stand for a group of one."""
    is_list = isinstance(knobs, list | tuple)
    return [[knob] if isinstance(knob, str) else knob for knob in knobs] if is_list else knobs


def _named(variant: str) -> str:
    if variant and not is_variant(variant):
        raise ValueError(VARIANT_RULE)
    return variant


def _swept(values: tuple[Any, ...]) -> tuple[Any, ...]:
    if not all(is_scalar(value) for value in values):
        raise ValueError("the values of a sweep must be numbers, text, true or false")
    return distinct(values)


Name = Annotated[str, Field(min_length=1)]
Names = Annotated[tuple[Name, ...], AfterValidator(distinct)]
Sizes = Annotated[tuple[Annotated[int, Field(strict=True, ge=1)], ...], AfterValidator(distinct)]
Seeds = Annotated[tuple[Annotated[int, Field(strict=True, ge=0)], ...], AfterValidator(distinct)]
Knobs = tuple[str, ...]
"""Parameters that are switched off together."""
Sweep = dict[Name, Annotated[tuple[Any, ...], Field(min_length=1), AfterValidator(_swept)]]
"""Parameters and the values that each is given, one at a time."""
Groups = Annotated[tuple[Annotated[Knobs, Field(min_length=1)], ...], BeforeValidator(_grouped)]


class _Told(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Measure(_Told):
    """Presets that are measured; what is empty is the study's.

    `variant` names what they are with `overrides`, where a run has them otherwise too. `data` are
    options of its suites.
    """

    presets: Annotated[Names, Field(min_length=1)]
    models: Names = ()
    suites: Names = ()
    sizes: Sizes = ()
    seeds: Seeds = ()
    overrides: dict[str, Any] = Field({}, alias="set")
    variant: Annotated[str, AfterValidator(_named)] = ""
    data: dict[Name, Any] = {}


class Ablate(Measure):
    """Memories that are ablated; without suites or knobs, by those that they declare.

    `sweep` are values of parameters; with it no knobs are off but those that are named.
    """

    knobs: Groups = ()
    sweep: Sweep = {}


class Gate(_Told):
    """What `memeval report --gate` asks for beside every planned cell.

    `items_at` are the sizes whose cells must have the records of their items: all, unless named.
    """

    items_at: Sizes | None = None


class Study(_Told):
    """What is measured and ablated.

    `calibrated_on` are the seeds of the streams on which its memories were developed.
    """

    models: Annotated[Names, Field(min_length=1)]
    suites: Names = ()
    sizes: Sizes = ()
    seeds: Seeds = ()
    measure: tuple[Measure, ...] = ()
    ablate: tuple[Ablate, ...] = ()
    gate: Gate = Gate()
    calibrated_on: Seeds = ()

    @model_validator(mode="after")
    def _plans_something(self) -> Self:
        if not (self.measure or self.ablate):
            raise ValueError("it must measure or ablate something: name presets below one of them")
        if not self.suites and any(not entry.suites for entry in self.measure):
            raise ValueError("all that it measures must have suites: name them in it or its entry")
        return self

    def with_models(self, models: tuple[str, ...]) -> "Study":
        """Return the same study of other models."""
        parts = {
            "measure": tuple(e.model_copy(update={"models": ()}) for e in self.measure),
            "ablate": tuple(e.model_copy(update={"models": ()}) for e in self.ablate),
        }
        return self.model_copy(update={"models": distinct(models), **parts})


@dataclass(frozen=True, slots=True)
class Request:
    """One entry of a study with nothing left to be looked up in it.

    An ablation without suites or knobs has those that each memory declares.
    """

    presets: tuple[str, ...]
    models: tuple[str, ...]
    suites: tuple[str, ...]
    sizes: tuple[int, ...]
    seeds: tuple[int, ...]
    overrides: Mapping[str, Any] = field(default_factory=dict)
    knobs: tuple[Knobs, ...] = ()
    is_ablation: bool = False
    variant: str = ""
    sweep: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """A planned cell, by what its `meta.json` will say."""

    preset: str
    model: str
    suite: str
    size: int
    seed: int
    overrides: Mapping[str, Any]


def requests(study: Study) -> list[Request]:
    """Return what a study asks for, entry by entry; the ablations are last."""
    return [
        Request(
            presets=entry.presets,
            models=entry.models or study.models,
            suites=entry.suites or (() if isinstance(entry, Ablate) else study.suites),
            sizes=entry.sizes or study.sizes,
            seeds=entry.seeds or study.seeds,
            overrides=entry.overrides,
            knobs=entry.knobs if isinstance(entry, Ablate) else (),
            is_ablation=isinstance(entry, Ablate),
            variant=entry.variant,
            sweep=entry.sweep if isinstance(entry, Ablate) else {},
            data=entry.data,
        )
        for entry in (*study.measure, *study.ablate)
    ]


def places(study: Study) -> list[Place]:
    """Return the cells that a study plans, each once; its ablations must name suites and knobs.

    One that sweeps parameters needs no knobs.
    """
    found = {
        (preset, model, suite, size, seed): overrides
        for request in requests(study)
        for preset, overrides in _variants(request)
        for model in request.models
        for suite in request.suites
        for size in request.sizes
        for seed in request.seeds
    }
    return [Place(*key, overrides) for key, overrides in found.items()]


def _variants(request: Request) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the presets that an entry runs, with what each has changed."""
    for preset in (configured(name, request.variant) for name in request.presets):
        if not request.is_ablation:
            yield preset, request.overrides
            continue
        yield variant_of(preset, FULL), request.overrides
        for group in request.knobs:
            off = dict.fromkeys(group, False)
            yield variant_of(preset, variant_name(group)), {**request.overrides, **off}
        for name, values in request.sweep.items():
            for value in values:
                changed = {**request.overrides, name: value}
                yield variant_of(preset, swept_name(name, value)), changed


def studies_dir() -> Path:
    """Return the folder of the shipped studies: inside the wheel, or in a source checkout."""
    package = Path(__file__).parent
    shipped = package / "studies"
    return shipped if shipped.is_dir() else package.parents[1] / "studies"


def study_names() -> list[str]:
    """Return the names of the shipped studies."""
    return sorted(path.stem for path in studies_dir().glob("*.yaml"))


def load_study(name: str) -> Study:
    """Load a shipped study by name, or any study by the path of its YAML file.

    Raises:
        ConfigError: no such study, a file that is not one, or one with an unknown preset.
    """
    shipped = {known: studies_dir() / f"{known}.yaml" for known in study_names()}
    path = find_file(name) if name.endswith(SUFFIXES) else shipped.get(name)
    if path is None:
        raise ConfigError(unknown_name("a study", name, shipped))
    study = read_study(path)
    for request in requests(study):
        for preset in request.presets:
            load_preset(preset, request.overrides)
    return study


def study_of(runs_dir: Path) -> Study | None:
    """Return the study that a run was run by, None if it was run without one.

    Raises:
        ConfigError: the file is not a study.
    """
    path = runs_dir / NAME
    return read_study(path) if path.is_file() else None


def read_study(path: Path) -> Study:
    """Read a study, whether or not its presets are at hand.

    Raises:
        ConfigError: a file that is not a study.
    """
    try:
        content = read_yaml(path.read_text("utf-8"))
    except (UnreadableError, UnicodeDecodeError) as error:
        raise ConfigError(f"a study must be YAML, got {str(path)!r} ({error}); mend it") from error
    if not isinstance(content, dict):
        raise ConfigError(f"a study must be a YAML table, got {shown(content)} in {path}; mend it")
    try:
        return Study.model_validate(content)
    except ValidationError as error:
        raise ConfigError(_explain(str(path), error)) from error


def as_text(study: Study) -> str:
    """Return a study as the text of its file."""
    content = study.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return yaml.safe_dump(content, sort_keys=False, default_flow_style=None, width=100)


def _explain(path: str, error: ValidationError) -> str:
    """Say the first thing that is wrong, by its place in the file; a misspelt key before others."""
    found = error.errors()
    first = next((one for one in found if one["type"] == "extra_forbidden"), found[0])
    *above, key = first["loc"] or ("",)
    kinds: dict[str, type[_Told]] = {"measure": Measure, "ablate": Ablate, "gate": Gate}
    kind = kinds.get(str((*above, "")[0]), Study)
    if first["type"] == "extra_forbidden":
        known = [part.alias or name for name, part in kind.model_fields.items()]
        where = f"{_place(above)} of study {path}" if above else f"study {path}"
        return unknown_name(f"a key of {where}", str(key), known)
    rule = first["msg"].removeprefix("Value error, ").replace("tuple", "list")
    rule = rule[:1].lower() + rule[1:]
    if not first["loc"]:
        return f"study {path} is invalid: {shown_text(rule)}"
    if first["type"] == "missing":
        return f"{_place((*above, key))} of study {path} must be there, got none; add it"
    return (
        f"{_place((*above, key))} of study {path} is invalid: {shown_text(rule)}, got "
        f"{shown(first['input'])}; mend it"
    )


def _place(keys: Any) -> str:
    """Return the place of a key in words: entries of lists are counted from 1."""
    words = (str(key + 1) if isinstance(key, int) else shown_text(str(key)) for key in keys)
    return " ".join(words)
