"""Names of users' things as names of folders."""

import hashlib
import json
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

DISTRIBUTION = "memeval-bench"
"""What is installed: on the public index the name of the package is somebody else's."""
ABLATIONS = "ablations"
"""Presets below this name are variants of a memory, and no presets of a user's choice."""
FULL = "full"
"""The variant with no knob off."""
LONGEST = 80
"""Characters of a value's name, which is a part of a folder's."""
MARK = "@"
"""Stands between a preset's name and that of one of its configurations in a run."""


def slug(name: str, otherwise: str) -> str:
    """Return a name without what a folder's must not hold, or `otherwise` if nothing is left."""
    return re.sub(r"[^A-Za-z0-9._-]+", "--", name).strip(".-") or otherwise


def path_slug(path: Path, otherwise: str) -> str:
    """Return a path's last part and a digest, which tells it from others that end alike."""
    whole = path.resolve()
    digest = hashlib.sha256(os.fsencode(whole)).hexdigest()[:8]
    last = path.name.strip(".") or whole.name
    return f"{slug(last, otherwise)}-{digest}"


def configured(preset: str, variant: str) -> str:
    """Return the name of one of a preset's configurations; the plain one is called as it is."""
    return f"{preset}{MARK}{variant}" if variant else preset


def configuration_in(name: str) -> str:
    """Return what `configured` has put behind a preset's name, nothing where that is the plain one.

    The name may be that of an ablation: in "ablations/hei_nw@chat/full" it is "chat".
    """
    return name.partition(MARK)[2].partition("/")[0]


def variant_of(preset: str, variant: str) -> str:
    """Return the name under which a variant of a preset's memory lies."""
    return f"{ABLATIONS}/{preset.rpartition('/')[2]}/{variant}"


def variant_name(knobs: Sequence[str]) -> str:
    """Return knobs that are off as the name of a variant: ("gate.enabled",) is "no_gate"."""
    return "no_" + "-".join(knob.removesuffix(".enabled") for knob in knobs)


def swept_name(parameter: str, value: Any) -> str:
    """Return a parameter's value as the name of a variant: "hopfield.beta" of 8, "hopfield.beta-8".

    A digest tells what a folder's name cannot say, or would say of another value too.
    """
    text = value if isinstance(value, str) else json.dumps(value)
    name = f"{parameter}-{text}"
    is_other = isinstance(value, str) and _is_json(value)  # the text "8" is not the number 8
    if name == slug(name, "") and len(name) <= LONGEST and not is_other:
        return name
    digest = hashlib.sha256(json.dumps([parameter, value]).encode()).hexdigest()[:8]
    return f"{slug(name, 'value')[:LONGEST]}-{digest}"


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
