"""Whether an accepted answer stands in what was said, letter by letter: MemoryAgentBench's score.

As its script computes it: both sides in lower case, without ASCII punctuation, the words a, an and
the, and white space but for single spaces; then the answer must be a part of the prediction. It is
laxer than `contains`: "art" is found in "party".
"""

import re
import string

from memeval.types import Item

_PUNCTUATION = str.maketrans("", "", string.punctuation)
_ARTICLES = re.compile(r"\b(a|an|the)\b")


def exact_match(item: Item, answer: str) -> dict[str, float | None]:
    """Score 1 for an accepted answer that stands in the text.

    None where no accepted answer has a letter left, as it would stand in every text.
    """
    accepted = [text for one in item.answers if (text := normalised(one))]
    predicted = normalised(answer)
    found = float(any(one in predicted for one in accepted)) if accepted else None
    return {"substring_exact_match": found}


def normalised(text: str) -> str:
    """Return a text as the published script compares it."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())
