"""Memories: the contract, the registry, the baselines, and memeval's own."""
