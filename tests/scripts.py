"""The scripts of `benchmarks`, which lie outside the package."""

import importlib
import sys
from pathlib import Path
from types import ModuleType

import pytest

TESTS = Path(__file__).parent
BENCHMARKS = TESTS.parent / "benchmarks"


def script(name: str) -> ModuleType:
    """Import a script of that folder, which is on the path as long as this takes.

    Where the tests have a module of its name, that is what the name stands for afterwards.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(BENCHMARKS)
        is_taken = (TESTS / f"{name}.py").is_file()
        if is_taken:
            patch.delitem(sys.modules, name, raising=False)
        found = importlib.import_module(name)
        if is_taken:
            del sys.modules[name]
        return found
