"""A served model whose endpoint tells log-probabilities of a prompt: it chooses and is surprised.

`echo` with `logprobs` of plain completions is how vLLM, and what is built like it, tells them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from memeval.errors import ModelError
from memeval.models.answers import Choice
from memeval.models.prompt import Prompt
from memeval.models.served.asking import each
from memeval.models.served.endpoint import COMPLETIONS, TRIES, CallError, Endpoint
from memeval.models.served.model import ServedModel, _count
from memeval.outside import shown

PROBE = "The cat sat on the mat."


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
            told = scored(self.endpoint, text)["token_logprobs"]
            return np.array([max(0.0, -(one or 0.0)) for one in told], np.float32)

        return each(nats, texts, concurrency=self.concurrency)

    def _likelihood(self, asked: tuple[Prompt, str]) -> tuple[float, int | None, float] | str:
        prompt, option = asked
        try:
            reply = self.endpoint.ask(COMPLETIONS, _body(prompt.text + option), check=_wrong_scores)
        except CallError as error:
            return str(error)
        told = reply.content["choices"][0]["logprobs"]
        ends = _ends(told["tokens"])
        ends = [end + len(prompt.text + option) - ends[-1] for end in ends]
        nats = [
            one or 0.0
            for one, end in zip(told["token_logprobs"], ends, strict=True)
            if end > len(prompt.text)
        ]
        usage = reply.content.get("usage")
        tokens = _count(usage, "prompt_tokens") if isinstance(usage, Mapping) else None
        tokens = None if tokens is None else max(0, tokens - len(nats))
        return sum(nats), tokens, 1000 * reply.seconds


def tells_scores(endpoint: Endpoint) -> bool:
    """Whether an endpoint tells log-probabilities of what it is given to read."""
    try:
        told = scored(endpoint, PROBE, tries=1)
    except (CallError, ModelError):
        return False
    return PROBE.startswith(told["tokens"][-1], len(PROBE) - len(told["tokens"][-1]))


def scored(endpoint: Endpoint, text: str, *, tries: int = TRIES) -> Mapping[str, Any]:
    """Return tokens of a text and their log-probabilities.

    Raises:
        CallError, ModelError: the endpoint tells none.
    """
    reply = endpoint.ask(COMPLETIONS, _body(text), check=_wrong_scores, tries=tries)
    told: Mapping[str, Any] = reply.content["choices"][0]["logprobs"]
    return told


def _body(text: str) -> dict[str, Any]:
    return {"prompt": text, "max_tokens": 0, "temperature": 0, "echo": True, "logprobs": 1}


def _wrong_scores(content: Mapping[str, Any]) -> str | None:
    try:
        told = content["choices"][0]["logprobs"]
        tokens, nats = told["tokens"], told["token_logprobs"]
        is_whole = len(tokens) == len(nats) > 1 and all(isinstance(one, str) for one in tokens)
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
