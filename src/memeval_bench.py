"""Starts `memeval`, if the package of that name is the one that comes with memeval-bench.

On the public index the distributions `memoryeval` and `memeval` belong to others. Installed beside
ours they may write over a part of the package, or stand before it: what then runs is neither. So
this module, which is nobody else's, is what the commands start with; it imports nothing of either.
"""

import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

PACKAGE, OURS = "memeval", "memeval-bench"
MARK = f'__distribution__ = "{OURS}"'
"""What the package says of itself in its first file, which every other one has of its own."""
OTHERS = ("memoryeval", "memeval")
USAGE_ERROR = 2


def main() -> None:
    """Run the command line, or say which package stands in its place."""
    check()
    from memeval.__main__ import main as run

    run()


def check() -> None:
    """End the process with a sentence where the package is not ours, or not ours alone."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        _refuse("none", PACKAGE, None)
    folder = Path(spec.origin).parent
    mixed = next(_mixed(folder), None)
    if mixed is not None or MARK not in Path(spec.origin).read_text("utf-8", "replace"):
        other = mixed or _distribution_of(folder)
        _refuse(f"files of {other or 'another'}", str(folder), other)


def _mixed(folder: Path) -> Iterator[str]:
    """Yield the known distributions that have put files into the package's own folder."""
    for name in OTHERS:
        for record in folder.parent.glob(f"{name}-*.dist-info/RECORD"):
            lines = record.read_text("utf-8", "replace").splitlines()
            tops = {line.partition("/")[0] for line in lines if "/" in line}
            if any(_is_same(folder.parent / top, folder) for top in tops):
                yield name


def _is_same(one: Path, other: Path) -> bool:
    """Whether two paths are one folder, as `MemEval` and `memeval` are on some file systems."""
    return one.name.casefold() == other.name.casefold() and one.exists() and one.samefile(other)


def _distribution_of(folder: Path) -> str | None:
    """Return whose package it is; every installed one is asked, which takes a while."""
    from importlib.metadata import distributions

    for found in distributions():
        files = found.files or ()
        if found.name != OURS and any(
            file.parts[0] == PACKAGE and Path(str(file.locate())).parent == folder for file in files
        ):
            return found.name
    return None


def _refuse(got: str, where: str, other: str | None) -> NoReturn:
    away = f"pip uninstall {other} && " if other else ""
    print(
        f"{PACKAGE}: the package {PACKAGE} must be that of {OURS} and nothing else, got {got} in "
        f"{where}; run: {away}pip install --force-reinstall --no-deps {OURS}",
        file=sys.stderr,
    )
    sys.exit(USAGE_ERROR)
