"""Options that several commands share."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from memeval.cli import completing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from memeval.datasets.dataset import Dataset

WHAT: Any = {"rich_help_panel": "What to run"}
HOW: Any = {"rich_help_panel": "How"}
WHERE: Any = {"rich_help_panel": "Where"}
WHEN: Any = {"rich_help_panel": "Before and after"}
"""The groups of a command's help."""
PRESET: Any = {"metavar": "PRESET", "autocompletion": completing.presets, **WHAT}
SUITE: Any = {"metavar": "SUITE", "autocompletion": completing.suites, **WHAT}
MODEL: Any = {"metavar": "MODEL", "autocompletion": completing.models}
SIZE: Any = {"metavar": "N", **WHAT}

Suites = Annotated[
    list[str],
    typer.Option(
        "--suite", help="A suite, a suite:PATH, the path of a folder, or all; repeatable.", **SUITE
    ),
]
Study = Annotated[
    str | None,
    typer.Option(
        help="A study's name or the path of its YAML file: it says what is run.",
        metavar="STUDY",
        autocompletion=completing.studies,
        **WHAT,
    ),
]
Models = Annotated[
    list[str] | None,
    typer.Option(
        "--model",
        help="smollm2, a .gguf file, a folder, a Hub id, openai:NAME@BASE_URL; repeatable; "
        "default smollm2, or the "
        "study's.",
        **MODEL,
        **WHAT,
    ),
]
DEFAULT_MODELS = ("smollm2",)
DATA = "data."
"""What a key of `--set` begins with that is an option of the data and no preset's parameter."""
Date = Annotated[
    str,
    typer.Option(
        "--run", "--date", help="Name of the run; default today's date.", metavar="NAME", **WHERE
    ),
]
OutDir = Annotated[
    Path | None,
    typer.Option(help="Where runs are kept; default runs.", metavar="FOLDER", **WHERE),
]
Set = Annotated[
    list[str],
    typer.Option(
        "--set",
        help="A parameter, as in gate.enabled=false, or an option of the data, as in "
        "data.NAME=VALUE; repeatable.",
        metavar="KEY=VALUE",
        **WHAT,
    ),
]
Reader = Annotated[
    str | None, typer.Option(help="How traces are read: kv or text.", metavar="READER", **HOW)
]
Variant = Annotated[
    str,
    typer.Option(
        help="A name for the presets as they are changed here: they are called PRESET@NAME; "
        "default one is made, where the run has them otherwise.",
        metavar="NAME",
        **WHAT,
    ),
]
PromptStyle = Annotated[
    str | None,
    typer.Option(
        help="How a prompt is told: completion (default), or chat, for instruct models.",
        metavar="STYLE",
        **HOW,
    ),
]
BatchSize = Annotated[
    int | None,
    typer.Option(
        min=1, help="Most rows that decode together; default 32 on a CPU.", metavar="N", **HOW
    ),
]
Encoder = Annotated[
    str | None,
    typer.Option(
        help="What makes vectors, for memories that take it: a name, a folder of "
        "sentence-transformers, FILE.py:CLASS, none; default minilm.",
        metavar="ENCODER",
        autocompletion=completing.encoders,
        **HOW,
    ),
]
DEFAULT_ENCODER = "minilm"
NO_ENCODER = "none"
Writer = Annotated[
    str | None,
    typer.Option(help="The model of a memory's own calls; default --model.", **MODEL, **HOW),
]
MemoryModel = Annotated[
    str | None,
    typer.Option(
        help="The model that a memory reads events with, where the reader cannot be it; default "
        "--model.",
        **MODEL,
        **HOW,
    ),
]
Judge = Annotated[
    str | None,
    typer.Option(
        help="A model that judges answers, beside the other scores; it is measured by answers "
        "that are known right or wrong.",
        **MODEL,
        **HOW,
    ),
]
JudgeVotes = Annotated[
    int, typer.Option(min=1, help="Calls of the judge for each verdict.", metavar="N", **HOW)
]
Concurrency = Annotated[
    int | None,
    typer.Option(
        min=1, help="Requests to a served model under way at once; default 8.", metavar="N", **HOW
    ),
]
Window = Annotated[
    int | None,
    typer.Option(
        min=1,
        help="Tokens that a served model can read; default what its server says.",
        metavar="N",
        **HOW,
    ),
]
Limit = Annotated[
    int | None, typer.Option(min=1, help="Only the first items.", metavar="N", **WHAT)
]
Threads = Annotated[
    int, typer.Option(min=1, help="CPU threads of a worker; pinned.", metavar="N", **HOW)
]
Workers = Annotated[
    int | None,
    typer.Option(
        min=1,
        help="Processes that run cells, each with a model of its own; default 1, with Ray as many "
        "as the cluster has room for.",
        metavar="N",
        **HOW,
    ),
]
Engine = Annotated[
    Literal["processes", "ray"],
    typer.Option(
        help="Where cells run: processes of this machine, or a Ray cluster.",
        metavar="ENGINE",
        **HOW,
    ),
]
Address = Annotated[
    str | None,
    typer.Option(
        help="The Ray cluster; default RAY_ADDRESS, else one of this machine alone.",
        metavar="ADDRESS",
        **HOW,
    ),
]
Gpus = Annotated[
    float | None,
    typer.Option(
        min=0,
        help="GPUs for each worker of a Ray cluster; default 1 where it has any.",
        metavar="N",
        **HOW,
    ),
]
Timeout = Annotated[
    float | None,
    typer.Option(
        min=0.001,
        help="Most seconds that a session may take; a cell with a longer one is failed.",
        metavar="SECONDS",
        **HOW,
    ),
]
Device = Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:1, ...", metavar="DEVICE", **HOW)]
Precision = Annotated[
    str,
    typer.Option(
        help="Numbers of a local model: float32, bfloat16, or auto, which suits the device.",
        metavar="PRECISION",
        **HOW,
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Run cells that are already done.", **WHEN)]
KeepText = Annotated[
    bool | None,
    typer.Option(
        "--keep-text/--no-keep-text",
        help="Whether the run holds questions, answers and notes; default yes, but for data that "
        "may not be passed on where git would see it.",
        **WHERE,
    ),
]
Prices = Annotated[
    str | None,
    typer.Option(
        help="YAML file of what a million tokens of each model cost; says what calls do.",
        metavar="FILE",
        **WHEN,
    ),
]
DryRun = Annotated[
    bool,
    typer.Option(
        "--dry-run", help="Show what would run and why, how long it takes, and stop.", **WHEN
    ),
]


def overrides(
    set_: list[str], reader: str | None, prompt_style: str | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the command line changes about every preset, and the options of all data."""
    from memeval.preset import parse_overrides

    chosen = {"reader.kind": reader, "reader.style": prompt_style}
    told = parse_overrides([*set_, *(f"{key}={value}" for key, value in chosen.items() if value)])
    data = {key.removeprefix(DATA): told.pop(key) for key in [*told] if key.startswith(DATA)}
    return told, data


def datasets(
    suites: list[str],
    size: list[int] | None,
    seed: list[int] | None,
    *,
    is_matrix: bool = False,
    data: "Mapping[str, Any] | None" = None,
) -> "list[Dataset]":
    """Return the datasets asked for; where no size or seed is, those that each suite takes.

    Raises:
        ConfigError: no such suite, or a size, seed or option that it does not take.
        DataError: a folder that breaks a rule.
    """
    from memeval.suites.choosing import datasets_named, suite_names

    return [
        dataset
        for name in suite_names(suites)
        for dataset in datasets_named(
            name, size or (), seed or (), is_matrix=is_matrix, options=data or {}
        )
    ]
