"""Scores of answers and retrieval, and paired comparisons."""
