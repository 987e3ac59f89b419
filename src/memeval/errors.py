"""The errors memeval raises for its users. Only `cli/` turns them into exit codes."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches

from memeval.outside import SHOWN, shown, shown_text


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


@contextmanager
def blaming(rule: str, whose: object, next_step: str) -> Iterator[None]:
    """Say which plugin it was that raised; what users can put right is told as it is.

    Raises:
        PluginError: something else than an error of memeval's was raised.
    """
    try:
        yield
    except MemevalError:
        raise
    except Exception as error:
        first_line = shown_text(str(error).strip().split("\n")[0])
        raise PluginError(
            f"{rule}, got {type(error).__name__}: {first_line} from {whose}; {next_step}"
        ) from error


def unknown_name(kind: str, got: str, known: Iterable[str]) -> str:
    """Word the message for an unknown name: the near names, or all of them if none is near."""
    names = sorted(known)
    inside = [name for name in names if got and got in name.split("/")]
    near = inside or get_close_matches(got[:SHOWN], names, n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else f"known: {', '.join(names) or 'none'}"
    return f"{kind} must be a known name, got {shown(got)}; {hint}"
