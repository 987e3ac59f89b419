"""The errors memeval raises for its users. Only `cli/` turns them into exit codes."""

from collections.abc import Iterable
from difflib import get_close_matches


class MemevalError(Exception):
    """Something a user can put right. The message states the rule, what was got, the next step."""


class ConfigError(MemevalError):
    """A preset, option or setting that cannot be used."""


class DataError(MemevalError):
    """A dataset, manifest or result file that is missing, broken or changed."""


class ModelError(MemevalError):
    """A model that cannot be found, fetched, converted or loaded."""


class PluginError(MemevalError):
    """A plugin that cannot be imported, or that breaks its contract."""


class OutputError(MemevalError):
    """A place on disk that results cannot be written to."""


def unknown_name(kind: str, got: str, known: Iterable[str]) -> str:
    """Word the message for an unknown name: the near names, or all of them if none is near."""
    names = sorted(known)
    inside = [name for name in names if got and got in name.split("/")]
    near = inside or get_close_matches(got, names, n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else f"known: {', '.join(names) or 'none'}"
    return f"{kind} must be a known name, got {got!r}; {hint}"
