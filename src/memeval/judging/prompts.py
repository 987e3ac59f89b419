"""What a judge is asked: one file a kind of question, so that a digest pins them all.

What is asked by yes or no goes by the type of the question, as LongMemEval does it (Wu et al. 2024,
arXiv:2410.10813), and nuggets of a rubric are scored as BEAM scores them, at 0, 0.5 or 1, all in
words of our own. A slice that has a file of its own name is asked by it.
"""

import hashlib
from functools import cache
from importlib.resources import files

from memeval.types import Item

DEFAULT, ABSTENTION, NUGGET = "default", "abstention", "rubric"
UNANSWERABLE = "What was said before does not tell the answer."


@cache
def prompts() -> dict[str, str]:
    """Return the prompts by the names of their files."""
    folder = files(__package__).joinpath("prompts")
    found = {one.name: one.read_text("utf-8") for one in folder.iterdir()}
    return {
        name.removesuffix(".txt"): text.rstrip("\n")
        for name, text in sorted(found.items())
        if name.endswith(".txt")
    }


def prompts_digest() -> str:
    """Return a sha256 over all prompts: another word is another judge."""
    digest = hashlib.sha256()
    for name, text in prompts().items():
        digest.update(f"{name}\n{text}\n".encode())
    return digest.hexdigest()


def asked(item: Item, response: str) -> str:
    """Return what a judge is asked about an answer, by the kind of its question."""
    if not item.answerable:
        return _filled(ABSTENTION, item, UNANSWERABLE, response)
    known = item.slice in prompts() and item.slice != NUGGET
    return _filled(item.slice if known else DEFAULT, item, " / ".join(item.answers), response)


def asked_of_nugget(item: Item, nugget: str, response: str) -> str:
    """Return what a judge is asked about one point of an answer's rubric."""
    return _filled(NUGGET, item, nugget, response)


def _filled(kind: str, item: Item, answer: str, response: str) -> str:
    """Fill a prompt in one pass: what is put in may hold braces of its own."""
    told = {"question": item.query.told(), "answer": answer, "response": response}
    parts = prompts()[kind].split("{")
    return parts[0] + "".join(
        told[name] + rest for name, _, rest in (part.partition("}") for part in parts[1:])
    )
