"""Options that several commands share."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from memeval.datasets.dataset import Dataset

SHOWN_FAULTS = 10

Suites = Annotated[
    list[str],
    typer.Option(
        "--suite", help="A suite, a suite:PATH, the path of a folder, or all; repeatable."
    ),
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
Date = Annotated[
    str, typer.Option("--run", "--date", help="Name of the run; default today's date.")
]
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
Encoder = Annotated[str | None, typer.Option(help="What makes vectors, for memories that need it.")]
Writer = Annotated[
    str | None, typer.Option(help="The model of a memory's own calls; default --model.")
]
Limit = Annotated[int | None, typer.Option(min=1, help="Only the first items.")]
Threads = Annotated[int, typer.Option(min=1, help="CPU threads of a worker; pinned.")]
Workers = Annotated[
    int, typer.Option(min=1, help="Processes that run cells, each with a model of its own.")
]
Timeout = Annotated[
    float | None,
    typer.Option(
        min=0.001, help="Most seconds that a session may take; a cell with a longer one is failed."
    ),
]
Device = Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:1, ...")]
Force = Annotated[bool, typer.Option(help="Run cells that are already done.")]
DryRun = Annotated[bool, typer.Option(help="Show what would run and why, and stop.")]


def overrides(set_: list[str], reader: str | None, prompt_style: str | None) -> dict[str, Any]:
    """Return what the command line changes about every preset, by dotted name."""
    from memeval.preset import parse_overrides

    chosen = {"reader.kind": reader, "reader.style": prompt_style}
    return parse_overrides([*set_, *(f"{key}={value}" for key, value in chosen.items() if value)])


def datasets(
    suites: list[str],
    size: list[int] | None,
    seed: list[int] | None,
    *,
    is_matrix: bool = False,
) -> "list[Dataset]":
    """Return the datasets asked for; where no size or seed is, those that each suite takes.

    Raises:
        ConfigError: no such suite, or a size or seed that it cannot make.
        DataError: a folder that breaks a rule.
    """
    from memeval.suites.choosing import datasets_named, suite_names

    return [
        dataset
        for name in suite_names(suites)
        for dataset in datasets_named(name, size or (), seed or (), is_matrix=is_matrix)
    ]
