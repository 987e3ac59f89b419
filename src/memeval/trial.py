"""Tries an import, or a call, in a process of its own first: it may end it, or never come back."""

import math
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from memeval.errors import ConfigError, PluginError
from memeval.outside import shown

LIMIT = "MEMEVAL_TRIAL_S"
"""What sets, in the environment, how many seconds a trial may take."""
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
CALL = f"""
import os, pickle, sys
sys.path[:] = sys.argv[1:]
try:
    files, packed = pickle.load(sys.stdin.buffer)
    from memeval.registry import import_files
    for name, file in files.items():
        try:
            import_files({{name: file}})
        except BaseException:
            pass
    function, arguments = pickle.loads(packed)
    function(*arguments)
except BaseException:
    pass
os._exit({SURVIVED})
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a trial did to its process, and what else than mending it may help."""

    got: str
    advice: str = ""

    def refuse(self, rule: str, whose: object, next_step: str) -> NoReturn:
        """Raise `PluginError`, in the words that tell what is merely raised."""
        raise PluginError(f"{rule}, got {self.got} from {whose}; {next_step}{self.advice}")


@dataclass
class Trial:
    """Whether plugins are tried first; a command does, for its users have not seen the code."""

    is_wanted: bool = False
    passed: set[bytes] = field(default_factory=set)

    def verdict(self, module: str, file: str = "") -> Verdict | None:
        """Return what an import does to its process; None where it ends well or just raises."""
        if not self.is_wanted or module in sys.modules:
            return None
        return _verdict([IMPORT, module, file])

    def verdict_of_call(
        self, files: Mapping[str, Path], function: Callable[..., object], *arguments: object
    ) -> Verdict | None:
        """Return what a call does to its process, once; what cannot be sent there is not tried.

        What it is made of may be in `files` of the user's own.
        """
        if not self.is_wanted:
            return None
        try:
            packed = pickle.dumps((files, pickle.dumps((function, arguments))))
        except Exception:
            return None
        found = None if packed in self.passed else _verdict([CALL], packed)
        if found is None:
            self.passed.add(packed)
        return found


def limit_s() -> float:
    """Return the most seconds that a trial may take.

    Raises:
        ConfigError: the environment sets something else.
    """
    told = os.environ.get(LIMIT, "")
    try:
        seconds = float(told or LIMIT_S)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < threading.TIMEOUT_MAX:
        raise ConfigError(f"{LIMIT} must be seconds above 0, got {shown(told)}; for example 300")
    return seconds


def _verdict(code: list[str], sent: bytes = b"") -> Verdict | None:
    limit, quiet = limit_s(), subprocess.DEVNULL
    command = [sys.executable, "-c", *code, *sys.path]
    try:
        ended = subprocess.run(
            command, input=sent, stdout=quiet, stderr=quiet, timeout=limit, check=False
        ).returncode
    except subprocess.TimeoutExpired:
        return Verdict(f"one that has not ended after {limit:g} seconds", f", or raise {LIMIT}")
    return None if ended == SURVIVED else Verdict(f"one that ended its process with {ended}")


TRIAL = Trial()
