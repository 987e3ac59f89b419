"""The variants of a memory that an ablation compares: all of it, and with something changed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import Field

from memeval.errors import ConfigError, unknown_name
from memeval.matrix.cells import resolved_params
from memeval.memories.contract import knob_groups
from memeval.memories.kinds import memory_class
from memeval.naming import FULL, swept_name, variant_name, variant_of
from memeval.outside import shown
from memeval.preset import Preset, with_overrides

Knobs = tuple[str, ...]
"""Parameters that are switched off together."""

NO_SWEEP: Mapping[str, tuple[Any, ...]] = {}


class Variant(Preset):
    """A memory as an ablation compares it; `ablated` is the name of its preset.

    Its own name has but the last part of that, which another preset may have as well.
    """

    ablated: str = Field(default="", exclude=True)


def variants(
    preset: Preset,
    chosen: Sequence[Knobs] = (),
    sweep: Mapping[str, tuple[Any, ...]] = NO_SWEEP,
) -> list[Variant]:
    """Return the full memory, a variant for each group of knobs, and one for each value swept.

    The knobs are those that the memory declares, unless some are chosen or a parameter is swept.

    The full memory is a variant too, which takes over what the run may hold of it: all variants
    then lie in one place, under one command's settings, and none needs the others' overrides.

    Raises:
        ConfigError: no knobs, one that is not a switch that is on, or a value that a parameter
            does not take.
    """
    declared = [] if sweep else knob_groups(memory_class(preset.memory))
    groups = list(dict.fromkeys(chosen or declared))
    if not (groups or sweep):
        raise ConfigError(
            f"a memory to be ablated must declare its knobs, got none of {preset.memory!r}; give "
            "its class the attributes knobs and knobs_together, or name some with --knob or --sweep"
        )
    params = resolved_params(preset)
    for knob in {knob for group in groups for knob in group}:
        _check_on(preset, knob, params)
    full = _variant(preset, FULL, {})
    off = [_variant(preset, variant_name(group), dict.fromkeys(group, False)) for group in groups]
    return [full, *off, *_swept(preset, sweep)]


def _swept(preset: Preset, sweep: Mapping[str, tuple[Any, ...]]) -> Iterator[Variant]:
    """Yield a variant for each value of each parameter, once it is one that the parameter takes."""
    for parameter, values in sweep.items():
        for value in values:
            changed = _variant(preset, swept_name(parameter, value), {parameter: value})
            resolved_params(changed)
            yield changed


def _variant(preset: Preset, name: str, changes: Mapping[str, Any]) -> Variant:
    told = {
        "name": variant_of(preset.name, name),
        "overrides": preset.overrides | dict(changes),
        "ablated": preset.name,
    }
    return Variant.model_validate(with_overrides(preset, changes).model_dump() | told)


def home_suites(preset: Preset) -> list[str]:
    """Return the suite that a preset is ablated on, or all where it does not say."""
    return [preset.suite or "all"]


def _check_on(preset: Preset, knob: str, params: dict[str, Any]) -> None:
    """Check that a knob is a switch that is on.

    Raises:
        ConfigError: it is not; one that is near is named, or what else can be done with it.
    """
    values = _by_name(params)
    if knob not in values:
        on = [name for name, value in values.items() if value is True]
        raise ConfigError(unknown_name(f"a knob of {preset.name}", knob, on))
    if values[knob] is not True:
        is_off = values[knob] is False
        next_step = "do not --set it" if is_off else f"try values of it with --sweep {knob}=A,B"
        raise ConfigError(
            f"a knob must be a parameter that is true in the full memory, got "
            f"{knob}={shown(values[knob])} of {preset.name}; leave it out, or {next_step}"
        )


def _by_name(params: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return parameters by their dotted names."""
    told: dict[str, Any] = {}
    for name, value in params.items():
        is_table = isinstance(value, Mapping)
        told |= _by_name(value, f"{prefix}{name}.") if is_table else {prefix + name: value}
    return told
