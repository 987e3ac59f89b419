"""`memeval list`: what can be named on the command line."""

from enum import StrEnum
from typing import Annotated

import typer

Rows = list[tuple[str, ...]]


class Kind(StrEnum):
    """What there is to be listed."""

    memories = "memories"
    presets = "presets"
    suites = "suites"
    scorers = "scorers"
    models = "models"
    encoders = "encoders"
    knobs = "knobs"


def _kinds(incomplete: str) -> list[str]:
    """Return what can be listed that begins so."""
    return [kind for kind in Kind if kind.startswith(incomplete)]


SHOWN_DEFAULT = 24
KINDS = f"One of {', '.join(Kind)}; default all of them."


FILES = (
    "NAME:PATH reads the published file at a path, or those in a folder; NAME alone reads the "
    "folder NAME in MEMEVAL_BENCHMARKS_DIR."
)


def list_(
    kind: Annotated[
        str | None,
        typer.Argument(help=KINDS, metavar="KIND", autocompletion=_kinds),
    ] = None,
) -> None:
    """List what can be named: presets, models, suites, knobs and more."""
    from memeval.cli import render
    from memeval.errors import ConfigError, unknown_name

    if kind is not None and kind not in set(Kind):
        raise ConfigError(unknown_name("what to list", kind, Kind))
    for one in [Kind(kind)] if kind else list(Kind):
        header, rows = _table(one)
        is_suites = one is Kind.suites
        render.table(one.value, header, rows, spare=header[-1:] if is_suites else ())
        if is_suites:
            render.note(FILES)


def _table(kind: Kind) -> tuple[tuple[str, ...], Rows]:
    if kind is Kind.presets:
        return ("preset", "memory", "role"), _presets()
    if kind is Kind.knobs:
        return ("memory", "knob", "default"), _knobs()
    if kind is Kind.suites:
        return ("name", "package", "data", "what it names"), _suites()
    return ("name", "package", "what it names"), _plugins(kind)


def _plugins(kind: Kind) -> Rows:
    from memeval.registry import REGISTRIES

    plugins = REGISTRIES[kind.value].plugins()
    return [(name, one.distribution or "-", one.value) for name, one in sorted(plugins.items())]


def _suites() -> Rows:
    """Return every suite with where its data comes from; one that is broken says so."""
    from memeval.errors import MemevalError
    from memeval.suites.choosing import suite_named
    from memeval.suites.suite import FromFiles, Sized

    def data_of(name: str) -> str:
        try:
            suite = suite_named(name)
        except MemevalError as error:
            return str(error)
        if isinstance(suite, FromFiles):
            return "NAME:PATH"
        return "made here" if isinstance(suite, Sized) else "-"

    return [(name, package, data_of(name), value) for name, package, value in _plugins(Kind.suites)]


def _presets() -> Rows:
    from memeval.preset import load_preset, preset_names

    presets = map(load_preset, preset_names())
    return [(preset.name, preset.memory, preset.role or "memory") for preset in presets]


def _knobs() -> Rows:
    """Return the parameters of every memory that can be turned; one that is broken says so."""
    from memeval.errors import PluginError
    from memeval.memories.kinds import memory_class
    from memeval.memories.params import parameter_defaults
    from memeval.registry import MEMORIES

    rows: Rows = []
    for name in MEMORIES.names():
        try:
            defaults = parameter_defaults(memory_class(name).Params)
        except PluginError as error:
            rows.append((name, str(error), ""))
            continue
        rows += [(name, knob, _default(value)) for knob, value in defaults.items()]
    return rows


def _default(value: object) -> str:
    """Show a default on a line of a terminal; what must be set has none."""
    from pydantic_core import PydanticUndefined

    from memeval.outside import shown_text

    return "" if value is PydanticUndefined else shown_text(str(value), SHOWN_DEFAULT)
