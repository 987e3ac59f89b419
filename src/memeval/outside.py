"""Where text from outside is parsed: YAML and JSON, bounded, with one kind of error.

A file that somebody else wrote may be nested without end, name a key twice, or hold a value that
the parser's own constructors stumble over. Who reads one catches `UnreadableError`, and says which
file it was and what to do.
"""

import json
import reprlib
from collections.abc import Hashable, Iterator
from typing import Any

import yaml

SHOWN = 80
"""Characters of a value that a message shows."""
MAX_CHARACTERS = 2**20
"""Of YAML, which people write by hand."""
MAX_NODES = 10_000
"""Of YAML, aliases written out: a few lines of them can stand for more than memory holds."""


class UnreadableError(ValueError):
    """Text that is not what it should be; the message says where, or what was got."""


class _Short(reprlib.Repr):
    """Shows the beginning of a value, without visiting the rest."""

    def __init__(self) -> None:
        super().__init__()
        self.maxstring = self.maxother = SHOWN
        self.maxlevel = 4

    def repr_int(self, x: int, level: int) -> str:  # noqa: ARG002 - as reprlib calls it
        """Return a number, or how long one is that would fill the message."""
        return repr(x) if x.bit_length() < 3 * SHOWN else f"a number of {x.bit_length():,} bits"


def shown(value: object) -> str:
    """Return a value as a message shows it: its beginning, bounded, however large it is."""
    text = _SHORT.repr(value)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 3]}..."


def read_json(text: str | bytes) -> Any:
    """Parse JSON in which no table names a key twice and every number is finite.

    Raises:
        UnreadableError: it is not such JSON, or nested too deeply to be data.
    """
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except RecursionError as error:
        raise UnreadableError("it is nested too deeply") from error
    except ValueError as error:
        raise UnreadableError(str(error)) from error


def read_yaml(text: str) -> Any:
    """Parse plain YAML in which no table names a key twice.

    Raises:
        UnreadableError: it is not such YAML, or larger or deeper than anything written by hand.
    """
    if len(text) > MAX_CHARACTERS:
        raise UnreadableError(f"it has {len(text):,} characters, of at most {MAX_CHARACTERS:,}")
    try:
        return yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader
    except RecursionError as error:
        raise UnreadableError("it is nested too deeply") from error
    except Exception as error:  # constructors of scalars raise what they like: a date 2024-13-45
        raise UnreadableError(_in_a_line(error)) from error


def _in_a_line(error: Exception) -> str:
    """Return what a parser said, with the line where it stopped, as one line."""
    mark = getattr(error, "problem_mark", None)
    told = getattr(error, "problem", None) or str(error) or type(error).__name__
    where = f" in line {mark.line + 1}" if mark else ""
    return shown_text(f"{' '.join(told.split())}{where}")


def shown_text(text: str, length: int = 2 * SHOWN) -> str:
    """Return the beginning of a text that is told as it is."""
    return text if len(text) <= length else f"{text[: length - 3]}..."


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise UnreadableError(f"it names the key {shown(twice)} twice")
    return table


def _no_constant(name: str) -> float:
    raise UnreadableError(f"it holds {name}, which is no number")


class _Loader(yaml.SafeLoader):
    """A SafeLoader that counts what aliases stand for, and refuses a key that stands twice."""

    def get_single_node(self) -> yaml.Node | None:
        """Return the document's node if it is of a size that people write."""
        node: yaml.Node | None = super().get_single_node()
        if node is not None and sum(1 for _ in _bounded(node)) > MAX_NODES:
            raise UnreadableError(f"its aliases stand for more than {MAX_NODES:,} values")
        return node

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """Build a table; a merged key may be overridden, a key of its own may not stand twice."""
        own = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        if twice := next((key for key in own if own.count(key) > 1), None):
            raise UnreadableError(f"it names the key {shown(twice)} twice")
        return super().construct_mapping(node, deep=deep)


def _bounded(node: yaml.Node) -> Iterator[yaml.Node]:
    """Yield a node and all below it, aliases written out, up to one more than is allowed."""
    waiting = [node]
    for _ in range(MAX_NODES + 1):
        if not waiting:
            return
        found = waiting.pop()
        yield found
        if isinstance(found, yaml.MappingNode):
            waiting += [one for pair in found.value for one in pair]
        elif isinstance(found, yaml.SequenceNode):
            waiting += found.value


_SHORT = _Short()
