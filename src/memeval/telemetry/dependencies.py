"""Which versions of other packages a plugin rests on."""

from functools import lru_cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from packaging.requirements import InvalidRequirement, Requirement

from memeval.naming import DISTRIBUTION


@lru_cache(maxsize=32)
def dependency_versions(name: str | None) -> dict[str, str]:
    """Return the versions of a distribution and of all that it needs, by name.

    memeval's own packages are told elsewhere: what they need is not followed. What is not installed
    is left out, as are extras.
    """
    found: dict[str, str] = {}
    waiting = [name] if name else []
    while waiting:
        next_up = waiting.pop()
        installed = _installed(next_up)
        if next_up == DISTRIBUTION or next_up in found or installed is None:
            continue
        found[next_up] = installed.version
        waiting += [need for text in installed.requires or () if (need := _needed(text))]
    return found


def _installed(name: str) -> Distribution | None:
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def _needed(text: str) -> str | None:
    """Return the name that a requirement asks for here; None for an extra's or another system's."""
    try:
        requirement = Requirement(text)
    except InvalidRequirement:
        return None
    applies = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
    return requirement.name if applies else None
