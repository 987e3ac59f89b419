"""A model for the shared cases: it says what a note tells, so that their other part is tested."""

import re
from collections.abc import Callable, Sequence

from memeval import Generation, TextModel
from memeval.models import Prompt

TELLS = re.compile(r".*\b(?:is|called|shows|to|in|needs) (.+)\.\n?")


class Told(TextModel):
    """Says what follows the last verb of the newest note that has one; a token is a character."""

    window = 8192

    def generate(
        self,
        prompts: Sequence[Prompt],
        *,
        max_new_tokens: int,
        stop: Sequence[str],
        on_done: Callable[[int], None] = lambda _: None,
    ) -> list[Generation]:
        """Answer each prompt, cut at the limit."""
        on_done(len(prompts))
        return [self._say(prompt, max_new_tokens) for prompt in prompts]

    def tokenize(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the characters' numbers."""
        return [list(map(ord, text)) for text in texts]

    def _say(self, prompt: Prompt, limit: int) -> Generation:
        told = [match[1] for note in prompt.memory if (match := TELLS.fullmatch(note))]
        said = (told[-1] if told else "unknown")[:limit]
        return Generation(said, prompt_tokens=len(prompt.text), generated_tokens=len(said))
