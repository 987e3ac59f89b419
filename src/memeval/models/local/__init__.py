"""Models that run in this process: weights on disk, read by transformers."""
