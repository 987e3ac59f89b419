"""Puts what was recalled before the question, and lets the model answer."""

from collections.abc import Sequence

from memeval.config import ReaderOptions
from memeval.models.base import Choice, Generation, LanguageModel, Progress, Prompt
from memeval.types import Example, PromptFormat, Query, Recall

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


class Reader:
    """Reads traces as notes before the question, cut to what fits the model's window."""

    def __init__(
        self, model: LanguageModel, prompt: PromptFormat | None, options: ReaderOptions
    ) -> None:
        self.prompt = prompt or QUESTION_ANSWERING
        self.options = options
        self._model = model
        self.stitched = options.kind == "kv" and model.stitches
        model.kv_cache_mb = options.kv_cache_mb

    def read(
        self,
        queries: Sequence[Query],
        recalls: Sequence[Recall],
        *,
        on_done: Progress = lambda _: None,
    ) -> list[Generation]:
        """Answer every query from its recall."""
        return self._model.generate(
            self.prompts(queries, recalls),
            max_new_tokens=self.prompt.max_new_tokens,
            stop=self.prompt.stop,
            stitched=self.stitched,
            on_done=on_done,
        )

    def choose(
        self, queries: Sequence[Query], recalls: Sequence[Recall], options: Sequence[Sequence[str]]
    ) -> list[Choice]:
        """Pick an option as the answer to every query.

        An option is scored up to the stop string, so that a longer one can win over its beginning.
        """
        end = self.prompt.stop[0]
        answers = [[f" {option}{end}" for option in choices] for choices in options]
        return self._model.choose(self.prompts(queries, recalls), answers)

    def cut(self, recall: Recall) -> Recall:
        """Return the traces that are read of a recall."""
        return Recall(recall.traces[: self.options.traces])

    def prompts(self, queries: Sequence[Query], recalls: Sequence[Recall]) -> list[Prompt]:
        """Build the prompts; the room for notes is the same for every query of the call."""
        questions = [self.prompt.question.format(question=query.text) for query in queries]
        room = self._room_for_notes(questions)
        notes: dict[int, tuple[str, ...]] = {}  # equal recalls are often the very same object
        for recall in recalls:
            if id(recall) not in notes:
                notes[id(recall)] = self._notes(recall, room)
        return [
            self._prompt(notes[id(recall)], query, question)
            for query, recall, question in zip(queries, recalls, questions, strict=True)
        ]

    def _prompt(self, notes: tuple[str, ...], query: Query, question: str) -> Prompt:
        """Without notes the prompt says so next to the answer, where a small model heeds it."""
        suffix = question if notes else self.prompt.nothing.format(question=query.text)
        return Prompt(self.prompt.prefix, notes, suffix)

    def _notes(self, recall: Recall, room: int) -> tuple[str, ...]:
        traces = recall.traces[: self.options.traces]
        notes = [self.prompt.note.format(text=trace.text) for trace in traces]
        kept: list[str] = []
        for note, tokens in zip(notes, self._model.tokenize(notes), strict=True):
            room -= len(tokens)
            if room < 0:
                break
            kept.append(note)
        return tuple(kept if self.options.order == "best_first" else reversed(kept))

    def _room_for_notes(self, questions: Sequence[str]) -> int:
        """Return the tokens left for notes beside the prefix, the longest question, the answer."""
        [prefix] = self._model.tokenize([self.prompt.prefix])
        longest = max((len(tokens) for tokens in self._model.tokenize(questions)), default=0)
        beginning_of_text = 1
        taken = beginning_of_text + len(prefix) + longest + self.prompt.max_new_tokens
        return self._model.window - taken
