"""Several configurations of one preset in a run: each goes by a name of its own.

On one model a preset's name stands for one set of overrides. Whoever comes with others later gets
a name beside it, the preset's with a suffix, and leaves what is there as it is.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from memeval.errors import ConfigError
from memeval.matrix.cells import Cell, Context, cell_folder, slug
from memeval.matrix.identity import digest, overrides
from memeval.matrix.variants import Variant
from memeval.outside import UnreadableError, shown_text
from memeval.preset import Preset, with_variant
from memeval.results import META
from memeval.sealing import read_head

DIGITS = 6
"""Of the digest that names a configuration to which nobody has given a name."""
WHOLE, PLAIN = "whole", "plain"
"""The names of a preset as it is, where its own stands for a part of the items, or for a change."""
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
        ConfigError: what is there, and is not replaced, has their name and other overrides.
    """
    named = [with_variant(preset, variant) if variant else preset for preset in presets]
    if not force:
        named = [_beside(preset, context, plan, on_note) for preset in named]
    cells = plan(named)
    if force:
        check_kept(cells, context, force=True, remedy="a --variant")
    check_ablated(cells, context, force=force)
    return cells


def check_kept(cells: Sequence[Cell], context: Context, *, force: bool, remedy: str) -> None:
    """Refuse cells whose name stands for something else in the run.

    With `force` only what lies beside the cells counts, as of another size: the rest is replaced.

    Raises:
        ConfigError: other overrides are there; the `remedy` is how the cells get another name.
    """
    for mine in _by_name(cells):
        if (there := _held(mine, context, force=force)) is not None:
            where = " in cells that are not replaced" if force else ""
            changed = overrides(mine[0].preset, context)
            how = f"{remedy}, or another --run" if force else f"{remedy}, another --run, or --force"
            raise ConfigError(
                f"a preset must keep to one set of overrides in a run, got "
                f"{told(changed, beside=there)} for {mine[0].preset.name}, which is there with "
                f"{told(there, beside=changed)}{where}; give {how}"
            )


def check_ablated(cells: Sequence[Cell], context: Context, *, force: bool) -> None:
    """Refuse an ablation that would lie in one folder with that of a preset that ends alike.

    With `force` only what lies beside the cells counts.

    Raises:
        ConfigError: the folder holds cells of another preset.
    """
    planned = {cell_folder(context.runs_dir, cell) / META for cell in cells}
    variants = [cell.preset for cell in cells if isinstance(cell.preset, Variant)]
    for preset in {variant.ablated: variant for variant in variants}.values():
        folder = (context.runs_dir / preset.name).parent
        for path in sorted(folder.glob(f"*/*/*/*/{META}")):
            other = "" if force and path in planned else _other_ablated(path, preset)
            if other:
                raise ConfigError(
                    f"an ablation must have a folder of its own, got that of {preset.ablated} "
                    f"where {str(folder)!r} has that of {other}; rename the preset, or give a "
                    "--variant or another --run"
                )


def _other_ablated(path: Path, preset: Variant) -> str:
    """Return of which other preset or memory a cell is a variant; nothing where of this one.

    Cells of older versions tell their memory alone.
    """
    try:
        meta = read_head(path)
    except UnreadableError:
        return ""
    if told := meta.get("ablated"):
        return str(told) if told != preset.ablated else ""
    config = meta.get("config")
    memory = str(config.get("memory", "")) if isinstance(config, dict) else ""
    return memory if Path(memory).name != Path(preset.memory).name else ""


def _beside(preset: Preset, context: Context, plan: Plan, on_note: Callable[[str], None]) -> Preset:
    """Return a preset, under the name of a variant if its own stands for something else there."""
    held = _first_held(plan([preset]), context)
    if held is None:
        return preset
    changed = overrides(preset, context)
    other = preset if preset.variant else with_variant(preset, _variant_beside(held, changed))
    taken = held if preset.variant else _first_held(plan([other]), context)
    if taken is not None:
        raise ConfigError(
            "a variant must keep to one set of overrides in a run, got "
            f"{told(changed, beside=taken)} for {other.name}, which has "
            f"{told(taken, beside=changed)} in {str(context.runs_dir)!r}; give another --variant, "
            "or replace the old one with --force"
        )
    on_note(
        f"{preset.name} is there with {told(held, beside=changed)}, so this one is {other.name}; "
        "--variant NAME names it, --force replaces the other"
    )
    return other


def _variant_beside(held: Mapping[str, Any], changed: Mapping[str, Any]) -> str:
    """Return what overrides are called beside others that have the plain name.

    Those that are none have a word, as all the items after a trial with a limit.
    """
    if changed:
        return digest(changed)[:DIGITS]
    return WHOLE if set(held) == {"limit"} else PLAIN


def _by_name(cells: Sequence[Cell]) -> list[list[Cell]]:
    """Return the cells, those of a preset's name and a model together."""
    found: dict[tuple[str, str], list[Cell]] = defaultdict(list)
    for cell in cells:
        found[cell.preset.name, slug(cell.model)].append(cell)
    return list(found.values())


def _first_held(cells: Sequence[Cell], context: Context) -> Mapping[str, Any] | None:
    found = (_held(mine, context) for mine in _by_name(cells))
    return next((there for there in found if there is not None), None)


def _held(
    cells: Sequence[Cell], context: Context, *, force: bool = False
) -> Mapping[str, Any] | None:
    """Return other overrides that the run has under the one name of cells; None for none.

    Cells that are all there as they are planned keep their name, whatever lies beside them.
    """
    changed = overrides(cells[0].preset, context)
    planned = {cell_folder(context.runs_dir, cell) / META for cell in cells}
    if all(_overrides_in(path) == changed for path in planned):
        return None
    name = context.runs_dir / cells[0].preset.name / slug(cells[0].model)
    for path in sorted(name.glob(f"*/*/{META}")):
        there = None if force and path in planned else _overrides_in(path)
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


def told(changed: Mapping[str, Any], *, beside: Mapping[str, Any]) -> str:
    """Say in a few words what sets overrides apart from those beside them."""
    own = [
        f"{name}={value}"
        for name, value in changed.items()
        if name not in beside or beside[name] != value
    ]
    lacking = [f"no {name}" for name in beside if name not in changed]
    return shown_text(", ".join(own or lacking if changed else ["no overrides"]))
