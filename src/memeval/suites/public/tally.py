"""What was seen while a benchmark's files were read: counts, for those who want to know."""

from collections import Counter
from dataclasses import dataclass, field

EMPTY = "a question or answer is empty"
"""Why an item is left out that asks nothing, or by which nothing could be scored."""


@dataclass(frozen=True, slots=True)
class Tally:
    """`remarks` count what was mended or is wrong, `left_out` the items that are not asked.

    Golds that are known to be wrong are no remark: items say so themselves.
    """

    remarks: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)

    def remark(self, what: str, count: int = 1) -> None:
        """Count something that a reader of the files should know, in the words to tell it in."""
        if count:
            self.remarks[what] += count

    def answer(self, given: str | float) -> str:
        """Return an answer as text, without space around it; one that is a number is counted."""
        self.remark("answers that are numbers, read as text", not isinstance(given, str))
        return str(given).strip()

    def leave_out(self, why: str, count: int = 1) -> None:
        """Count items that are not asked."""
        if count:
            self.left_out[why] += count
