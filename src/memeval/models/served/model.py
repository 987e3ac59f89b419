"""A model behind an address: answers, and chooses by letter."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from memeval.models.answers import Choice, Finish, Generation
from memeval.models.base import Progress, TextModel, source_digest
from memeval.models.prompt import Prompt
from memeval.models.served.asking import each
from memeval.models.served.endpoint import COMPLETIONS, CallError, Endpoint
from memeval.models.served.replies import Reply
from memeval.outside import shown

CHAT = "/chat/completions"
MOST_STOPS = 4
"""As many as an endpoint must take; the rest is cut off here."""
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LETTER_TOKENS = 8
WINDOWS = ("max_model_len", "context_length", "context_window", "n_ctx", "n_ctx_train")
"""What servers call the tokens that a model can read, the sterner first."""
COSTS = ("prompt_tokens", "reused_tokens", "generated_tokens", "thought_tokens", "answer_ms")
PASSING = ("created", "permission", "object", "status")
"""What a server says of a model that is another each time."""


class ServedModel(TextModel):
    """Sends what it is asked to a server, many requests at once; what fails is an error of its own.

    A prompt is a text to be continued, or the last turn of a chat. `unscored` is why the server
    tells no log-probabilities of what it reads, empty where it does.
    """

    takes_turns: Literal[True] = True

    def __init__(
        self,
        endpoint: Endpoint,
        about: Mapping[str, Any],
        *,
        name: str,
        concurrency: int,
        window: int | None = None,
        unscored: str = "",
    ) -> None:
        self.name: str = name
        self.window: int | None = window or window_in(about)
        self.endpoint = endpoint
        self.concurrency = concurrency
        self.unscored = unscored
        self._about = {key: value for key, value in about.items() if key not in PASSING}

    def generate(
        self,
        prompts: Sequence[Prompt],
        *,
        max_new_tokens: int,
        stop: Sequence[str],
        on_done: Progress = lambda _: None,
    ) -> list[Generation]:
        """Answer each prompt at temperature 0; equal prompts are asked once."""

        def answered(prompt: Prompt) -> Generation:
            try:
                told = _generation(self._ask(prompt, max_new_tokens, stop), stop)
                if prompt.chat or not _ended_before_it_began(told, stop):
                    return told
                whole = self._ask(prompt, max_new_tokens, ())
            except CallError as error:
                return Generation("", error=str(error))
            return _with_cost_of(_generation(whole, stop), told)

        distinct = list(dict.fromkeys(prompts))
        found = each(answered, distinct, concurrency=self.concurrency, on_done=on_done)
        by_prompt = dict(zip(distinct, found, strict=True))
        on_done(len(prompts) - len(distinct))
        return [by_prompt[prompt] for prompt in prompts]

    def choose(self, prompts: Sequence[Prompt], options: Sequence[Sequence[str]]) -> list[Choice]:
        """Ask for the letter of one option; a reply that names none counts as a guess."""

        def chosen(asked: tuple[Prompt, Sequence[str]]) -> Choice:
            prompt, choices = asked
            try:
                reply = self._ask(_lettered(prompt, choices), LETTER_TOKENS, ())
            except CallError as error:
                return Choice(0, None, error=str(error))
            told = _generation(reply, ())
            index = _named(told.text, choices)
            index = _guess(prompt, len(choices)) if index is None else index
            costs = (told.prompt_tokens, told.reused_tokens)
            said = told.generated_tokens
            return Choice(index, None, *costs, answer_ms=told.answer_ms, generated_tokens=said)

        return each(chosen, list(zip(prompts, options, strict=True)), concurrency=self.concurrency)

    def fingerprint(self) -> str:
        """Return a digest of address, name, and what the server says of the model."""
        told = json.dumps([str(self.endpoint.address), self._about], sort_keys=True)
        return hashlib.sha256(f"{source_digest(type(self), '')}{told}".encode()).hexdigest()

    def description(self) -> dict[str, str | int]:
        """Say where it is served, by whom, as far as the server tells, and why it cannot score."""
        told = {"owned_by": self._about.get("owned_by"), "window": self.window}
        return {
            "architecture": "served",
            "device": "served",
            "address": self.endpoint.address.base_url,
            "log_probabilities": f"none: {self.unscored}" if self.unscored else "told",
            **{key: value for key, value in told.items() if isinstance(value, str | int)},
        }

    def _ask(self, prompt: Prompt, max_new_tokens: int, stop: Sequence[str]) -> Reply:
        body: dict[str, Any] = {"max_tokens": max_new_tokens, "temperature": 0}
        sample = prompt.sample
        if not prompt.chat:
            stops = {"stop": list(stop[:MOST_STOPS])} if stop else {}
            body |= {"prompt": prompt.text, **stops}
            return self.endpoint.ask(COMPLETIONS, body, check=_wrong_text, sample=sample)
        messages = [{"role": turn.role, "content": turn.text} for turn in prompt.turns]
        body["messages"] = [*messages, {"role": "user", "content": prompt.text}]
        return self.endpoint.ask(CHAT, body, check=_wrong_text, sample=sample)


def window_in(about: Mapping[str, Any]) -> int | None:
    """Return the tokens that a server says a model can read."""
    meta = about.get("meta")
    tables = [about, meta] if isinstance(meta, Mapping) else [about]
    for name in WINDOWS:
        for table in tables:
            told = table.get(name)
            if isinstance(told, int) and not isinstance(told, bool) and told > 0:
                return told
    return None


def _generation(reply: Reply, stop: Sequence[str]) -> Generation:
    """Return the answer up to a stop string behind its first word, as chats begin with newlines."""
    text, usage = _text(reply.content), reply.content.get("usage")
    end = reply.content["choices"][0].get("finish_reason")
    counts = usage if isinstance(usage, Mapping) else {}
    finish: Finish | None = end if end in {"stop", "length"} else None
    text = text.lstrip()
    for word in stop:
        before, found, _ = text.partition(word)
        text, finish = before, "stop" if found else finish
    return Generation(
        text.strip(),
        _count(counts, "prompt_tokens"),
        _count(counts, "prompt_tokens_details", "cached_tokens"),
        _count(counts, "completion_tokens"),
        finish=finish,
        thought_tokens=_count(counts, "completion_tokens_details", "reasoning_tokens"),
        answer_ms=1000 * reply.seconds,
    )


def _ended_before_it_began(told: Generation, stop: Sequence[str]) -> bool:
    """Whether the white space before an answer may have been taken for its end."""
    return not told.text and told.finish == "stop" and any(not word.strip() for word in stop)


def _with_cost_of(told: Generation, before: Generation) -> Generation:
    """Return an answer that took two requests; a cost that one of them does not tell is None."""
    pairs = {name: (getattr(told, name), getattr(before, name)) for name in COSTS}
    costs: dict[str, Any] = {n: None if None in two else sum(two) for n, two in pairs.items()}
    return replace(told, **costs)


def _count(table: Mapping[str, Any], *names: str) -> int | None:
    """Return a count of a reply's usage; None where it is not told, which is not 0."""
    found: Any = table
    for name in names:
        found = found.get(name) if isinstance(found, Mapping) else None
    is_count = isinstance(found, int) and not isinstance(found, bool) and found >= 0
    return found if is_count else None


def _text(content: Mapping[str, Any]) -> str:
    first = content["choices"][0]
    message = first.get("message")
    text = message.get("content") if isinstance(message, Mapping) else first.get("text")
    return text if isinstance(text, str) else ""


def _wrong_text(content: Mapping[str, Any]) -> str | None:
    """Say what is wrong with a reply that should hold a text; one that was all thought may not."""
    choices = content.get("choices")
    if not (isinstance(choices, list) and choices and isinstance(choices[0], dict)):
        return f"no choice in {shown(content)}"
    first = choices[0]
    if not ("message" in first or "text" in first):
        return f"a choice without a text: {shown(first)}"
    is_empty = not _text(content) and first.get("finish_reason") is None
    return f"an empty choice that has not ended: {shown(first)}" if is_empty else None


def _lettered(prompt: Prompt, options: Sequence[str]) -> Prompt:
    """Ask for the letter of one of the options, which stand before the cue of a completion."""
    listed = "\n".join(f"{LETTERS[i]}) {o.strip()}" for i, o in enumerate(options))
    ask = f"{listed}\nAnswer with the letter of one of these alone."
    if prompt.chat:
        return replace(prompt, suffix=f"{prompt.suffix}\n{ask}")
    before, line, cue = prompt.suffix.rpartition("\n")
    return replace(prompt, suffix=f"{before}{line}{ask}\n{cue}")


def _named(text: str, options: Sequence[str]) -> int | None:
    """Return the option that a reply names, by its letter or by its text; None if it names none."""
    known = LETTERS[: len(options)]
    told = re.match(rf"\W*([{known}{known.lower()}])\b", text)
    letter = told or re.search(rf"\b([{known}])\b", text)
    if letter:
        return known.index(letter[1].upper())
    held = [o for o in options if o.strip() and o.strip().lower() in text.lower()]
    return options.index(max(held, key=len)) if held else None


def _guess(prompt: Prompt, options: int) -> int:
    return int.from_bytes(hashlib.sha256(prompt.text.encode()).digest()[:4], "big") % options
