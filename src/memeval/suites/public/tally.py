"""What was seen while a benchmark's files were read: counts, for those who want to know."""

from collections import Counter
from dataclasses import dataclass, field

EMPTY = "a question or answer is empty"
"""Why an item is left out that asks nothing, or by which nothing could be scored."""
WRONG, MENDED, NOTED = range(3)
"""What a remark tells of a file, the weightiest first: a fault, a fault mended, how it is."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts what a reader of the files should know; `left_out` are the items that are not asked.

    Golds that are known to be wrong are no remark: items say so themselves.
    """

    left_out: Counter[str] = field(default_factory=Counter)
    _remarked: Counter[tuple[int, str]] = field(default_factory=Counter)

    @property
    def remarks(self) -> dict[str, int]:
        """What was remarked, and how often: the weightiest first, of equals by their words."""
        return {what: count for (_, what), count in sorted(self._remarked.items())}

    def remark(self, what: str, count: int = 1, *, kind: int = NOTED) -> None:
        """Count something, in the words to tell it in."""
        if count:
            self._remarked[kind, what] += count

    def answer(self, given: str | float) -> str:
        """Return an answer as text, without space around it; one that is a number is counted."""
        self.remark(
            "answers that are numbers, read as text", not isinstance(given, str), kind=MENDED
        )
        return str(given).strip()

    def leave_out(self, why: str, count: int = 1) -> None:
        """Count items that are not asked."""
        if count:
            self.left_out[why] += count
