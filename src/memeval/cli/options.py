"""Options that several commands share."""

from typing import Annotated

import typer

SHOWN_FAULTS = 10

Suites = Annotated[list[str], typer.Option("--suite", help="A suite, or all; repeatable.")]


def suite_names(chosen: list[str]) -> list[str]:
    """Return the suites asked for; `all` stands for every one.

    Raises:
        ConfigError: no such suite.
    """
    from memeval import suites

    if "all" in chosen:
        return list(suites.SUITES)
    for name in chosen:
        suites.suite_named(name)
    return list(dict.fromkeys(chosen))
