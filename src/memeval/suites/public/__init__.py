"""Benchmarks that others published, one file each: a reader, a prompt, scorers and a licence."""
