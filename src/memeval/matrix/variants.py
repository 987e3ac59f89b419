"""The variants of a memory that an ablation compares: all of it, and with knobs off."""

from collections.abc import Sequence
from typing import Any

from memeval.errors import ConfigError
from memeval.matrix.cells import resolved_params
from memeval.memories.contract import knob_groups
from memeval.memories.kinds import memory_class
from memeval.naming import FULL, variant_name, variant_of
from memeval.outside import shown
from memeval.preset import Preset, with_overrides

Knobs = tuple[str, ...]
"""Parameters that are switched off together."""


def variants(preset: Preset, chosen: Sequence[Knobs] = ()) -> list[Preset]:
    """Return the full memory and a variant for each group of knobs, those declared by default.

    The full memory is a variant too, which takes over what the run may hold of it: all variants
    then lie in one place, under one command's settings, and none needs the others' overrides.

    Raises:
        ConfigError: no knobs, or one that is not a switch that is on.
    """
    groups = list(dict.fromkeys(chosen or knob_groups(memory_class(preset.memory))))
    if not groups:
        raise ConfigError(
            f"a memory to be ablated must declare its knobs, got none of {preset.memory!r}; give "
            "its class the attributes knobs and knobs_together, or name some with --knob"
        )
    params = resolved_params(preset)
    for knob in {knob for group in groups for knob in group}:
        _check_on(preset, knob, params)
    full = preset.model_copy(update={"name": variant_of(preset.name, FULL)})
    found = [full]
    for group in groups:
        off = with_overrides(full, dict.fromkeys(group, False))
        overrides = preset.overrides | off.overrides
        name = variant_of(preset.name, variant_name(group))
        found.append(off.model_copy(update={"name": name, "overrides": overrides}))
    return found


def home_suites(preset: Preset) -> list[str]:
    """Return the suite that a preset is ablated on, or all where it does not say."""
    return [preset.suite or "all"]


def _check_on(preset: Preset, knob: str, params: dict[str, Any]) -> None:
    value: Any = params
    for part in knob.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    if value is not True:
        raise ConfigError(
            f"a knob must be a parameter that is true in the full memory, got "
            f"{knob}={shown(value)} of {preset.name}; leave it out, or do not --set it"
        )
