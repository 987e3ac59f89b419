"""A served model whose endpoint tells log-probabilities of a prompt: it chooses and is surprised.

`echo` with `logprobs` of plain completions is how vLLM, and what is built like it, tells them. One
token is asked for and left out of every score: 0 are as many as the window holds to some servers
(llama-cpp-python, Ollama), and an error to others (`transformers serve`).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from memeval.errors import ModelError
from memeval.models.answers import Choice
from memeval.models.prompt import Prompt
from memeval.models.served.asking import each
from memeval.models.served.endpoint import COMPLETIONS, CallError, Endpoint, LateError
from memeval.models.served.model import ServedModel, _count
from memeval.outside import shown

PROBE = "The cat sat on the mat. The cat sat on the mat."
"""Told twice, as whoever reads it expects the second telling."""
EXPECTED = 0.5
"""How surprising the second telling may be beside the first one."""
NOT_TOLD = "it tells none of what it is given to read"
NOT_THEIRS = "those that it tells are of other tokens, as a text told twice surprises it twice"
Scores = list[tuple[str, float]]
"""Tokens of a text, and the log-probability of each; 0 where none is told, as of the first."""


class ScoringModel(ServedModel):
    """Tells how likely a text is, and so which option is likeliest."""

    def choose(self, prompts: Sequence[Prompt], options: Sequence[Sequence[str]]) -> list[Choice]:
        """Pick the option with the highest log-likelihood; of turns, by letter."""
        if any(prompt.chat for prompt in prompts):
            return super().choose(prompts, options)
        asked = [(p, o) for p, os in zip(prompts, options, strict=True) for o in os]
        told = iter(each(self._likelihood, asked, concurrency=self.concurrency))
        return [_likeliest([next(told) for _ in choices]) for choices in options]

    def surprise(self, texts: Sequence[str]) -> list[npt.NDArray[np.float32]]:
        """Return the surprise in nats of every token that the server cuts a text into.

        The first token, which nothing goes before, has none where the server tells none.

        Raises:
            CallError: the server did not answer.
        """

        def nats(text: str) -> npt.NDArray[np.float32]:
            if not text:
                return np.empty(0, np.float32)
            told = scored(self.endpoint, text)
            return np.array([max(0.0, -one) for _, one in told], np.float32)

        return each(nats, texts, concurrency=self.concurrency)

    def _likelihood(self, asked: tuple[Prompt, str]) -> tuple[float, int | None, float] | str:
        prompt, option = asked
        text = prompt.text + option
        try:
            reply = self.endpoint.ask(COMPLETIONS, _body(text), check=_wrong_scores)
        except CallError as error:
            return str(error)
        told = _scores(reply.content, text)
        ends = _ends([token for token, _ in told])
        ends = [end + len(text) - ends[-1] for end in ends]
        nats = [one for (_, one), end in zip(told, ends, strict=True) if end > len(prompt.text)]
        usage = reply.content.get("usage")
        tokens = _count(usage, "prompt_tokens") if isinstance(usage, Mapping) else None
        tokens = None if tokens is None else max(0, tokens - len(nats))
        return sum(nats), tokens, 1000 * reply.seconds


def why_no_scores(endpoint: Endpoint) -> str:
    """Return why an endpoint cannot score what it is given to read; nothing where it can.

    Some servers tell each token with the log-probability that it has once more behind itself, as
    llama-cpp-python does for models whose texts begin with no token of their own.
    """
    try:
        told = scored(endpoint, PROBE, is_probe=True)
    except LateError as error:
        return str(error)
    except (CallError, ModelError):
        return NOT_TOLD
    tokens, nats = zip(*told, strict=True) if told else ((), ())
    if len("".join(tokens)) < len(PROBE) or not (tokens[-1] and PROBE.endswith(tokens[-1])):
        return NOT_TOLD
    half = len(nats) // 2
    first, second = -np.mean(nats[:half]), -np.mean(nats[-half:])
    return "" if second < EXPECTED * first else NOT_THEIRS


def scored(endpoint: Endpoint, text: str, *, is_probe: bool = False) -> Scores:
    """Return tokens of a text and their log-probabilities.

    Raises:
        CallError, ModelError: the endpoint tells none.
    """
    reply = endpoint.ask(COMPLETIONS, _body(text), check=_wrong_scores, is_probe=is_probe)
    return _scores(reply.content, text)


def _body(text: str) -> dict[str, Any]:
    return {"prompt": text, "max_tokens": 1, "temperature": 0, "echo": True, "logprobs": 1}


def _scores(content: Mapping[str, Any], text: str) -> Scores:
    """Return what is told of a text alone, without what was generated behind it."""
    told = content["choices"][0]["logprobs"]
    tokens = told["tokens"]
    length = len(tokens) - _generated(content, tokens, text)
    nats = [one or 0.0 for one in told["token_logprobs"]]
    return list(zip(tokens, nats, strict=True))[: max(0, length)]


def _generated(content: Mapping[str, Any], tokens: Sequence[str], text: str) -> int:
    """Return how many of the last tokens were generated, by the usage if none spell the text."""
    for count in (1, 0):
        if "".join(tokens[: len(tokens) - count]).endswith(text):
            return count
    usage = content.get("usage")
    told = _count(usage, "completion_tokens") if isinstance(usage, Mapping) else None
    return 1 if told is None else told


def _wrong_scores(content: Mapping[str, Any]) -> str | None:
    try:
        told = content["choices"][0]["logprobs"]
        tokens, nats = told["tokens"], told["token_logprobs"]
        is_whole = len(tokens) == len(nats) > 0 and all(isinstance(one, str) for one in tokens)
        is_whole &= all(isinstance(one, float | int | None) for one in nats)
    except (KeyError, IndexError, TypeError):
        is_whole = False
    return None if is_whole else f"no log-probabilities in {shown(content)}"


def _ends(tokens: Sequence[str]) -> list[int]:
    return [int(end) for end in np.cumsum([len(token) for token in tokens])]


def _likeliest(told: Sequence[tuple[float, int | None, float] | str]) -> Choice:
    scored = [one for one in told if not isinstance(one, str)]
    if len(scored) < len(told):
        return Choice(0, None, error=next(one for one in told if isinstance(one, str)))
    nats = tuple(one[0] for one in scored)
    spent = sum(one[2] for one in scored)
    return Choice(nats.index(max(nats)), nats, scored[0][1], answer_ms=spent)
