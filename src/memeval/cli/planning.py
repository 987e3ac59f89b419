"""From the presets that a command names to its cells, under names that are theirs in the run."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from memeval.matrix import Cell, Context
    from memeval.preset import Preset


def planned(
    names: Sequence[str],
    overrides: Mapping[str, Any],
    context: "Context",
    plan: "Callable[[Sequence[Preset]], list[Cell]]",
    *,
    variant: str,
    force: bool,
) -> "list[Cell]":
    """Return the cells of presets, changed as the command says; tell which go by another name.

    Raises:
        ConfigError: no such preset, what `plan` refuses, or a variant that is something else.
    """
    from memeval.cli import render
    from memeval.matrix.configurations import apart
    from memeval.preset import load_preset

    presets = [load_preset(name, overrides) for name in dict.fromkeys(names)]
    return apart(presets, context, plan, variant=variant, force=force, on_note=render.note)
