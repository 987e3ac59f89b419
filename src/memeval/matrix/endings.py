"""What is said of a worker that ended, or had to be ended, before its cell was done."""

import signal

MEND = "mend it, so that it returns or raises"


def died(exitcode: int | None, call: str) -> str:
    """Say how a worker ended, at which call, and what to do about an end of that kind.

    `exitcode` is as `multiprocessing` tells it: negative for a signal, None for a process that
    lives on without its pipe.
    """
    if exitcode is None:
        how, advice = "a closed pipe", MEND
    elif exitcode == -signal.SIGKILL:
        how = f"{_signal(exitcode)}, as where memory runs out,"
        advice = "free some memory, give a smaller --batch-size, or take fewer --workers"
    else:
        how = _signal(exitcode) if exitcode < 0 else f"{exitcode} as its exit code"
        advice = MEND
    return (
        f"a worker must live until its cell is done, got one that ended with {how} in {call}; "
        f"{advice}"
    )


def late(timeout_s: float, call: str) -> str:
    """Say that a session did not end in time, and at which call it was."""
    return (
        f"a session must end within the --timeout of {timeout_s:g} seconds, got one still in "
        f"{call}; raise --timeout, or mend it"
    )


def _signal(exitcode: int) -> str:
    try:
        return f"signal {-exitcode} ({signal.Signals(-exitcode).name})"
    except ValueError:
        return f"signal {-exitcode}"
