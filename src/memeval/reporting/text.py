"""Text of others, made fit to be shown: on one line, and nothing in it is obeyed."""

import unicodedata

CONTROL = ("Cc", "Cf", "Cs", "Zl", "Zp")  # escapes of terminals, marks that turn text round
REASON_CHARACTERS = 300


def printable(text: str) -> str:
    """Return text on one line, without characters that are obeyed rather than shown."""
    shown = (
        " " if c in "\r\n\t" else "\N{REPLACEMENT CHARACTER}" if _obeyed(c) else c for c in text
    )
    return "".join(shown)


def _obeyed(character: str) -> bool:
    return (not character.isascii() and unicodedata.category(character) in CONTROL) or (
        character < " " or character == "\x7f"
    )


def shortened(text: str) -> str:
    """Return the beginning of a text that may be long, printable."""
    text = printable(text)
    return text if len(text) <= REASON_CHARACTERS else text[: REASON_CHARACTERS - 1] + "…"


def label(name: str) -> str:
    """Return a score's name as it is read."""
    return name.replace("_", " ")
