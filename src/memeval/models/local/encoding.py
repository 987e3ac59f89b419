"""From prompts to tokens and back, as one model's tokenizer does it."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from memeval.models.local import chat
from memeval.models.local.rows import Row, Tokens
from memeval.models.local.thoughts import Thoughts
from memeval.models.prompt import Prompt


class Encoded(NamedTuple):
    """The tokens of a prompt's parts; a text that the tokenizer begins is begun in the prefix."""

    prefix: Tokens
    notes: tuple[Tokens, ...]
    suffix: Tokens

    @property
    def length(self) -> int:
        """Tokens of the whole prompt."""
        return sum(map(len, (self.prefix, *self.notes, self.suffix)))


class Encoding:
    """A tokenizer: what it begins a text with, what ends an answer, what stands round a thought."""

    def __init__(self, model: Any, tokenizer: Any) -> None:
        self.tokenizer = tokenizer
        self.bos = _bos_tokens(tokenizer)
        self.ends = _end_tokens(model, tokenizer)
        self.thoughts = Thoughts(tokenizer)
        starts = (tokenizer.bos_token_id, tokenizer.eos_token_id, 0)
        self.context: int = next(id_ for id_ in starts if id_ is not None)
        self._tokenize_prefix = lru_cache(maxsize=8)(self.tokenize_one)

    def tokenize(self, texts: Sequence[str]) -> list[list[int]]:
        """Return token ids of each text, without special tokens."""
        if not texts:
            return []
        ids: list[list[int]] = self.tokenizer(list(texts), add_special_tokens=False)["input_ids"]
        return ids

    def tokenize_one(self, text: str) -> list[int]:
        """Return token ids of one text, which may be empty."""
        return self.tokenize([text])[0] if text else []

    def encode(self, prompt: Prompt) -> Encoded:
        """Tokenize piece by piece, so that a piece has the same tokens wherever it stands."""
        prefix = (*self.bos, *self._tokenize_prefix(prompt.prefix))
        *notes, suffix = map(tuple, self.tokenize(prompt.pieces[1:]))
        if not (prefix or notes or suffix):
            suffix = (self.context,)
        return Encoded(prefix, tuple(notes), suffix)

    def decode(self, tokens: Sequence[int], *, whole: bool = False) -> str:
        """Return the text of tokens; special ones are in it only where it is to be `whole`."""
        text: str = self.tokenizer.decode(list(tokens), skip_special_tokens=not whole)
        return text


def rows_of(encoded: Sequence[Encoded], *, stitched: bool) -> tuple[Tokens, list[Row]]:
    """Return the prefix that all prompts share, and what each adds to it: at least one token."""
    prefixes = {one.prefix for one in encoded}
    shared = min(prefixes) if len(prefixes) == 1 else ()
    if any(not one.suffix for one in encoded):
        shared = ()
    rows = []
    for prefix, notes, suffix in encoded:
        own = prefix[len(shared) :]
        if stitched and not own:
            rows.append(Row(suffix, tuple(note for note in notes if note)))
        else:
            rows.append(Row((*own, *(token for note in notes for token in note), *suffix)))
    return shared, rows


def _bos_tokens(tokenizer: Any) -> list[int]:
    """Return [bos] if this tokenizer puts one before a text of its own accord, else []."""
    bos = tokenizer.bos_token_id
    with_special = tokenizer("a")["input_ids"]
    return [bos] if bos is not None and with_special[:1] == [bos] else []


def _end_tokens(model: Any, tokenizer: Any) -> set[int]:
    ends = chat.end_of_turn(tokenizer)
    generation = getattr(model, "generation_config", None)
    for value in (tokenizer.eos_token_id, getattr(generation, "eos_token_id", None)):
        if value is not None:
            ends.update(value if isinstance(value, list) else [value])
    return ends
