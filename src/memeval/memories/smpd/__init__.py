"""SMPD, the spatial map: replay-to-policy distillation."""

from memeval.memories.smpd.memory import Smpd

__all__ = ["Smpd"]
