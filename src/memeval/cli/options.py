"""Options that several commands share."""

from typing import Annotated

import typer

SHOWN_FAULTS = 10

Suites = Annotated[
    list[str], typer.Option("--suite", help="A suite, the path of a folder, or all; repeatable.")
]


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
