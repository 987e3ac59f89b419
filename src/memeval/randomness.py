"""Named random streams: the order of work never changes a result."""

import hashlib
from random import Random


def named_random(*name: str | int) -> Random:
    """Return the generator that belongs to a name."""
    digest = hashlib.sha256("/".join(map(str, name)).encode()).digest()
    return Random(int.from_bytes(digest[:8], "big"))
