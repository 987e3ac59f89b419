"""Where text from outside is parsed: YAML, JSON and paths, bounded, with one kind of error.

A file that somebody else wrote may be nested without end, name a key twice, or hold a value that
the parser's own constructors stumble over. Who reads one catches `UnreadableError`, and says which
file it was and what to do.
"""

import json
import math
import os
import reprlib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

SHOWN = 80
"""Characters of a value that a message shows."""
MAX_CHARACTERS = 2**20
"""Of YAML, which people write by hand."""
MAX_NODES = 10_000
"""Of YAML, aliases written out: a few lines of them can stand for more than memory holds."""
MAX_DEPTH = 50
"""Of JSON, and of YAML, aliases written out: what checks and writes values stumbles over more."""
TOO_DEEP = "it is nested too deeply"
MAX_DIGITS = 4_300
"""Of a whole number, as Python reads and writes them at most."""
MAX_BITS = 63
"""Of a whole number in YAML, as files and arrays hold them."""


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
        text = text if isinstance(text, str) else text.decode()
        value = _JSON.decode(text)
    except RecursionError as error:
        raise UnreadableError(TOO_DEEP) from error
    except ValueError as error:
        raise UnreadableError(str(error)) from error
    if text.count("[") + text.count("{") > MAX_DEPTH:  # few texts are, so that few are gone through
        _check_depth(value)
    return value


def read_yaml(text: str) -> Any:
    """Parse plain YAML in which no table names a key twice.

    Raises:
        UnreadableError: it is not such YAML, or larger or deeper than anything written by hand.
    """
    if len(text) > MAX_CHARACTERS:
        raise UnreadableError(f"it has {len(text):,} characters, of at most {MAX_CHARACTERS:,}")
    try:
        return yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader
    except Exception as error:  # constructors of scalars raise what they like: a date 2024-13-45
        raise UnreadableError(_in_a_line(error)) from error


def path_of(text: str) -> Path:
    """Return the path that a setting or a file names; `~` is the user's home."""
    return Path(os.path.expanduser(text))  # noqa: PTH111 - Path.expanduser raises without a home


def find_file(text: str) -> Path | None:
    """Return the file that a name stands for, None if it is none or can be no path at all."""
    path = path_of(text)
    return path if os.path.isfile(path) else None  # noqa: PTH113 - Path.is_file raises on long ones


def encodable(text: str) -> str:
    """Return a name from the file system as text that can be written, stray bytes spelled out."""
    return os.fsencode(text).decode("utf-8", "backslashreplace")


def _in_a_line(error: Exception) -> str:
    """Return what a parser said, with the line where it stopped, as one line."""
    mark = getattr(error, "problem_mark", None)
    told = getattr(error, "problem", None) or str(error) or type(error).__name__
    where = f" in line {mark.line + 1}" if mark else ""
    return shown_text(f"{' '.join(told.split())}{where}")


def shown_text(text: str, length: int = 2 * SHOWN) -> str:
    """Return the beginning of a text that is told as it is."""
    return text if len(text) <= length else f"{text[: length - 3]}..."


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(MAX_DEPTH):
        tables = [one.values() if isinstance(one, dict) else one for one in level]
        level = [below for table in tables if not isinstance(table, _PLAIN) for below in table]
    if level:
        raise UnreadableError(TOO_DEEP)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        _check_once(name for name, _ in pairs)
    return table


def _check_once(names: Iterable[str]) -> None:
    for name, times in Counter(names).items():
        if times > 1:
            raise UnreadableError(f"it names the key {shown(name)} twice")


def _finite(number: str) -> float:
    value = float(number)
    return value if math.isfinite(value) else _no_constant(shown_text(number, SHOWN))


def _whole(number: str) -> int:
    _check_length(number)
    return int(number)


def _check_length(number: str) -> None:
    if len(number) > MAX_DIGITS:
        raise UnreadableError(f"it holds a number of {len(number):,} digits")


def _no_constant(name: str) -> float:
    raise UnreadableError(f"it holds {name}, which is no number")


class _Loader(yaml.SafeLoader):
    """A SafeLoader within bounds, also of what aliases stand for, in which no key stands twice."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._nodes = self._depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Read the next node, unless it is one too many or too deep."""
        self._nodes += 1
        self._depth += 1
        if self._nodes > MAX_NODES:
            raise UnreadableError(f"it holds more than {MAX_NODES:,} values")
        if self._depth > MAX_DEPTH:
            raise UnreadableError(TOO_DEEP)
        node: yaml.Node | None = super().compose_node(parent, index)
        self._depth -= 1
        return node

    def get_single_node(self) -> yaml.Node | None:
        """Return the document's node if it is of a size that people write."""
        node: yaml.Node | None = super().get_single_node()
        if node is not None:
            _check_bounds(node)
        return node

    def compose_mapping_node(self, anchor: Any) -> yaml.MappingNode:
        """Read a table; a merged key may be overridden, a key of its own may not stand twice."""
        node: yaml.MappingNode = super().compose_mapping_node(anchor)
        _check_once(key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode))
        return node

    def construct_scalar(self, node: yaml.ScalarNode | yaml.MappingNode) -> Any:
        """Return a text that can be written: escapes may stand for what is no character."""
        value = super().construct_scalar(node)
        str(value).encode()
        if "\0" in str(value):
            raise UnreadableError("it holds a NUL character")
        return value

    def construct_whole(self, node: yaml.ScalarNode) -> int:
        """Return a whole number that files and arrays hold."""
        _check_length(node.value)
        value: int = self.construct_yaml_int(node)
        if value.bit_length() > MAX_BITS:
            raise UnreadableError(f"it holds {shown(value)}, more than {MAX_BITS} bits")
        return value


_Loader.add_constructor("tag:yaml.org,2002:int", _Loader.construct_whole)


def _check_bounds(node: yaml.Node) -> None:
    """Refuse what is too deep or too large once its aliases are written out."""
    waiting = [(node, 1)]
    for _ in range(MAX_NODES):
        if not waiting:
            return
        found, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise UnreadableError(TOO_DEEP)
        if isinstance(found, yaml.MappingNode):
            waiting += [(one, depth + 1) for pair in found.value for one in pair]
        elif isinstance(found, yaml.SequenceNode):
            waiting += [(one, depth + 1) for one in found.value]
    if waiting:
        raise UnreadableError(f"its aliases stand for more than {MAX_NODES:,} values")


_JSON = json.JSONDecoder(
    object_pairs_hook=_unique, parse_int=_whole, parse_float=_finite, parse_constant=_no_constant
)
_PLAIN = (str, int, float, type(None))
_SHORT = _Short()
