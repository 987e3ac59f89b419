"""What finished cells took, for each item."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from memeval.outside import UnreadableError
from memeval.prices import Prices
from memeval.results import META
from memeval.sealing import read_head

TEACHING, ASKING = ("teach", "replay"), ("recall", "read")


@dataclass(frozen=True, slots=True)
class Measured:
    """What a finished cell took; `prompt_tokens` is None where its model does not count them."""

    size: int
    items: int
    teach_ms: float
    ask_ms: float
    prompt_tokens: int | None
    money: float | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """What cells took for each item: of their datasets' size to teach, of those asked to ask."""

    teach_ms: float
    ask_ms: float
    prompt_tokens: float | None
    money: float | None = None


def pooled(cells: Sequence[Measured]) -> Rate | None:
    """Return the rate over several cells, the large ones weighing more; None of none."""
    sizes, items = sum(cell.size for cell in cells), sum(cell.items for cell in cells)
    if not sizes or not items:
        return None
    paid = [cell.money for cell in cells if cell.money is not None]
    counted = [cell.prompt_tokens for cell in cells if cell.prompt_tokens is not None]
    return Rate(
        teach_ms=sum(cell.teach_ms for cell in cells) / sizes,
        ask_ms=sum(cell.ask_ms for cell in cells) / items,
        prompt_tokens=sum(counted) / items if len(counted) == len(cells) else None,
        money=sum(paid) / items if len(paid) == len(cells) else None,
    )


def measured(file: Path, prices: Prices | None = None) -> Iterator[Measured]:
    """Yield what a cell's metrics say it took; nothing where they do not, or cannot be read."""
    try:
        metrics = read_head(file)
        size = int(file.parent.name.partition("_")[0])
        money = prices.of_cell(read_head(file.with_name(META)), metrics) if prices else None
        yield replace(_measured(size, metrics), money=money)
    except (UnreadableError, ValueError, KeyError, TypeError, AttributeError):
        return


def _measured(size: int, metrics: Mapping[str, Any]) -> Measured:
    phases, tokens = metrics["phases_ms"], metrics["tokens"]["prompt"]
    return Measured(
        size=size,
        items=int(metrics["n"]),
        teach_ms=sum(float(phases[name]) for name in TEACHING),
        ask_ms=sum(float(phases[name]) for name in ASKING),
        prompt_tokens=None if tokens is None else int(tokens),
    )
