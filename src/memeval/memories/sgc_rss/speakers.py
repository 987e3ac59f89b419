"""Who "I" and "you" are: a turn in the third person, as facts are told of people by name."""

import re

_OF_ONE = (
    (re.compile(r"\bI(?:'m| am)\b"), "{} is"),
    (re.compile(r"\bI(?:'ve| have)\b"), "{} has"),
    (re.compile(r"\bI(?:'ll| will)\b"), "{} will"),
    (re.compile(r"\bI\b"), "{}"),
    (re.compile(r"\b[Mm]y\b"), "{}'s"),
)
_OF_OTHER = (
    (re.compile(r"\b[Yy]ou(?:'re| are)\b"), "{} is"),
    (re.compile(r"\b[Yy]ou(?:'ve| have)\b"), "{} has"),
    (re.compile(r"\b[Yy]our\b"), "{}'s"),
    (re.compile(r"\b[Yy]ou\b"), "{}"),
)


class Speakers:
    """Follows who speaks, so that whoever spoke before is who is spoken to."""

    def __init__(self) -> None:
        self.speaking = ""
        self.other = ""

    def resolve(self, text: str, speaker: str) -> str:
        """Return what a speaker says with names for "I" and "you", as far as they are known."""
        if not speaker:
            return text
        if speaker != self.speaking:
            self.speaking, self.other = speaker, self.speaking
        text = _named(text, _OF_ONE, self.speaking)
        return _named(text, _OF_OTHER, self.other) if self.other else text


def _named(text: str, forms: tuple[tuple[re.Pattern[str], str], ...], name: str) -> str:
    for pattern, told in forms:
        text = pattern.sub(lambda _, told=told: told.format(name), text)  # type: ignore[misc]
    return text
