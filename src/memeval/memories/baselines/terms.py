"""What texts are found by, in any script."""

import re
from itertools import pairwise

from memeval.words import UNSPACED, fold

_POSSESSIVE = re.compile(r"(?<=\w)'s\b")
_TERM = re.compile(rf"(?:{UNSPACED.pattern})+|(?:(?!{UNSPACED.pattern})\w)+")


def terms(text: str) -> list[str]:
    """Return what a text is found by: its words, also those of one letter, no possessive's end.

    In a script without spaces between words these are the characters and the pairs of neighbours,
    as Lucene's analyser for Chinese, Japanese and Korean can have them.
    """
    found: list[str] = []
    for run in _TERM.findall(_POSSESSIVE.sub("", fold(text))):
        if UNSPACED.match(run):
            found += [*run, *map("".join, pairwise(run))]
        else:
            found.append(run)
    return found
