"""A fake language model with the real contract, for tests and for authors of memories.

It needs no weights and answers in microseconds. No number it produces is a result: `memeval
report` leaves its cells out.
"""

import hashlib
import re
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from memeval.models.answers import Choice, Finish, Generation
from memeval.models.base import Progress, TextModel
from memeval.models.prompt import Message, Prompt

VOCABULARY = 2048
WIDTH = 32
COMMON_WORDS = frozenset(
    [
        "a",
        "an",
        "the",
        "and",
        "or",
        "in",
        "on",
        "at",
        "to",
        "of",
        "was",
        "were",
        "is",
        "it",
        "did",
        "do",
        "does",
        "who",
        "what",
        "where",
        "when",
        "which",
    ]
)

Reply = Callable[[Prompt], str]


def words_of(text: str) -> list[str]:
    """Split a text into words and punctuation marks."""
    return re.findall(r"\w+|[^\w\s]", text)


def reply_from_last_note(prompt: Prompt) -> str:
    """Answer with the last words of the last note that the question does not hold, or `unknown`."""
    if not prompt.memory:
        return "unknown"
    asked = set(words_of(prompt.suffix.lower()))
    fresh: list[str] = []
    for word in reversed(words_of(prompt.memory[-1])):
        if word.lower() in asked | COMMON_WORDS or not word.isalnum():
            if fresh:
                break
        else:
            fresh.append(word)
    return " ".join(reversed(fresh)) or "unknown"


class ScriptedModel(TextModel):
    """Tokens are hashed words, embeddings are fixed noise, replies come from a function."""

    name = "scripted"

    def __init__(self, reply: Reply = reply_from_last_note, *, window: int = 8192) -> None:
        self.window: int = window
        self._reply = reply

    def generate(
        self,
        prompts: Sequence[Prompt],
        *,
        max_new_tokens: int,
        stop: Sequence[str],
        on_done: Progress = lambda _: None,
    ) -> list[Generation]:
        """Answer every prompt with the reply function, cut at the limit and the stop strings."""
        answers = []
        for prompt in prompts:
            words = words_of(self._reply(prompt))
            text = " ".join(words[:max_new_tokens])
            is_cut = len(words) > max_new_tokens
            for word in stop:
                is_cut = is_cut and word not in text
                text = text.split(word)[0]
            tokens = sum(map(len, self.tokenize(prompt.pieces)))
            said = len(words_of(text))
            finish: Finish = "length" if is_cut else "stop"
            answers.append(Generation(text.strip(), tokens, 0, said, finish=finish))
            on_done(1)
        return answers

    def render_chat(self, messages: Sequence[Message]) -> str:
        """Name the speaker before every turn."""
        turns = [f"{message.role}: {message.text}\n" for message in messages]
        return "".join([*turns, "assistant: "])

    def choose(self, prompts: Sequence[Prompt], options: Sequence[Sequence[str]]) -> list[Choice]:
        """Prefer the option that shares most words with the prompt's last note."""
        picked = []
        for prompt, choices in zip(prompts, options, strict=True):
            note = set(words_of("".join(prompt.memory[-1:]).lower()))
            missing = [float(-len(set(words_of(o.lower())) - note)) for o in choices]
            best = max(range(len(choices)), key=missing.__getitem__)
            tokens = sum(map(len, self.tokenize(prompt.pieces)))
            picked.append(Choice(best, tuple(missing), tokens, 0))
        return picked

    def surprise(self, texts: Sequence[str]) -> list[npt.NDArray[np.float32]]:
        """Give common words little surprise, others 3 to 13 nats by a hash of the word."""
        return [
            np.array(
                [
                    1.0 if w.lower() in COMMON_WORDS else 3 + _hash(w) % 100 / 10
                    for w in words_of(t)
                ],
                dtype=np.float32,
            )
            for t in texts
        ]

    def tokenize(self, texts: Sequence[str]) -> list[list[int]]:
        """Return one id per word or punctuation mark."""
        return [[_hash(word.lower()) % VOCABULARY for word in words_of(text)] for text in texts]

    def token_embeddings(self) -> npt.NDArray[np.float32]:
        """Return fixed Gaussian noise, `(2048, 32) float32`."""
        return np.random.default_rng(0).standard_normal((VOCABULARY, WIDTH), dtype=np.float32)

    def description(self) -> dict[str, str | int]:
        """Say that this is a fake."""
        return {"architecture": "scripted", "parameters": 0, "dtype": "none", "device": "none"}


@lru_cache(maxsize=2**16)
def _hash(word: str) -> int:
    return int.from_bytes(hashlib.sha256(word.encode()).digest()[:6], "big")
