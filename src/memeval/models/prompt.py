"""What a model is asked: a prompt in parts, or the turns of a conversation."""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: Literal["system", "user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt in the parts that an engine can reuse.

    `prefix` is shared by a whole suite, `memory` holds one text per recalled trace, `suffix` asks
    the question. The model reads their concatenation, which is `text`. In a `chat` that was
    rendered by the model, its answer ends where its turn does. A model that takes turns gets those
    that go before as `turns`, and the text as the last one. `sample` tells prompts apart that are
    alike, where each is to be answered anew.
    """

    prefix: str
    memory: tuple[str, ...]
    suffix: str
    chat: bool = field(default=False, kw_only=True)
    turns: tuple[Message, ...] = field(default=(), kw_only=True)
    sample: int = field(default=0, kw_only=True)

    @property
    def pieces(self) -> tuple[str, ...]:
        """The parts in reading order; each is tokenized on its own."""
        return (self.prefix, *self.memory, self.suffix)

    @property
    def text(self) -> str:
        """The whole prompt, for a model that reuses nothing."""
        return "".join(self.pieces)
