"""What each part of a memory earns and costs, and each value: variants beside the full memory."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from memeval.naming import FULL
from memeval.reporting import sweeps
from memeval.reporting.gain import Gain
from memeval.reporting.reading import has_texts
from memeval.reporting.row import Row, split
from memeval.reporting.scores import label_of
from memeval.reporting.screen import bare, tight
from memeval.reporting.tables import (
    ABSENT,
    Table,
    difference,
    number,
    on_seeds,
    p_value,
    ratio,
    rounded,
    titled,
)

FIGURES = (
    "minus full [95 %]",
    "between / within",
    "only it / only full",
    "p",
    "Holm p",
    "detectable",
    "decisions",
    "tokens/item",
    "ms/item",
    "store KB",
)
NOTE = (
    "One part switched off, the same questions: minus full is the paired difference in "
    '{score}, so a part that earns its place has a negative one. "=" marks what is '
    "indistinguishable, as above, with Holm over the variants of one memory. between / within is "
    "the variance of the difference between sessions over that within them. detectable is the "
    "smallest true difference that as many items would have found in 80 of 100 cases. The last "
    "columns show by how much each figure differs from the full memory's; decisions are a walk's, "
    "and ms/item is the median over seeds, as other work on the machine makes it longer. Nothing "
    "changed: no answer, token, decision, stored byte or counter of the memory differs."
)
SCREEN_HEADER = (
    "variant",
    "mean",
    "difference [95 %]",
    "p",
    "Holm",
    "MDE",
    "tokens",
    "ms",
    "store",
)
SCREEN_SPARE = ("MDE", "p", "tokens", "store", "Holm", "ms")
"""What a narrower terminal is spared, the first of them first."""
SCREEN_NOTE = (
    "mean: {score}; difference: variant minus full memory, paired on items (*: on the seeds of "
    "both, =: indistinguishable); p: of no difference, clustered by session; Holm: the same "
    "adjusted for all variants; MDE: the smallest true difference found in 80 of 100 such "
    "comparisons; tokens of a prompt, ms of an item (the median over seeds), bytes of the store: "
    "those of the full memory, then the change."
)
SWEPT_NOTE = (
    " A variant with a value has that value of its parameter and is else the full memory; "
    '"as in full" is the value that this one has.'
)
NOTHING = "nothing changed"
AS_FULL = "as in full"


@dataclass(frozen=True, slots=True)
class Ablation:
    """One memory's variants on one model, suite and size, the full memory first."""

    rows: list[Row]

    @property
    def title(self) -> str:
        """Say which memory was ablated, and where."""
        return f"{self.rows[0].preset}: {titled(self.rows)}"

    def table(self) -> Table:
        """Return header and rows of a page."""
        compared = self.compared()
        if not has_sweep(self.rows):
            header = ("variant", "switched off", label_of(self.rows), *FIGURES)
            return header, [one.whole(", ".join(one.row.knobs_off)) for one in compared]
        header = ("variant", "what differs", label_of(self.rows), *FIGURES)
        return header, [one.whole(", ".join(one.differing)) for one in compared]

    def compared(self) -> "list[Compared]":
        """Compare each variant with the full memory; Holm's family is the variants of one memory.

        Without the full memory none is compared, and neither is one that says what that one has.
        """
        full = next((row for row in self.rows if row.variant == FULL), None)
        pairs = [(row, None if full is None or _is_as(row, full) else full) for row in self.rows]
        family = Compared.family(pairs)
        return [one if one.row is full else replace(one, other=full) for one in family]


@dataclass(frozen=True, slots=True)
class Compared(Gain):
    """A variant minus the full memory, and the two ways to show it.

    There is no other one where it is the full memory itself, or where that is missing.
    """

    @property
    def changes_nothing(self) -> bool:
        """Whether no answer, token, decision, stored byte or counter differs from the full's."""
        if self.comparison is None or self.other is None:
            return False
        if not all(has_texts(cell.meta) for row in (self.row, self.other) for cell in row.cells):
            return False  # two answers of one score may differ
        if self.row.records != self.other.records:
            return False
        return _counted(self.row) == _counted(self.other)

    @property
    def is_as_full(self) -> bool:
        """Whether this one says of a parameter what the full memory has anyway."""
        return self.other is not None and _is_as(self.row, self.other)

    @property
    def differing(self) -> tuple[str, ...]:
        """The parameters that were given other values than the full memory's, and which."""
        there = {} if self.other is None else sweeps.overrides_of(self.other)
        here = sweeps.overrides_of(self.row).items()
        return tuple(sweeps.spelled(*pair) for pair in here if pair not in there.items())

    @property
    def parts_off(self) -> tuple[str, ...]:
        """The parts that are off here and on in the full memory, which may have some off too."""
        there = () if self.other is None else self.other.knobs_off
        return tuple(name for name in self.row.knobs_off if name not in there)

    @property
    def store_change(self) -> float | None:
        """By how much of the full memory's store this one's is larger."""
        return _share(*self._both("memory", "store_bytes"))

    @property
    def decisions_change(self) -> float | None:
        """By how much of the full memory's decisions a walk takes more."""
        return _share(*self._both("navigation", "decisions_mean"))

    def whole(self, differs: str) -> tuple[str, ...]:
        """Return the row of a page; `differs` says what is not as in the full memory."""
        row, compared = self.row, self.comparison
        shown = NOTHING if self.changes_nothing else difference(self)
        shown = AS_FULL if self.is_as_full else shown
        if compared and self.other:
            shown += on_seeds(self.other, row)
        return (
            sweeps.label(row) or ABSENT,
            differs or ABSENT,
            number(row.score().mean, 2),
            shown,
            ABSENT if compared is None else ratio(compared.difference),
            ABSENT if compared is None else f"{compared.only_a} / {compared.only_b}",
            p_value(compared.p_value if compared else None),
            p_value(self.holm_p),
            number(compared.detectable if compared else None, 3),
            _changed(*self._both("navigation", "decisions_mean"), digits=2),
            _changed(*self._tokens(), digits=0),
            _changed(*self._times(), digits=0),
            _changed(*self._both("memory", "store_bytes"), digits=1, scale=1 / 1024),
        )

    def narrow(self) -> tuple[str, ...]:
        """Return the row of a terminal of 80 columns, with changes in percent."""
        compared = self.comparison
        return (
            sweeps.label(self.row) or ABSENT,
            bare(self.row.score().mean, ".2f"),
            self._difference(),
            _bare_p(compared.p_value if compared else None),
            _bare_p(self.holm_p),
            bare(compared.detectable if compared else None, ".2f"),
            _relative(*self._tokens()),
            _relative(*self._times()),
            _relative(*self._both("memory", "store_bytes")),
        )

    def _difference(self) -> str:
        compared = self.comparison
        if self.is_as_full:
            return AS_FULL
        if compared is None or compared.difference.mean is None or self.other is None:
            return ABSENT
        if self.changes_nothing:
            return NOTHING
        marks = ("*" if on_seeds(self.other, self.row) else "") + ("" if self.is_finding else "=")
        return tight(compared.difference, "+.2f") + marks

    def _both(self, *path: str) -> tuple[float | None, float | None, bool]:
        """Return a metric here and in the full memory, and whether this one stands alone."""
        there = None if self.other is None else self.other.mean(*path)
        return self.row.mean(*path), there, self.other is None

    def _tokens(self) -> tuple[float | None, float | None, bool]:
        there = None if self.other is None else self.other.tokens_per_item()
        return self.row.tokens_per_item(), there, self.other is None

    def _times(self) -> tuple[float | None, float | None, bool]:
        there = None if self.other is None else self.other.median("latency_ms_mean")
        return self.row.median("latency_ms_mean"), there, self.other is None


def ablations(rows: Sequence[Row]) -> list[Ablation]:
    """Return the ablations among the rows of variants; swept values stand in their order."""
    groups = split(rows, lambda row: (row.preset, row.place))
    return [Ablation(sorted(group, key=sweeps.order)) for group in groups]


def has_sweep(rows: Sequence[Row]) -> bool:
    """Whether any of the variants gives a parameter another value."""
    return any(sweeps.swept(row) for row in rows)


def note(rows: Sequence[Row]) -> str:
    """Return what a reader of a page's tables must know."""
    return NOTE + SWEPT_NOTE * has_sweep(rows)


def _is_as(row: Row, full: Row) -> bool:
    """Whether a row is of the full memory's configuration; all cells of a row share one."""
    return bool(row.cells[0].meta["config_hash"] == full.cells[0].meta["config_hash"])


def _counted(row: Row) -> list[object]:
    """Return what the cells of a row counted, by seed, but for the tokens reused.

    How many of those there are depends on what the same worker ran before, not on the memory alone.
    """
    cells = sorted(row.cells, key=lambda cell: int(cell.meta["seed"]))
    return [
        (
            {**(cell.metrics.get("tokens") or {}), "reused": None},
            cell.metrics.get("navigation"),
            cell.metrics["memory"],
        )
        for cell in cells
    ]


def _changed(
    here: float | None, there: float | None, alone: bool, *, digits: int, scale: float = 1.0
) -> str:
    """Return the full memory's own figure, and by how much each variant's differs from it."""
    if here is None or (there is None and not alone):
        return ABSENT
    if alone or there is None:
        return number(here * scale, digits)
    return rounded((here - there) * scale, f"+,.{digits}f")


def _relative(here: float | None, there: float | None, alone: bool) -> str:
    if alone:
        return _short(here)
    change = _share(here, there, alone)
    return ABSENT if change is None else rounded(change, "+.0%")


def _share(here: float | None, there: float | None, alone: bool) -> float | None:
    return None if alone or here is None or not there else here / there - 1


def _bare_p(value: float | None) -> str:
    return "<.001" if value is not None and value < 0.001 else bare(value, ".3f")


def _short(value: float | None) -> str:
    """Format a figure in five characters: 13.2, 1,234, 120k, 3.4M."""
    if value is None:
        return ABSENT
    for bound, unit in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if value >= bound:
            return f"{value / (1e3 if unit == 'k' else bound):.3g}{unit}"
    return f"{value:,.1f}" if value < 1000 else f"{value:,.0f}"
