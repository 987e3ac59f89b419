"""From prompts to tokens and back, as one model's tokenizer does it."""

from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from memeval.models.local import chat
from memeval.models.local.pieces import Pieces, beginning
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
        self.bos = beginning(tokenizer)
        self._pieces = Pieces(tokenizer)
        self.ends = _end_tokens(model, tokenizer)
        self.thoughts = Thoughts(tokenizer)
        self.begin = "".join(tokenizer.convert_ids_to_tokens(self.bos))
        starts = (*self.bos[-1:], tokenizer.bos_token_id, tokenizer.eos_token_id, 0)
        self.context: int = next(id_ for id_ in starts if id_ is not None)
        self._tokenize_prefix = lru_cache(maxsize=8)(self._tokenize_one)

    @property
    def concatenates(self) -> bool:
        """Whether a prompt is read piece by piece, so that notes can be read apart."""
        return self._pieces.concatenate

    def tokenize(self, texts: Sequence[str]) -> list[list[int]]:
        """Return token ids of each text, without special tokens."""
        return self._pieces.tokenize(texts)

    def lengths(self, pieces: Sequence[str]) -> list[int]:
        """Return the tokens that each text takes at most as a piece of a prompt."""
        return self._pieces.lengths(pieces)

    def option(self, prompt: Prompt, text: str) -> list[int]:
        """Return token ids of a text that continues a prompt; it may be empty."""
        return self._pieces.added(prompt.text, text) if text else []

    def encode(self, prompt: Prompt) -> Encoded:
        """Tokenize piece by piece, so that a piece has the same tokens wherever it stands.

        Where pieces would not be the text, it is tokenized as a whole.
        """
        if not self.concatenates:
            return Encoded(tuple(self.bos), (), self._never_empty(self._tokenize_one(prompt.text)))
        first = next((i for i, piece in enumerate(prompt.pieces) if piece), 0)
        begun = self._tokenize_prefix(prompt.pieces[first])
        others = self._pieces.continuing(prompt.pieces[first + 1 :])
        pieces = [*([[]] * first), begun, *others]
        prefix, *notes, suffix = map(tuple, pieces)
        if not any(pieces):
            suffix = self._never_empty(suffix)
        return Encoded((*self.bos, *prefix), tuple(notes), suffix)

    def _tokenize_one(self, text: str) -> list[int]:
        return self.tokenize([text])[0] if text else []

    def _never_empty(self, tokens: Sequence[int]) -> Tokens:
        """Give an empty prompt something to be answered after."""
        return tuple(tokens) if tokens or self.bos else (self.context,)

    def decode(self, tokens: Sequence[int], *, whole: bool = False) -> str:
        """Return the text of tokens; special ones are in it only where it is to be `whole`."""
        text: str = self.tokenizer.decode(list(tokens), skip_special_tokens=not whole)
        return text

    def ends_of(self, prompts: Sequence[Prompt]) -> set[int]:
        """Return the tokens that end an answer; in a chat the end of a turn is one."""
        return self.ends | (self._end_of_turn if any(prompt.chat for prompt in prompts) else set())

    @cached_property
    def _end_of_turn(self) -> set[int]:
        return chat.end_of_turn(self.tokenizer)


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


def _end_tokens(model: Any, tokenizer: Any) -> set[int]:
    ends: set[int] = set()
    generation = getattr(model, "generation_config", None)
    for value in (tokenizer.eos_token_id, getattr(generation, "eos_token_id", None)):
        if value is not None:
            ends.update(value if isinstance(value, list) else [value])
    return ends
