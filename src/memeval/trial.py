"""Tries an import in a process of its own first: it may end its process, or never come back."""

import subprocess
import sys
from dataclasses import dataclass

LIMIT_S = 60.0
SURVIVED = 77
IMPORT = f"""
import importlib.util, os, sys
name, file, *sys.path = sys.argv[1:]
try:
    if file:
        spec = importlib.util.spec_from_file_location(name, file)
        sys.modules[name] = made = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(made)
    else:
        __import__(name)
except BaseException:
    pass
os._exit({SURVIVED})
"""


@dataclass
class Trial:
    """Whether imports are tried first; a command does, for its users have not seen the code."""

    is_wanted: bool = False

    def verdict(self, module: str, file: str = "") -> str:
        """Return what an import does to its process; empty where it ends well or just raises."""
        if not self.is_wanted or module in sys.modules:
            return ""
        command = [sys.executable, "-c", IMPORT, module, file, *sys.path]
        quiet = subprocess.DEVNULL
        try:
            code = subprocess.run(
                command, stdin=quiet, stdout=quiet, stderr=quiet, timeout=LIMIT_S, check=False
            ).returncode
        except subprocess.TimeoutExpired:
            return f"one that has not ended after {LIMIT_S:g} seconds"
        return "" if code == SURVIVED else f"one that ended its process with {code}"


TRIAL = Trial()
