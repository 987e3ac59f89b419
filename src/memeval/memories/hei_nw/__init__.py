"""HEI-NW, the episodic memory."""

from memeval.memories.hei_nw.memory import HeiNw

__all__ = ["HeiNw"]
