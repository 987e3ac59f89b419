"""What a plan will about take, by what cells like its own took before; nothing is loaded.

Teaching grows with the stream, and so with a dataset's size, even where a limit asks few items;
reading grows with the items that are asked.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from memeval.matrix.cells import Cell, slug
from memeval.matrix.estimate import spoken
from memeval.matrix.rates import Rate, measured, pooled
from memeval.matrix.shipped import shipped_rate
from memeval.prices import Prices
from memeval.results import METRICS

DEEPEST = 3
"""Parts of a preset's name, as of a variant of a memory."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What cells like one took: the very same at another time or size, or else others near it.

    One that is shipped is of the same preset, measured on another machine.
    """

    rate: Rate
    is_same: bool
    is_shipped: bool = False


@dataclass(frozen=True, slots=True)
class Forecast:
    """What cells will take, and how many of them by what basis."""

    seconds: float
    prompt_tokens: float | None
    same: int
    near: int
    without: int
    shipped: int = 0
    money: float | None = None


def forecast(
    cells: Sequence[Cell], limit: int | None, basis_of: Callable[[Cell], Basis | None]
) -> Forecast:
    """Add up what cells will take, as far as each has a basis."""
    seconds, tokens, money = 0.0, 0.0, 0.0
    found = [(cell, basis) for cell in cells if (basis := basis_of(cell)) is not None]
    for cell, basis in found:
        asked = cell.size if limit is None else min(limit, cell.size)
        rate = basis.rate
        seconds += (rate.teach_ms * cell.size + rate.ask_ms * asked) / 1000
        tokens += (rate.prompt_tokens or 0.0) * asked
        money += (rate.money or 0.0) * asked
    same = sum(basis.is_same for _, basis in found)
    shipped = sum(basis.is_shipped for _, basis in found)
    is_counted = all(basis.rate.prompt_tokens is not None for _, basis in found)
    return Forecast(
        seconds=seconds,
        prompt_tokens=tokens if is_counted else None,
        same=same,
        near=len(found) - same - shipped,
        without=len(cells) - len(found),
        shipped=shipped,
        money=money if all(basis.rate.money is not None for _, basis in found) else None,
    )


def basis_in(root: Path, prices: Prices | None = None) -> Callable[[Cell], Basis | None]:
    """Return what finds a cell's basis in all the runs below a folder.

    That is the same preset, model and suite in any run, size and seed; else what other presets took
    on the same model and suite; else what the committed run of the embedded model took.
    """
    rates: dict[str, Rate | None] = {}

    def rate_of(*patterns: str) -> Rate | None:
        if patterns[0] not in rates:
            files = [file for one in patterns for file in root.glob(one)]
            rates[patterns[0]] = pooled([m for file in files for m in measured(file, prices)])
        return rates[patterns[0]]

    def basis_of(cell: Cell) -> Basis | None:
        place = f"{slug(cell.model)}/{cell.suite}/*/{METRICS}"
        if same := rate_of(f"*/{cell.preset.name}/{place}"):
            return Basis(same, is_same=True)
        near = rate_of(*(f"*/{'*/' * parts}{place}" for parts in range(1, DEEPEST + 1)))
        if near:
            return Basis(near, is_same=False)
        rate = shipped_rate(cell.preset.name, cell.model, cell.suite)
        return Basis(rate, is_same=False, is_shipped=True) if rate else None

    return basis_of


def told(expected: Forecast, workers: int) -> list[str]:
    """Say what is expected, and on what basis, in two sentences; one where there is none."""
    total = expected.same + expected.near + expected.shipped + expected.without
    if total == expected.without:
        return ["how long it takes is unknown: no cell of these models and suites was run before"]
    missing = f"; {expected.without} of {total} cells without a basis" * bool(expected.without)
    seconds = expected.seconds / max(1, min(workers, total))
    bases = {
        "the same preset, model and suite": expected.same,
        "other presets on the same model and suite": expected.near,
        "the same preset on the machine of the committed run": expected.shipped,
    }
    by = ", ".join(f"{count} by {basis}" for basis, count in bases.items() if count)
    money = "" if expected.money is None else f", {expected.money:,.2f} in money"
    return [
        f"about {spoken(seconds)} and {_tokens(expected.prompt_tokens)}{money}{missing}",
        f"from what was measured before, loading apart: {by}",
    ]


def _tokens(count: float | None) -> str:
    if count is None:
        return "an unknown number of prompt tokens"
    if count >= 1e6:
        return f"{count / 1e6:.1f} million prompt tokens"
    return f"{float(f'{count:.2g}'):,.0f} prompt tokens"
