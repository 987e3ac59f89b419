"""Several configurations of one preset in a run: each goes by a name of its own.

On one model a preset's name stands for one set of overrides. Whoever comes with others later gets
a name beside it, the preset's with a suffix, and leaves what is there as it is.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from memeval.errors import ConfigError
from memeval.matrix.cells import Cell, Context, slug
from memeval.matrix.identity import digest, overrides
from memeval.outside import UnreadableError, shown
from memeval.preset import Preset, with_variant
from memeval.results import META
from memeval.sealing import read_head

DIGITS = 6
"""Of the digest that names a configuration to which nobody has given a name."""
Plan = Callable[[Sequence[Preset]], list[Cell]]


def apart(
    presets: Sequence[Preset],
    context: Context,
    plan: Plan,
    *,
    variant: str = "",
    force: bool = False,
    on_note: Callable[[str], None] = lambda _: None,
) -> list[Cell]:
    """Return the planned cells of presets, under names that the run has not for something else.

    With `force` they take the place of what is there.

    Raises:
        ConfigError: what is there has the variant's name and other overrides.
    """
    named = [with_variant(preset, variant) if variant else preset for preset in presets]
    if not force:
        named = [_beside(preset, context, plan, on_note) for preset in named]
    return plan(named)


def _beside(preset: Preset, context: Context, plan: Plan, on_note: Callable[[str], None]) -> Preset:
    """Return a preset, under the name of a variant if its own stands for something else there."""
    held = _held(plan([preset]), context)
    if held is None:
        return preset
    changed = overrides(preset, context)
    other = preset if preset.variant else with_variant(preset, digest(changed)[:DIGITS])
    if preset.variant or _held(plan([other]), context) is not None:
        raise ConfigError(
            f"a variant must keep to one set of overrides in a run, got {shown(changed)} for "
            f"{other.name}, which has others in {str(context.runs_dir)!r}; give another --variant, "
            "or replace the old one with --force"
        )
    on_note(
        f"{preset.name} is there with {told(held)}, so this one is {other.name}; --variant NAME "
        "names it, --force replaces the other"
    )
    return other


def _held(cells: Sequence[Cell], context: Context) -> Mapping[str, Any] | None:
    """Return other overrides that the run has under the name of one of the cells; None for none."""
    mine = {(cell.preset.name, slug(cell.model)): overrides(cell.preset, context) for cell in cells}
    for (name, model), changed in mine.items():
        for path in sorted((context.runs_dir / name / model).glob(f"*/*/{META}")):
            there = _overrides_in(path)
            if there is not None and there != changed:
                return there
    return None


def _overrides_in(path: Path) -> Mapping[str, Any] | None:
    """Return what a cell's meta says was changed; None where it cannot be read."""
    try:
        found = read_head(path).get("overrides", {})
    except UnreadableError:
        return None  # its cell is broken, and runs again
    return found if isinstance(found, dict) else None


def told(changed: Mapping[str, Any]) -> str:
    """Say overrides in a few words."""
    return ", ".join(f"{name}={value}" for name, value in changed.items()) or "no overrides"
