"""What each part of a memory earns and costs: variants with knobs off against the full memory."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from memeval.scoring.compare import Comparison, Interval, Key, compare_scores, holm, mean_interval

FULL = "full"
FOLDER = "ablations"


class FinishedCell(Protocol):
    """What is needed of a cell on disk; `results.StoredCell` has it."""

    @property
    def meta(self) -> Mapping[str, Any]:
        """The content of `meta.json`."""

    @property
    def metrics(self) -> Mapping[str, Any]:
        """The content of `metrics.json`."""

    def items(self) -> Sequence[Any]:
        """Return the records."""


@dataclass(frozen=True, slots=True)
class Variant:
    """All seeds of a variant; the comparison is variant minus full, and so are the changes.

    `tokens` are of an item's prompt, `ms` from its question to its answer, `store_bytes` a mean
    over seeds. Changes are relative to the full memory. What was not measured is None.
    """

    name: str
    seeds: tuple[int, ...]
    exact_match: Interval
    tokens: float | None
    ms: float | None
    store_bytes: float | None
    scores: Mapping[Key, float]
    comparison: Comparison | None = None
    holm_p: float | None = None
    tokens_change: float | None = None
    ms_change: float | None = None
    store_change: float | None = None

    @property
    def changes_nothing(self) -> bool:
        """Whether the knob changed no answer's score, no token and no byte."""
        compared = self.comparison
        same = compared is not None and compared.only_a == compared.only_b == 0
        return same and not self.tokens_change and not self.store_change


@dataclass(frozen=True, slots=True)
class Ablation:
    """A memory's variants on one model, suite and size, the full memory first."""

    memory: str
    model: str
    suite: str
    size: int
    variants: tuple[Variant, ...]


def ablations(cells: Iterable[FinishedCell]) -> list[Ablation]:
    """Return the ablations among finished cells; cells of other presets are passed over.

    Holm's family is one ablation's variants: those are looked at together. Cells of different
    configurations are never pooled: each is a variant, its name followed by its hash.
    """
    groups: dict[tuple[str, str, str, int, int], dict[tuple[str, str], list[FinishedCell]]]
    groups = defaultdict(lambda: defaultdict(list))
    for cell in cells:
        meta = cell.meta
        folder, _, rest = str(meta["preset"]).partition("/")
        memory, _, variant = rest.rpartition("/")
        if folder == FOLDER and memory:
            limit = meta["config"].get("limit") or 0
            key = (memory, meta["model"]["name"], meta["suite"], meta["size"], limit)
            groups[key][variant, meta["config_hash"]].append(cell)
    return [Ablation(*key[:4], tuple(_compared(_measured(groups[key])))) for key in sorted(groups)]


def _measured(found: Mapping[tuple[str, str], Sequence[FinishedCell]]) -> list[Variant]:
    times = Counter(name for name, _ in found)
    return [
        _variant(name if times[name] == 1 else f"{name} ({config[:6]})", cells)
        for (name, config), cells in sorted(found.items())
    ]


def _variant(name: str, cells: Sequence[FinishedCell]) -> Variant:
    scores = {
        (record.session, record.query_id): float(record.exact_match)
        for cell in cells
        for record in cell.items()
        if record.answerable
    }
    sizes = [cell.metrics["n"] for cell in cells]
    tokens = [_at(cell.metrics, "tokens", "prompt") for cell in cells]
    ms = [_at(cell.metrics, "latency_ms_mean") for cell in cells]
    store = [_at(cell.metrics, "memory", "store_bytes") for cell in cells]
    return Variant(
        name=name,
        seeds=tuple(sorted(cell.meta["seed"] for cell in cells)),
        exact_match=mean_interval(scores),
        tokens=_ratio(tokens, sizes),
        ms=_ratio([None if m is None else m * n for m, n in zip(ms, sizes, strict=True)], sizes),
        store_bytes=_ratio(store, [1] * len(cells)),
        scores=scores,
    )


def _compared(variants: Sequence[Variant]) -> list[Variant]:
    """Compare each variant with the full memory, the full memory first; without it, none is."""
    full = next((variant for variant in variants if variant.name == FULL), None)
    if full is None:
        return list(variants)
    others = [_against(variant, full) for variant in variants if variant is not full]
    adjusted = holm([v.comparison.p_value if v.comparison else None for v in others])
    return [full, *(replace(v, holm_p=p) for v, p in zip(others, adjusted, strict=True))]


def _against(variant: Variant, full: Variant) -> Variant:
    same_items = variant.scores.keys() == full.scores.keys()
    return replace(
        variant,
        comparison=compare_scores(variant.scores, full.scores) if same_items else None,
        tokens_change=_change(variant.tokens, full.tokens),
        ms_change=_change(variant.ms, full.ms),
        store_change=_change(variant.store_bytes, full.store_bytes),
    )


def _at(metrics: Mapping[str, Any], *path: str) -> float | None:
    value: Any = metrics
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return float(value) if isinstance(value, int | float) else None


def _ratio(values: Sequence[float | None], counts: Sequence[int]) -> float | None:
    """Return the sum over the sum of counts; None if any of the values was not measured."""
    known = [value for value in values if value is not None]
    total = sum(counts)
    return sum(known) / total if len(known) == len(values) and total else None


def _change(value: float | None, full: float | None) -> float | None:
    return value / full - 1 if value is not None and full else None


HEADER = ("variant", "EM", "difference [95 %]", "p", "Holm", "MDE", "tokens", "ms", "store")
NOTE = (
    "EM: exact match; difference: variant minus full memory, paired on items; p: exact McNemar, "
    "Holm: the same adjusted for all variants; MDE: the smallest true difference found in 80 of "
    "100 such comparisons; tokens of a prompt, ms of an item, bytes of the store: those of the "
    "full memory, then the change"
)


def table_rows(ablation: Ablation) -> list[tuple[str, ...]]:
    """Return a row of text for each variant; with `HEADER` they fit 80 columns."""
    return [_row(variant) for variant in ablation.variants]


def _row(variant: Variant) -> tuple[str, ...]:
    exact = _bare(variant.exact_match.mean, ".2f")
    if variant.name == FULL:
        costs = (_short(variant.tokens), _short(variant.ms), _short(variant.store_bytes))
        return (variant.name, exact, "-", "-", "-", "-", *costs)
    compared = variant.comparison
    return (
        variant.name,
        exact,
        _difference(variant),
        _p_value(compared.p_value if compared else None),
        _p_value(variant.holm_p),
        _bare(compared.detectable if compared else None, ".2f"),
        _number(variant.tokens_change, "+.0%"),
        _number(variant.ms_change, "+.0%"),
        _number(variant.store_change, "+.0%"),
    )


def _difference(variant: Variant) -> str:
    """Format the difference, or say why there is none."""
    if variant.comparison is None:
        return "other items than full"
    inner = variant.comparison.difference
    if inner.mean is None:
        return "-"
    if variant.changes_nothing:
        return "nothing changed"
    mean, low, high = (_bare(value, "+.2f") for value in (inner.mean, inner.low, inner.high))
    return f"{mean} [{low}, {high}]"


def _p_value(value: float | None) -> str:
    """Format a probability; one that is small is not told as nought."""
    return "<.001" if value is not None and value < 0.001 else _bare(value, ".3f")


def _bare(value: float | None, form: str) -> str:
    """Format without the nought before the point, which leaves room for a variant's name."""
    text = _number(value, form)
    return text.replace("0.", ".", 1) if text.lstrip("+-").startswith("0.") else text


def _number(value: float | None, form: str) -> str:
    return "-" if value is None else format(value, form)


def _short(value: float | None) -> str:
    """Format a figure in five characters: 13.2, 1,234, 120k, 3.4M."""
    if value is None:
        return "-"
    for bound, unit in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if value >= bound:
            return f"{value / (1e3 if unit == 'k' else bound):.3g}{unit}"
    return f"{value:,.1f}" if value < 1000 else f"{value:,.0f}"
