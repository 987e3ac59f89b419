"""Options that several commands share."""

from pathlib import Path
from typing import Annotated, Any

import typer

SHOWN_FAULTS = 10

Suites = Annotated[
    list[str], typer.Option("--suite", help="A suite, the path of a folder, or all; repeatable.")
]
Study = Annotated[
    str | None,
    typer.Option(help="A study's name or the path of its YAML file: it says what is run."),
]
Models = Annotated[
    list[str] | None,
    typer.Option(
        "--model",
        help="smollm2, a .gguf file, a folder, a Hub id; repeatable; default smollm2, or the "
        "study's.",
    ),
]
DEFAULT_MODELS = ("smollm2",)
Date = Annotated[str, typer.Option(help="Name of the run; default today.")]
OutDir = Annotated[Path | None, typer.Option(help="Where runs are kept; default runs.")]
Set = Annotated[
    list[str], typer.Option("--set", help="A parameter, as in gate.enabled=false; repeatable.")
]
Reader = Annotated[str | None, typer.Option(help="How traces are read: kv or text.")]
PromptStyle = Annotated[
    str | None,
    typer.Option(help="How a prompt is told: completion (default), or chat, for instruct models."),
]
BatchSize = Annotated[
    int | None, typer.Option(min=1, help="Most rows that decode together; default 32 on a CPU.")
]
Limit = Annotated[int | None, typer.Option(min=1, help="Only the first items.")]
Threads = Annotated[int, typer.Option(min=1, help="CPU threads of a worker; pinned.")]
Workers = Annotated[
    int, typer.Option(min=1, help="Processes that run cells, each with a model of its own.")
]
Device = Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:1, ...")]
Force = Annotated[bool, typer.Option(help="Run cells that are already done.")]
DryRun = Annotated[bool, typer.Option(help="Show what would run and why, and stop.")]


def overrides(set_: list[str], reader: str | None, prompt_style: str | None) -> dict[str, Any]:
    """Return what the command line changes about every preset, by dotted name."""
    from memeval.config import parse_overrides

    chosen = {"reader.kind": reader, "reader.style": prompt_style}
    return parse_overrides([*set_, *(f"{key}={value}" for key, value in chosen.items() if value)])


def suite_names(chosen: list[str]) -> list[str]:
    """Return the suites asked for; `all` stands for every built-in one.

    Raises:
        ConfigError: no such suite.
    """
    from memeval import suites

    names = [name for c in chosen for name in (suites.SUITES if c == "all" else [c])]
    for name in names:
        if suites.folder_named(name) is None:
            suites.suite_named(name)
    return list(dict.fromkeys(names))


def check_choice(names: list[str], size: object, seed: object) -> None:
    """Raise `ConfigError` if a size or seed was chosen and there are only folders to choose for."""
    from memeval import suites

    folders = [suites.folder_named(name) for name in names]
    if folders[0] is not None and None not in folders:
        suites.folder.check_no_choice(folders[0], size or None, seed or None)
