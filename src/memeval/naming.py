"""Names of users' things as names of folders."""

import hashlib
import os
import re
from collections.abc import Sequence
from pathlib import Path

DISTRIBUTION = "memeval-bench"
"""What is installed: on the public index the name of the package is somebody else's."""
ABLATIONS = "ablations"
"""Presets below this name are variants of a memory, and no presets of a user's choice."""
FULL = "full"
"""The variant with no knob off."""


def slug(name: str, otherwise: str) -> str:
    """Return a name without what a folder's must not hold, or `otherwise` if nothing is left."""
    return re.sub(r"[^A-Za-z0-9._-]+", "--", name).strip(".-") or otherwise


def path_slug(path: Path, otherwise: str) -> str:
    """Return a path's last part and a digest, which tells it from others that end alike."""
    whole = path.resolve()
    digest = hashlib.sha256(os.fsencode(whole)).hexdigest()[:8]
    last = path.name.strip(".") or whole.name
    return f"{slug(last, otherwise)}-{digest}"


def variant_of(preset: str, variant: str) -> str:
    """Return the name under which a variant of a preset's memory lies."""
    return f"{ABLATIONS}/{preset.rpartition('/')[2]}/{variant}"


def variant_name(knobs: Sequence[str]) -> str:
    """Return knobs that are off as the name of a variant: ("gate.enabled",) is "no_gate"."""
    return "no_" + "-".join(knob.removesuffix(".enabled") for knob in knobs)
