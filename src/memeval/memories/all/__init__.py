"""ALL: the three memories on one stream."""

from memeval.memories.all.memory import All

__all__ = ["All"]
