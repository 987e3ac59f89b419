"""Golds that audits found wrong: their ids and the kind of fault, shipped without any text."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from memeval.outside import read_json

WRONG_CITATION = "wrong citation"
"""The fault of an item whose answer is right, and whose evidence is not."""


@cache
def known_faults(benchmark: str) -> Mapping[str, str]:
    """Return the kind of fault by question id, as audits of a benchmark name them."""
    listed = files("memeval.suites.public") / "known_faults" / f"{benchmark}.json"
    return MappingProxyType(read_json(listed.read_bytes()))
