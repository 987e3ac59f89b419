"""Damage that is the same every time: mutations of bytes, and a limit on the time of reading."""

import random
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

LIMIT_S = 10
"""Far above what any of these inputs takes, so that other work on the machine is no hang."""
SPECIAL = (b"\x00", b"\xff", b"\n", b"\r", b'"', b"{", b"[", b"-", b"9" * 40, b"\x1b[31m", b"\x7f")


def mutated(data: bytes, rng: random.Random) -> bytes:
    """Return data with one to four pieces of damage: cut, flipped, dropped, doubled, put in."""
    for _ in range(rng.choice((1, 1, 2, 4))):
        data = _damaged(data, rng)
    return data


def _damaged(data: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(data) + 1)
    end = min(len(data), start + rng.choice((1, 1, 4, 16, 256)))
    kind = rng.randrange(6)
    if kind == 0:  # cut short
        return data[:start]
    if kind == 1 and start < len(data):  # one bit
        return data[:start] + bytes([data[start] ^ 1 << rng.randrange(8)]) + data[start + 1 :]
    if kind == 2:  # a piece gone
        return data[:start] + data[end:]
    if kind == 3:  # a piece twice
        return data[:end] + data[start:]
    if kind == 4:  # what parsers stumble over
        return data[:start] + rng.choice(SPECIAL) + data[start:]
    return data[:start] + rng.randbytes(end - start) + data[end:]  # noise


@contextmanager
def time_limit(seconds: float = LIMIT_S) -> Iterator[None]:
    """Fail a block that does not end; Unix alone has the signal that can tell."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise AssertionError(f"it did not end in {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
