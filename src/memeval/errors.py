"""The errors memeval raises for its users. Only `cli/` turns them into exit codes."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import chdir, contextmanager

from memeval.near import near_names
from memeval.outside import SHOWN, shown, shown_text

OUT_OF_MEMORY = ("out of memory", "allocate memory")
"""What torch's allocators say, whose errors have no class of their own on every device."""


class MemevalError(Exception):
    """Something a user can put right. The message states the rule, what was got, the next step."""


class ConfigError(MemevalError):
    """A preset, option or setting that cannot be used."""


class DataError(MemevalError):
    """A dataset, manifest or result file that is missing, broken or changed."""


class ModelError(MemevalError):
    """A model that cannot be found, fetched, converted or loaded."""


class PluginError(MemevalError):
    """A plugin that cannot be imported, or that breaks its contract."""


class OutputError(MemevalError):
    """A place on disk that results cannot be written to."""


class Calls:
    """Whose code is being called, for whoever must say so when the process ends in it."""

    def __init__(self) -> None:
        self.on_change: Callable[[str], None] = lambda _: None
        self.innermost = ""

    def change(self, call: str) -> None:
        """Put down which call is the innermost one now."""
        self.innermost = call
        self.on_change(call)


CALLS = Calls()


@contextmanager
def blaming(rule: str, whose: object, next_step: str, *, doing: str = "") -> Iterator[None]:
    """Say which plugin it was that raised; what users can put right is told as it is.

    Whatever is raised counts, `SystemExit` too, but not Ctrl-C. The working directory is afterwards
    what it was. `doing` says what the plugin is asked for, should it never come back.

    Raises:
        PluginError: something else than an error of memeval's was raised.
    """
    outer = CALLS.innermost
    CALLS.change(f"{doing} of {whose}" if doing else str(whose))
    try:
        with chdir(os.curdir):
            yield
    except KeyboardInterrupt:
        raise  # and the call stays put down, for it is where the process ends
    except BaseException as error:
        CALLS.change(outer)
        if isinstance(error, MemevalError):
            raise
        raise PluginError(
            f"{rule}, got {type(error).__name__}: {first_line(error)} from {whose}; "
            f"{_advice(error) or next_step}"
        ) from error
    CALLS.change(outer)


def first_line(error: BaseException) -> str:
    """Return the beginning of what an error says; somebody else's may fail at that too."""
    try:
        return shown_text(str(error).strip().split("\n")[0])
    except BaseException:
        return "an error that cannot be shown"


def _advice(error: BaseException) -> str:
    """Return what to do about an error whose cause is known, whoever raised it."""
    told = first_line(error).lower()
    is_full = isinstance(error, MemoryError) or any(sign in told for sign in OUT_OF_MEMORY)
    return "free some memory: give a smaller --batch-size, or take fewer --workers" * is_full


def one(kind: str) -> str:
    """Return a kind of thing with the article that it takes."""
    return f"{'an' if kind[0] in 'aeio' else 'a'} {kind}"


def unknown_name(
    kind: str, got: str, known: Iterable[str], purposes: Mapping[str, str] | None = None
) -> str:
    """Word the message for an unknown name: the near names, or all of them if none is near.

    What each name is for, where that is told, is looked through too.
    """
    names = sorted(known)
    near = near_names(got[:SHOWN], names, purposes)
    hint = f"did you mean {' or '.join(near)}?" if near else f"known: {', '.join(names) or 'none'}"
    return f"{kind} must be a known name, got {shown(got)}; {hint}"
