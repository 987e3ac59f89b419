"""Golds that audits found wrong: their ids and the kind of fault, shipped without any text."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from memeval.outside import read_json
from memeval.suites.public.tally import WRONG, Tally
from memeval.types import Item

WRONG_CITATION = "wrong citation"
"""The fault of an item whose answer is right, and whose evidence is not."""
EXCLUDED = "excluded"


@cache
def known_faults(benchmark: str) -> Mapping[str, str]:
    """Return the kind of fault by question id, as audits of a benchmark name them."""
    listed = files("memeval.suites.public") / "known_faults" / f"{benchmark}.json"
    return MappingProxyType(read_json(listed.read_bytes()))


def with_fault(item: Item, fault: str, errata: str, tally: Tally) -> Item:
    """Return an item with what is known of its gold: it is told, or `excluded` from the scores.

    A citation that is wrong leaves the answer as good as it was, and is counted alone.
    """
    if not fault:
        return item
    if fault == WRONG_CITATION:
        tally.remark("citations known to be wrong", kind=WRONG)
        return item
    if errata == EXCLUDED:
        return replace(item, unscored_reason="gold known to be wrong")
    return replace(item, fault=fault)
