"""Memory classes by name, held to the contract before anything runs."""

import inspect
from collections.abc import Iterator, Mapping
from typing import Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from memeval.errors import PluginError
from memeval.memories.contract import OPTIONAL, REQUIRED, Ablatable, requirements
from memeval.memories.installed import packages_of
from memeval.memories.params import MemoryParams
from memeval.models import CAPABILITIES
from memeval.registry import MEMORIES

PARTS: Mapping[str, str] = {"model": "a model", "encoder": "an encoder", "writer": "a writer"}
"""What a memory may need, handed to its constructor by keyword; and how a sentence names it."""


def memory_class(name: str) -> Any:
    """Import the class that a name stands for, or a file of one's own defines.

    Raises:
        ConfigError: no such name.
        PluginError: it cannot be imported, or breaks the contract.
    """
    plugin = MEMORIES.plugin(name)
    kind = plugin.load()
    for rule, got in _broken(kind):
        raise PluginError(f"a memory must {rule}, got {got} from {plugin}; mend the class")
    return kind


def _broken(kind: Any) -> Iterator[tuple[str, str]]:
    """Yield the rules that a class breaks, and what it has instead."""
    if not isinstance(kind, type):
        yield "be a class", repr(kind)
        return
    members = inspect.getmembers_static(kind)
    yield from _broken_methods(dict(members))
    yield from _broken_params(dict(members).get("Params"))
    yield from _broken_requirements(kind)


def _broken_methods(members: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for name in REQUIRED:
        if name not in members:
            yield f"have the methods {', '.join(REQUIRED)}", f"no {name}"
    for name in (*REQUIRED, *OPTIONAL):
        member = members.get(name)
        if inspect.iscoroutinefunction(member) or inspect.isasyncgenfunction(member):
            yield "have methods that return at once", f"async def {name}"


def _broken_params(params: object) -> Iterator[tuple[str, str]]:
    if not (isinstance(params, type) and issubclass(params, MemoryParams)):
        yield "have a class Params that derives from MemoryParams", repr(params)
        return
    for name in {"seed", *PARTS} & params.model_fields.keys():
        yield "name its parameters otherwise than what it is handed", f"a parameter {name!r}"


def _broken_requirements(kind: object) -> Iterator[tuple[str, str]]:
    required = requirements(kind)
    for name, got, known in (
        ("needs", required.needs, tuple(PARTS)),
        ("wants", required.wants, tuple(CAPABILITIES)),
        ("uses", required.uses, tuple(PARTS)),
    ):
        if not isinstance(got, tuple) or not set(got) <= set(known):
            yield f"have {name} that are a tuple out of {', '.join(known)}", repr(got)
    if not _are_versions(packages := packages_of(kind)):
        yield "have packages that are versions by distribution", repr(packages)
    if isinstance(kind, Ablatable) and not _are_knobs(kind):
        yield "have knobs that are tuples of names", f"{kind.knobs!r} and {kind.knobs_together!r}"
    if required.wants and "model" not in required.needs:
        yield "need a model if it wants anything of it", f"needs {required.needs!r}"


def _are_versions(packages: object) -> bool:
    if not isinstance(packages, Mapping) or not all(isinstance(one, str) for one in packages):
        return False
    try:
        return bool([SpecifierSet(wanted) for wanted in packages.values()]) or not packages
    except (InvalidSpecifier, TypeError, AttributeError):
        return False


def _are_knobs(kind: Ablatable) -> bool:
    groups = (kind.knobs, *kind.knobs_together)
    names = [name for group in groups if isinstance(group, tuple) for name in group]
    return all(isinstance(group, tuple) for group in groups) and all(
        isinstance(name, str) for name in names
    )
