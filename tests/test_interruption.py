"""Ctrl-C ends a process whatever it is doing, and what is unfinished goes with it."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from memeval.interruption import INTERRUPTED, INTERRUPTION, SIGNALS

FRAME = """
import hashlib, os, signal, subprocess, sys, time
from pathlib import Path
from memeval.interruption import INTERRUPTION

INTERRUPTION.words = lambda: "this is kept"

def in_c():
    hashlib.pbkdf2_hmac("sha256", b"", b"", 2 * 10**9)  # minutes, without Python's lock

def deaf():
    while True:
        try:
            time.sleep(60)
        except BaseException:
            pass

def hangs():
    with INTERRUPTION.put_away(in_c):
        time.sleep(60)

def handlers_changed():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    INTERRUPTION.hear()
    time.sleep(60)

def trial():
    subprocess.run([sys.executable, "-c", "import time; time.sleep(60)"])

with INTERRUPTION.heard(), INTERRUPTION.put_away(Path("unfinished").unlink):
    Path("unfinished").touch()
    Path("ready").touch()
    {act}
"""
Start = Callable[..., "subprocess.Popen[str]"]


def heed(handler: signal.Handlers) -> None:
    """Take signals as they come from a terminal, also where the tests run behind nohup."""
    signal.signal(signal.SIGINT, handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture
def start(workplace: Path) -> Start:
    """Return a function that starts what one of the functions does, and waits until it does."""

    def begin(act: str, handler: signal.Handlers = signal.SIG_DFL) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-c", FRAME.replace("{act}", act)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=lambda: heed(handler),  # noqa: PLW1509
        )
        while process.poll() is None and not (workplace / "ready").exists():
            time.sleep(0.02)
        time.sleep(0.2)
        return process

    return begin


@pytest.mark.parametrize(
    ("act", "wish"),
    [
        ("in_c()", signal.SIGINT),
        ("in_c()", signal.SIGTERM),
        ("deaf()", signal.SIGINT),
        ("deaf()", signal.SIGHUP),
        ("hangs()", signal.SIGINT),
        ("handlers_changed()", signal.SIGINT),
        ("trial()", signal.SIGINT),
    ],
)
def test_it_ends_whatever_code_runs(
    start: Start, workplace: Path, act: str, wish: signal.Signals
) -> None:
    """Code that does not come back, or catches all: one line, what is unfinished is gone."""
    process = start(act)
    children = psutil.Process(process.pid).children(recursive=True)
    os.kill(process.pid, wish)
    out, err = process.communicate(timeout=50)
    assert (process.returncode, out, err) == (INTERRUPTED, "", "this is kept\n")
    assert not (workplace / "unfinished").exists()
    assert not psutil.wait_procs(children, timeout=10)[1]


def test_it_does_not_wait_when_asked_again(start: Start) -> None:
    """A second Ctrl-C ends the patience with what is being put away, and not the rest of it."""
    process = start("exec('with INTERRUPTION.put_away(lambda: time.sleep(1)): deaf()')")
    os.kill(process.pid, signal.SIGINT)
    time.sleep(0.2)
    os.kill(process.pid, signal.SIGINT)
    assert process.communicate(timeout=50)[1] == "this is kept\n"
    assert not Path("unfinished").exists()


def test_nothing_is_heard_outside_the_block() -> None:
    """Whoever calls memeval from Python keeps the handlers that were there."""
    found = signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored, in the background
    try:
        before = [signal.getsignal(one) for one in SIGNALS]
        INTERRUPTION.hear()
        with INTERRUPTION.heard():
            assert signal.getsignal(signal.SIGINT) not in before
        assert [signal.getsignal(one) for one in SIGNALS] == before
    finally:
        signal.signal(signal.SIGINT, found)


def test_what_a_shell_wants_ignored_stays_ignored(start: Start) -> None:
    """As for jobs in the background, and under nohup."""
    process = start("time.sleep(0.5)", signal.SIG_IGN)
    os.kill(process.pid, signal.SIGINT)
    assert process.communicate(timeout=50) == ("", "")
    assert process.returncode == 0


def test_a_command_ends_before_it_has_been_imported(workplace: Path) -> None:
    """From the first line on there is no traceback, and the line says how to go on once it can."""
    code = (
        "import os, signal, sys, importlib.abc\n"
        "class Finder(importlib.abc.MetaPathFinder):\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == {name!r}:\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Finder())\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "sys.argv = ['memeval', 'report', 'a b']\n"
        "from memeval.__main__ import main\n"
        "main()\n"
    )
    said = {"memeval.cli.app": "before anything", "rich.console": "memeval report 'a b'$"}
    for name, words in said.items():
        command = [sys.executable, "-c", code.format(name=name)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=50, check=False)
        assert done.returncode == INTERRUPTED, done.stderr
        assert re.search(words, done.stderr.strip()), done.stderr
        assert len(done.stderr.splitlines()) == 1
