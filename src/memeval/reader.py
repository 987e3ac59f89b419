"""Puts what was recalled before the question, and lets the model answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from memeval.config import BUDGET_TOKENS, ReaderOptions
from memeval.errors import ModelError
from memeval.fitting import Budget, Reading, Window
from memeval.models import (
    Chats,
    Choice,
    Chooses,
    Generation,
    Message,
    Progress,
    Prompt,
    Stitches,
    Stitching,
    TakesTurns,
    TextModel,
    Tokenizes,
)
from memeval.models.contract import answering, checked_choices, checked_generations, whose
from memeval.types import Example, PromptFormat, Query, Recall

Given = TypeVar("Given")
Told = TypeVar("Told")

QUESTION_ANSWERING = PromptFormat(
    examples=(
        Example((), "What colour was the toy?", "unknown"),
        Example(
            ("The shop on Dock Street sells bread.",),
            "What does the shop on Dock Street sell?",
            "bread",
        ),
        Example(
            (
                "Alice told Peter about the race.",
                "Peter lives in Bristol.",
            ),
            "Who told Peter about the race?",
            "Alice",
        ),
    ),
)
"""The prompt of a session that brings none of its own."""


PLACE = "[[notes and question]]"
"""Stands where notes and question go while the rest of a conversation is rendered."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What every prompt and answer has around what differs.

    A prompt is `prefix`, notes, the form of a `question` filled in, and `ending`; an answer to
    choose is written between `before` and `after`. What takes turns gets those before as `turns`.
    """

    prefix: str
    question: str
    nothing: str
    ending: str
    before: str
    after: str
    turns: tuple[Message, ...] = ()

    def suffix(self, question: str, *, has_notes: bool) -> str:
        """Ask. Without notes the prompt says so behind the question, where a small model heeds it."""
        form = self.question if has_notes else self.nothing
        return form.format(question=question) + self.ending

    def answer(self, text: str) -> str:
        """Write an answer to its end, so that a longer one can win over its beginning."""
        return f"{self.before}{text}{self.after}"


def as_text(prompt: PromptFormat) -> Frame:
    """Tell instruction and examples as a text to be continued."""
    return Frame(prompt.prefix, prompt.question, prompt.nothing, "", " ", prompt.stop[0])


def as_chat(prompt: PromptFormat, model: TextModel) -> Frame:
    """Tell instruction and examples as turns, by the model's chat template or one by one.

    Raises:
        ModelError: the model cannot chat, or has no chat template that could tell them.
    """
    spoken = replace(
        prompt, question=_without_cue(prompt.question), nothing=_without_cue(prompt.nothing)
    )
    if isinstance(model, TakesTurns):
        turns = tuple(conversation(spoken)[:-1])
        return Frame(prompt.heading, spoken.question, spoken.nothing, "", "", "", turns)
    if not isinstance(model, Chats):
        raise ModelError(
            f"a reader in chat style needs a model that can chat, got {model.name!r} without it; "
            "take --prompt-style completion"
        )
    told = model.render_chat(conversation(spoken))
    prefix, found, ending = told.rpartition(PLACE)
    if not found:
        raise ModelError(
            f"a chat template must show the last turn as it was given, got another text from "
            f"{model.name!r}; take --prompt-style completion"
        )
    return Frame(prefix, spoken.question, spoken.nothing, ending, "", _after_answer(prefix, prompt))


def _after_answer(prefix: str, prompt: PromptFormat) -> str:
    """Return what ends the last example's answer, up to the turn that comes next."""
    if not prompt.examples:
        return prompt.stop[0]
    _, _, after = prefix.removesuffix(prompt.heading).rpartition(prompt.examples[-1].answer)
    return after


def conversation(prompt: PromptFormat) -> list[Message]:
    """Tell the examples as turns, and end with the turn that notes and question go into."""
    turns = [Message("system", prompt.instruction)]
    for example in prompt.examples:
        turns.append(Message("user", prompt.heading + prompt.asked(example)))
        turns.append(Message("assistant", example.answer))
    return [*turns, Message("user", prompt.heading + PLACE)]


def _without_cue(form: str) -> str:
    """Drop the line that the answer would go on from: in a chat it has a turn of its own."""
    before, _, last = form.rpartition("\n")
    return before if before and last.endswith(":") and "{" not in last else form


class Reader:
    """Reads traces as notes before the question.

    They are what fits the budget, and the window of a model that has one and can tokenize; another
    reads all that the options let it. Notes are read as keys by a model that stitches, and as text by others.
    A reader pays for its own notes, whoever read them before.
    """

    def __init__(
        self, model: TextModel, prompt: PromptFormat | None, options: ReaderOptions
    ) -> None:
        self.prompt = prompt or QUESTION_ANSWERING
        self.options = options
        is_chat = options.style == "chat"
        self.frame = as_chat(self.prompt, model) if is_chat else as_text(self.prompt)
        self._model = model
        self._whose = whose(model.name)
        self._notes: Stitching | None = None
        if options.kind == "kv" and isinstance(model, Stitches):
            self._notes = model.stitching(cache_mb=options.kv_cache_mb)
        self._budget = Budget(model, self._told_note)
        self._window: Window | None = None
        if isinstance(model, Tokenizes) and model.window is not None:
            self._window = Window(
                model, model.window, taken=self._taken(model), note=self._told_note, ask=self._ask
            )

    @property
    def stitched(self) -> bool:
        """Whether notes are read apart from one another, as keys that are kept."""
        return self._notes is not None

    def cache_stats(self) -> dict[str, int]:
        """Count what the cache of notes did and holds; empty where notes are read as text."""
        return self._notes.stats() if self._notes else {}

    def cut(self, queries: Sequence[Query], recalls: Sequence[Recall]) -> list[Reading]:
        """Return what is read of each recall: its best traces that fit budget and window."""
        best = _each(recalls, self._within_budget)
        if not self._window:
            return best
        fit = self._window.fit(queries, best)
        return [_in_all(one, before) for one, before in zip(fit, best, strict=True)]

    def _within_budget(self, recall: Recall) -> Reading:
        traces = recall.traces[: self.options.traces]
        fit = self._budget.cut(traces, self.options.budget_tokens)
        return replace(fit, confidence=recall.confidence)

    def believed(self, readings: Sequence[Reading]) -> list[Reading]:
        """Return what is answered from: no notes of a recall less confident than is asked for."""
        asked_for = self.options.unknown_below
        least = self.prompt.unknown_below if asked_for is None else asked_for

        def of_sure(reading: Reading) -> Reading:
            is_sure = reading.confidence is None or reading.confidence >= least
            return reading if is_sure else replace(reading, traces=(), shortened=0)

        return _each(readings, of_sure)

    def context_tokens(self, readings: Sequence[Recall]) -> list[int | None]:
        """Return the tokens of the notes of each reading; None of a model that tells no tokens."""
        if not isinstance(self._model, Tokenizes):
            return [None] * len(readings)
        return _each(readings, lambda reading: self._budget.taken(reading.traces))

    def best_events(self, recalls: Sequence[Recall]) -> list[tuple[str, ...] | None]:
        """Return the events behind the best notes of each recall, whatever is then read of it.

        They are what the default budget holds, so that recalls of few long notes and of many short
        ones are told alike. A note of several events that is cut is none of them, as what is left
        of it may be of any. None of an empty recall that is no retrieval.
        """

        def behind(recall: Recall) -> tuple[str, ...] | None:
            if not (recall.ranked or recall.traces):
                return None
            held = self._budget.held(recall.traces, BUDGET_TOKENS)
            told = (trace for trace, room in held if room is None or len(set(trace.events)) == 1)
            return Recall(tuple(told)).events

        return _each(recalls, behind)

    def read(
        self,
        queries: Sequence[Query],
        recalls: Sequence[Recall],
        *,
        on_done: Progress = lambda _: None,
    ) -> list[Generation]:
        """Answer every query from a recall that was `cut`.

        Raises:
            PluginError: the model does not give one good generation a query.
        """
        with answering(self._whose, "read"):
            found = (self._notes or self._model).generate(
                self.prompts(queries, recalls),
                max_new_tokens=self.prompt.max_new_tokens,
                stop=self.prompt.stop,
                on_done=on_done,
            )
            return checked_generations(found, len(queries), self._whose)

    def answer(
        self,
        queries: Sequence[Query],
        recalls: Sequence[Recall],
        choices: Sequence[Sequence[str]],
        *,
        on_done: Progress = lambda _: None,
    ) -> list[Generation]:
        """Answer every query from a recall that was `cut`, out of its choices if there are any.

        A model that cannot choose reads the question as any other.

        Raises:
            PluginError: the model does not give one good answer a query.
        """
        can_choose = isinstance(self._model, Chooses)
        offered = [i for i, options in enumerate(choices) if options and can_choose]
        open_ended = [i for i in range(len(queries)) if i not in set(offered)]
        answers: dict[int, Generation] = {}
        if offered:
            options = [choices[i] for i in offered]
            asked = [queries[i] for i in offered], [recalls[i] for i in offered]
            for i, choice in zip(offered, self.choose(*asked, options), strict=True):
                answers[i] = _chosen(choice, choices[i])
            on_done(len(offered))
        if open_ended or not queries:
            asked = [queries[i] for i in open_ended], [recalls[i] for i in open_ended]
            answers |= zip(open_ended, self.read(*asked, on_done=on_done), strict=True)
        return [answers[i] for i in range(len(queries))]

    def choose(
        self, queries: Sequence[Query], recalls: Sequence[Recall], options: Sequence[Sequence[str]]
    ) -> list[Choice]:
        """Pick an option as the answer to every query, from a recall that was `cut`.

        Raises:
            ModelError: the model cannot choose.
            PluginError: it does not give one good choice a query.
        """
        if not isinstance(self._model, Chooses):
            raise ModelError(
                f"choosing among options needs a model that can choose, got {self._model.name!r} "
                "without it; take a model that tells log-likelihoods, or items that are not walked"
            )
        answers = [[self.frame.answer(option) for option in choices] for choices in options]
        with answering(self._whose, "read"):
            found = self._model.choose(self.prompts(queries, recalls), answers)
            return checked_choices(found, answers, self._whose)

    def prompts(self, queries: Sequence[Query], recalls: Sequence[Recall]) -> list[Prompt]:
        """Tell every trace of a recall as a note before its question."""
        notes = {id(recall): self._told(recall) for recall in recalls}
        return [
            self._prompt(notes[id(recall)], _asked(query, recall))
            for query, recall in zip(queries, recalls, strict=True)
        ]

    def text(self, query: Query, recall: Recall) -> str:
        """Return what the model is given to read for a query, from a recall that was `cut`."""
        [prompt] = self.prompts([query], [recall])
        return "\n\n".join([*(f"{turn.role}: {turn.text}" for turn in prompt.turns), prompt.text])

    def _prompt(self, notes: tuple[str, ...], question: str) -> Prompt:
        suffix = self.frame.suffix(question, has_notes=bool(notes))
        is_chat = self.options.style == "chat"
        return Prompt(self.frame.prefix, notes, suffix, chat=is_chat, turns=self.frame.turns)

    def _told(self, recall: Recall) -> tuple[str, ...]:
        best_first = tuple(self._told_note(trace.text) for trace in recall.traces)
        return best_first if self.options.order == "best_first" else best_first[::-1]

    def _told_note(self, text: str) -> str:
        return self.prompt.note.format(text=text)

    def _ask(self, question: str) -> str:
        return self.frame.suffix(question, has_notes=True)

    def _taken(self, model: Tokenizes) -> int:
        """Return the tokens that every prompt takes of the window: its prefix and the answer."""
        [prefix] = model.tokenize([self.frame.prefix])
        beginning_of_text = 1
        return beginning_of_text + len(prefix) + self.prompt.max_new_tokens


def _chosen(choice: Choice, options: Sequence[str]) -> Generation:
    """Return a choice as the answer it stands for; one that was not made has no text."""
    return Generation(
        "" if choice.error else options[choice.index],
        prompt_tokens=choice.prompt_tokens,
        reused_tokens=choice.reused_tokens,
        generated_tokens=choice.generated_tokens,
        prefill_ms=choice.prefill_ms,
        decode_ms=0.0,
        finish="stop",
        thought_tokens=0,
        answer_ms=choice.answer_ms,
        error=choice.error,
    )


def _each(recalls: Sequence[Given], tell: Callable[[Given], Told]) -> list[Told]:
    """Tell something of every recall, once of equal ones: they are often the very same object."""
    told = {key: tell(recall) for key, recall in {id(one): one for one in recalls}.items()}
    return [told[id(recall)] for recall in recalls]


def _in_all(read: Reading, before: Reading) -> Reading:
    """Count what the budget left out, or cut, with what the window did: each note once."""
    if not (before.left_out or before.shortened):
        return read
    still = before.shortened and before.traces[-1] in read.traces
    left_out, cut = read.left_out + before.left_out, read.shortened + int(still)
    return replace(read, left_out=left_out, shortened=cut)


def _asked(query: Query, recall: Recall) -> str:
    """Return the question as it is asked before what is read."""
    cut = recall.question if isinstance(recall, Reading) else None
    return query.told() if cut is None else cut
