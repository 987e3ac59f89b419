"""The words of a text as answers are compared by: the same for all ways to write the same thing.

Case, Unicode form, quotes, white space and punctuation go; signs, decimal points and symbols stay
where they belong to a token, so that -5 is not 5 and C# not C++. A character of a script that puts
no spaces between words is a word of its own.
"""

import re
import string
import unicodedata
from functools import lru_cache

UNKNOWN = "unknown"
"""The accepted answer of an item whose fact never happened."""
NOT_KNOWN = frozenset(
    {
        UNKNOWN,
        "not known",
        "not mentioned",
        "not stated",
        "not specified",
        "not provided",
        "not given",
        "not told",
        "not available",
        "not enough information",
        "no information",
        "no information available",
        "insufficient information",
        "n/a",
        "i dont know",
        "dont know",
        "do not know",
        "i do not know",
        "unanswerable",
        "cannot be determined",
        "cannot be answered",
    }
)
"""What says by itself that the answer is not known, as `words` leaves it."""
ARTICLES = frozenset({"a", "an", "the"})
KEPT_FORMS = ("<super>", "<sub>", "<fraction>", "<circle>")
"""Compatibility forms that say something else than their base: 10² is not 102."""
LOOKALIKES = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4\u02bc\u0060", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d", "-"),
        **dict.fromkeys("\u2122\u00ae\u00a9", ""),
    }
)
DROPPED = frozenset(string.punctuation) - set("$%")
"""Punctuation that is glued over where it belongs to no word, as SQuAD does: O'Neil is oneil."""
UNSPACED = re.compile(
    "["
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f\u1780-\u17ff"  # Burmese, Khmer
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"  # Kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"  # Han
    "]"
)
"""A character of a script that is written without spaces between words."""

_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])")
_CURRENCY = "$\u00a2-\u00a5\u20a0-\u20cf"
_SIGNS = "-+<>=~\u00b1"
_SIGN_BEFORE_CURRENCY = re.compile(rf"(?<![{_SIGNS}])([{_SIGNS}]+)([{_CURRENCY}])\s*(?=\.?\d)")
_SIGN_APART = re.compile(r"(?<![-+<>=~])([<>=~]+)\s+(?=\.?\d)")
_UNIT = re.compile(rf"[%\u2030\u00b0{_CURRENCY}]")
_BARE_POINT = re.compile(r"(?<![^\W_])(?<!\.)\.(?=\d)")
_POINTS = re.compile(r"\.{2,}")
_DECIMAL = re.compile(r"([^\w.]*\d+)\.(\d+)")
_BELONGS = re.compile(
    r"(?<=\d)[^\w\s](?=\d)|(?<=\de)[-+](?=\d)"  # 3.14, 10:30, 1/2, 2020-21, 1e-5
    rf"|(?<![^\W_])(?<![{_SIGNS}])(?P<before>[{_SIGNS}]+)(?=\d)"  # -5, +5, <5
    r"|(?<=[^\W_])[+<>=~|^&@/][-+]?(?=[^\W_])"  # a+b, x=-5, R&D, n/a
    r"|(?<=[^\W_])(?P<behind>[+#*]+|-)(?![^\W_])"  # C++, C#, A*, O-
    r"|(?<=[^\W_]\s)[<>=](?=\s+[^\W_])"  # x < y
)
_EMPHASIS = re.compile(r"(?<![^\W_])(\*{1,3})(?=\S)([^*]*[^*\s])\1(?![^\W_])")


def normalize(text: str) -> str:
    """Return the words of a text, with a space between."""
    return " ".join(words(text))


def words(text: str) -> list[str]:
    """Return the words of a text; of one that is no word at all, its signs.

    Articles go, but for a last one (Vitamin A) and an "a" before a single letter (A, C). Numbers
    are written alike where they are equal by value (1,000 and 1000, 3.50 and 3.5). What says that
    the answer is not known is the word `unknown`.

    Source, but for what tells answers apart: the SQuAD evaluation (Rajpurkar et al. 2016,
    arXiv:1606.05250).
    """
    bare = unicodedata.normalize("NFC", _without_punctuation(_apart(fold(text))))
    tokens = [_as_number(token) for token in bare.split()]
    kept = _without_articles(tokens) or fold(text).split() or text.split()
    return [UNKNOWN] if " ".join(kept) in NOT_KNOWN else kept


@lru_cache(maxsize=4096)
def is_unknown(text: str) -> bool:
    """Whether a gold or a prediction says that the answer is not known."""
    return text == UNKNOWN or words(text) == [UNKNOWN]


def fold(text: str) -> str:
    """Write a text in one Unicode form and case.

    A space stands for punctuation that is not ASCII's, which parts words as "…" and "。" do.
    """
    alike = "".join(map(_folded, text.translate(LOOKALIKES)))
    lower = unicodedata.normalize("NFD", alike).casefold()
    return unicodedata.normalize("NFC", lower)


def _folded(char: str) -> str:
    if char.isascii():
        return char if char.isprintable() else " "
    category, form = unicodedata.category(char), unicodedata.decomposition(char)
    if category == "Cf":  # zero width, soft hyphens, directions
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if form.startswith("<") and not form.startswith(KEPT_FORMS):
        return unicodedata.normalize("NFKC", char).translate(LOOKALIKES)
    return char if category[0] in "LNMS" else " "


def _apart(text: str) -> str:
    """Put a space around every character of an unspaced script; marks stay with what they mark."""
    if not UNSPACED.search(text):
        return text
    parts: list[str] = []
    after = False
    for char in text:
        is_mark = unicodedata.category(char).startswith("M")
        is_alone = UNSPACED.match(char) is not None
        parts += [" ", char] if not is_mark and (is_alone or after) else [char]
        after = is_alone or (is_mark and after)
    return "".join(parts)


def _without_punctuation(folded: str) -> str:
    """Drop what belongs to no word, Markdown's stars first; units and currencies are words."""
    text = _BARE_POINT.sub("0.", _POINTS.sub(" ", _EMPHASIS.sub(r"\2", folded)))
    text = _THOUSANDS.sub(lambda match: match[0].replace(",", ""), text)
    text = re.sub(r"(?<=\d),(?=\d)", " ", text)
    text = _SIGN_APART.sub(r"\1", _SIGN_BEFORE_CURRENCY.sub(r"\2\1", text))
    text = " ".join(_UNIT.sub(r" \g<0> ", text).split())
    kept, end = [], 0
    for match in _BELONGS.finditer(text):
        before, behind = " " * bool(match["before"]), " " * bool(match["behind"])
        kept += [_bare(text[end : match.start()]), before, match[0], behind]
        end = match.end()
    return "".join([*kept, _bare(text[end:])])


def _bare(text: str) -> str:
    return "".join(char for char in text if char not in DROPPED)


def _as_number(token: str) -> str:
    match = _DECIMAL.fullmatch(token)
    if not match:
        return token
    whole, part = match[1], match[2].rstrip("0")
    return f"{whole}.{part}" if part else whole


def _without_articles(tokens: list[str]) -> list[str]:
    kept: list[str] = []  # from the last to the first
    for word in reversed(tokens):
        is_option = word == "a" and kept and len(kept[-1]) == 1 and kept[-1].isalpha()
        if word not in ARTICLES or not kept or is_option:
            kept.append(word)
    return kept[::-1]
