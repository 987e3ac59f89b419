"""What memeval asks of a language model: that it continues a text. The rest has defaults."""

import hashlib
import inspect
import sys
from abc import abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol, cast, runtime_checkable

from memeval.models.answers import Generation
from memeval.models.prompt import Prompt

Progress = Callable[[int], None]
"""Called with the number of prompts answered since the last call."""


class _NameOfClass:
    """Gives the name of its owner in lower case, until an instance or a subclass sets its own."""

    def __get__(self, instance: object, owner: type) -> str:
        return owner.__name__.lower()


@runtime_checkable
class TextModel(Protocol):
    """A model that answers prompts. Whoever subclasses it has to write `generate` alone.

    What a model can do besides is in `capabilities`. It should be deterministic: the same prompts,
    in whatever order and company, get the same answers.
    """

    name: str = cast("str", _NameOfClass())
    window: int | None = None
    """Tokens that prompt and answer may have together; None where nobody knows."""

    @abstractmethod
    def generate(
        self,
        prompts: Sequence[Prompt],
        *,
        max_new_tokens: int,
        stop: Sequence[str],
        on_done: Progress = lambda _: None,
    ) -> list[Generation]:
        """Continue each prompt, greedily, until a stop string, the end token or the limit."""
        ...

    def fingerprint(self) -> str:
        """Return a hex digest that changes when answers may: of the name and the class's source.

        A model whose answers rest on anything else, such as weights, writes its own.
        """
        return source_digest(type(self), self.name)

    def description(self) -> dict[str, str | int]:
        """Return what a reader of the results should know: architecture, device, size."""
        return {"architecture": type(self).__name__, "device": "none"}


def source_digest(kind: type, name: str) -> str:
    """Return a digest of a name and of the files that define a class and those above it."""
    digest = hashlib.sha256(name.encode())
    for cls in kind.__mro__:
        if cls.__module__.partition(".")[0] in sys.stdlib_module_names - {"__main__"}:
            continue
        digest.update(cls.__qualname__.encode())
        try:
            digest.update(Path(inspect.getfile(cls)).read_bytes())
        except (OSError, TypeError):  # typed into a session: there is no file
            continue
    return digest.hexdigest()
