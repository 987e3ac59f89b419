"""The three generators that come with memeval."""

from memeval.suites.own.episodic import SUITE as EPISODIC
from memeval.suites.own.semantic import SUITE as SEMANTIC
from memeval.suites.own.spatial import SUITE as SPATIAL
from memeval.types import Session

SUITES = {suite.name: suite for suite in (EPISODIC, SEMANTIC, SPATIAL)}


def generate(suite: str, *, size: int, seed: int) -> Session:
    """Generate a session of one of them, without files.

    Raises:
        ConfigError: a size or seed that cannot be made.
    """
    return SUITES[suite].session(size=size, seed=seed)
