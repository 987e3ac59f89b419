"""Baselines that see what any memory sees: nothing kept, all of it, the newest, what fits best."""

from memeval.memories.baselines.bm25 import BM25
from memeval.memories.baselines.dense import Dense
from memeval.memories.baselines.hybrid import Hybrid
from memeval.memories.baselines.unasked import FullContext, NoMemory, Recent

__all__ = ["BM25", "Dense", "FullContext", "Hybrid", "NoMemory", "Recent"]
