"""Suites: names that give datasets."""
