"""What a baseline is to the others: the floor, the right page, the ceiling and so on.

A preset says it of itself (`role:` in its YAML, kept in a cell's meta), so that no report
names one.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from memeval.naming import configuration_in
from memeval.outside import read_yaml
from memeval.preset import preset_names, presets_dir

FLOOR, PLACEBO, CORE, CEILING = "floor", "placebo", "core", "ceiling"
CONTEXT, RETRIEVAL = "context", "retrieval"
ORDER = (FLOOR, PLACEBO, CORE, CONTEXT, RETRIEVAL, "", CEILING)
"""How rows stand in tables: what has no role, as memories do, between the baselines."""
REFERENCES = (CORE, RETRIEVAL, CONTEXT)
"""What the gain of a memory is told over."""


@cache
def shipped() -> Mapping[str, str]:
    """Return the shipped presets that have a role, and which."""
    contents = _contents()
    return {name: content["role"] for name, content in contents.items() if content.get("role")}


@cache
def _contents() -> Mapping[str, Mapping[str, Any]]:
    return {
        name: read_yaml((presets_dir() / f"{name}.yaml").read_text("utf-8"))
        for name in preset_names()
    }


def role_of(preset: str, meta: Mapping[str, Any]) -> str:
    """Return the role of a preset, nothing where it has none.

    One of several configurations of a preset, told apart by a name or a digest, has none either.
    """
    is_plain = preset == meta["preset"] and not configuration_in(preset)
    return own_role(meta) if is_plain else ""


def own_role(meta: Mapping[str, Any]) -> str:
    """Return the role of a cell's preset, whichever of its configurations this is."""
    return str(meta.get("role") or shipped().get(meta["preset"], ""))


def presets_of(roles: tuple[str, ...]) -> list[str]:
    """Return the shipped presets of some roles that run as they are, in the order of the roles."""
    found = {
        name: role for name, role in shipped().items() if not _contents()[name].get("required")
    }
    return [name for role in roles for name in sorted(found) if found[name] == role]
