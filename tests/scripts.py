"""The scripts of `benchmarks`, which lie outside the package."""

import importlib
import sys
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


def script(name: str) -> ModuleType:
    """Import a script of that folder, which is on the path as long as this takes.

    A module of the tests that has its name is put aside meanwhile.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(BENCHMARKS)
        known = sys.modules.get(name)
        if known and not Path(known.__file__ or "").is_relative_to(BENCHMARKS):
            patch.delitem(sys.modules, name)
        return importlib.import_module(name)
