"""Figures in sentences of the pages, worked out anew from the cells that are committed."""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from memeval.reporting import tables
from memeval.results import ItemRecord, StoredCell, read_cell
from memeval.scoring.compare import compare_scores

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
RUN = ROOT / "runs/2026-11-23"
SEEDS = (1337, 2025, 4242)
SUITES = EPISODIC, SEMANTIC, SPATIAL = "episodic", "semantic", "spatial"
HEI_NW, SGC_RSS, SMPD, ALL = (f"memory/{name}" for name in ("hei_nw", "sgc_rss", "smpd", "all"))
CORE, RAG, CLOSED = "baselines/core", "baselines/rag", "baselines/closed_book"
LONGCTX, ORACLE = "baselines/longctx", "baselines/oracle"
BASELINES = ("baselines/*/*/*/50_*", "baselines/*/*/*/200_*")
MEMORIES = [f"{name}/*/*/{size}_*" for name in (HEI_NW, SGC_RSS, SMPD) for size in (50, 200)]
CHAINS = ("hop2", "hop3")


def run(preset: str, suite: str, size: int = 200) -> list[StoredCell]:
    """Return a preset's cells of the committed run, one a seed."""
    folder = RUN / preset / "smollm2" / suite
    return [read_cell(folder / f"{size}_{seed}") for seed in SEEDS]


def mean(preset: str, suite: str, *path: str, size: int = 200) -> float:
    """Return the mean over seeds of one metric."""
    values = []
    for cell in run(preset, suite, size):
        value: object = cell.metrics
        for name in path:
            assert isinstance(value, dict)
            value = value[name]
        assert isinstance(value, int | float)
        values.append(value)
    return sum(values) / len(values)


def slice_mean(preset: str, suite: str, name: str, metric: str = "exact_match") -> str:
    return f"{mean(preset, suite, 'slices', name, metric):.2f}"


def off(memory: str, knob: str) -> str:
    """Return the preset of an ablation."""
    return f"ablations/{memory}/no_{knob}"


def answered(preset: str, suite: str, slices: Sequence[str]) -> list[ItemRecord]:
    return [item for cell in run(preset, suite) for item in cell.items() if item.slice in slices]


def gain(preset: str, other: str, suite: str, slices: Sequence[str]) -> str:
    """Return the paired difference of two presets on some slices."""
    scores = [
        {
            (item.session, item.query_id): float(item.exact_match)
            for item in answered(p, suite, slices)
        }
        for p in (preset, other)
    ]
    return tables.difference(compare_scores(*scores))


def walked(preset: str, name: str) -> list[ItemRecord]:
    return [item for item in answered(preset, SPATIAL, (name,)) if item.steps is not None]


def path_ratio(preset: str, name: str) -> float:
    """Return steps over the optimum, in the mean over those that arrived."""
    arrived = [item for item in walked(preset, name) if item.exact_match]
    ratios = [
        item.steps / item.optimal_steps for item in arrived if item.steps and item.optimal_steps
    ]
    return sum(ratios) / len(ratios)


def walks(preset: str, metric: str) -> str:
    return f"{mean(preset, SPATIAL, 'navigation', metric):.2f}"


def decisions(preset: str, name: str) -> str:
    taken = [item.decisions or 0 for item in walked(preset, name)]
    return f"{sum(taken) / len(taken):.2f}"


def sizes(*path: str) -> list[str]:
    return [f"{mean(HEI_NW, EPISODIC, *path, size=size):.2f}" for size in (50, 200, 1000)]


def best_and_all(suite: str, best: str) -> str:
    combined, single = (mean(preset, suite, "exact_match") for preset in (ALL, best))
    word = "and" if abs(combined - single) < 5e-4 else "against"
    return f"{suite} {combined:.3f} {word} {single:.3f}"


def scores(preset: str) -> str:
    """Return a preset's exact match on the three suites."""
    return " / ".join(f"{mean(preset, s, 'exact_match'):.2f}" for s in SUITES)


def lowest(suite: str) -> str:
    """Return the slices on which the oracle is right least often, but for routes."""
    names = [n for n in run(ORACLE, suite)[0].metrics["slices"] if n not in ("unknown", "route")]
    found = {name: slice_mean(ORACLE, suite, name) for name in names}
    least = min(found.values())
    return (
        f"{suite} {least} ({', '.join(f'`{n}`' for n, score in found.items() if score == least)})"
    )


def ends(
    preset: str, suite: str, value: Callable[[Mapping[str, Any]], float]
) -> tuple[float, float]:
    """Return the least and the largest of a figure over the seeds."""
    found = [value(cell.metrics) for cell in run(preset, suite)]
    return min(found), max(found)


def spent(*patterns: str) -> str:
    """Return how many cells match, the minutes that their phases took, and their largest peak."""
    cells = [read_cell(path.parent) for p in patterns for path in RUN.glob(f"{p}/meta.json")]
    minutes = sum(sum(cell.metrics["phases_ms"].values()) for cell in cells) / 60_000
    return f"| {len(cells)} | {minutes:.0f} | {max(c.metrics['rss_mb'] for c in cells):,.0f} |"


CLAIMS: list[tuple[str, Callable[[], str]]] = [
    ("bars", lambda: ", ".join(map(lowest, SUITES))),
    ("bars", lambda: f"{scores('baselines/shuffled')} against {scores(CLOSED)}"),
    ("bars", lambda: f"core {scores(CORE)}, rag {scores(RAG)}, longctx {scores(LONGCTX)}"),
    ("bars", lambda: "| {:.2f}-{:.2f} |".format(
        *ends(HEI_NW, EPISODIC, lambda metrics: metrics["writes"]["auprc"]))),
    ("bars", lambda: f"{mean(HEI_NW, EPISODIC, 'exact_match'):.3f} against "
     f"{mean(off('hei_nw', 'gate'), EPISODIC, 'exact_match'):.3f}"),
    ("bars", lambda: f"| {mean(SGC_RSS, SEMANTIC, 'abstention'):.2f}, "
     f"{mean(SGC_RSS, SEMANTIC, 'false_abstention'):.2f} |"),
    ("bars", lambda: f"{mean(SGC_RSS, SEMANTIC, 'memory', 'nodes'):.0f} nodes and "
     f"{mean(SGC_RSS, SEMANTIC, 'memory', 'store_items'):.0f} edges"),
    ("bars", lambda: f"{decisions(SMPD, 'habit')} against "
     f"{decisions(off('smpd', 'macro.distill'), 'habit')}"),
    ("bars", lambda: gain(SMPD, off("smpd", "path_integration"), SPATIAL, ("shortcut",))),
    ("eval_plan", lambda: f"({gain(SGC_RSS, ORACLE, SEMANTIC, CHAINS).removesuffix(' =')}, not to"),
    ("eval_plan", lambda: "{} events of `episodic`, {} of `semantic` and {} of `spatial`".format(
        *(f"{mean(LONGCTX, suite, 'traces_read_mean'):.0f}" for suite in SUITES))),
    ("eval_plan", lambda: "{}, {} and {} wrong answers".format(
        *(sum(c.metrics["lost"]["not_retrieved"] for c in run(LONGCTX, s)) for s in SUITES))),
    ("eval_plan", lambda: f"`hop2` and `hop3` fall from {slice_mean(SGC_RSS, SEMANTIC, 'hop3')} to "
     f"{slice_mean(off('sgc_rss', 'ppr'), SEMANTIC, 'hop3').removesuffix('.00')}"),
    ("eval_plan", lambda: f"a habit ({decisions(SMPD, 'habit')} against "
     f"{decisions(off('smpd', 'macro.distill'), 'habit')})"),
    ("performance", lambda: "recall took {:.0f} to {:.0f} ms".format(
        *ends(SGC_RSS, SEMANTIC, lambda metrics: metrics["recall_ms_mean"]))),
    ("performance", lambda: "and replay {:.0f} to {:.0f} s".format(
        *ends(SGC_RSS, SEMANTIC, lambda metrics: metrics["phases_ms"]["replay"] / 1000))),
    ("runbook", lambda: f"| baselines at 50 and 200 {spent(*BASELINES)} `baselines`"),
    ("runbook", lambda: f"| memories at 50 and 200 {spent(*MEMORIES)} `memory`"),
    ("runbook", lambda: f"| `memory/all` at 200 {spent('memory/all/*/*/200_*')} `memory`"),
    ("runbook", lambda: f"| ablations {spent('ablations/*/*/*/*/200_*')} "),
    ("runbook", lambda: f"| `baselines/core` at 1,000 {spent('baselines/core/*/*/1000_*')} "),
    ("runbook", lambda: "| memories at 1,000, each on its own suite "
     f"{spent('memory/*/*/*/1000_*')} `memory`"),
    ("bars", lambda: f"{gain(SGC_RSS, CORE, SEMANTIC, CHAINS)} over core"),
    ("bars", lambda: f"{gain(SGC_RSS, RAG, SEMANTIC, CHAINS)} over rag"),
    ("bars", lambda: f"{len(answered(SGC_RSS, SEMANTIC, CHAINS))} items"),
    ("bars", lambda: f"{slice_mean(HEI_NW, EPISODIC, 'exact', 'hit@1')}, "
     f"{slice_mean(HEI_NW, EPISODIC, 'paraphrase', 'hit@1')}"),
    ("bars", lambda: "{} at 50, {} at 200, {} at 1,000".format(*sizes("retrieval", "hit@1"))),
    ("bars", lambda: "from {0} to {2}".format(*sizes("slices", "paraphrase", "hit@1"))),
    ("bars", lambda: f"{slice_mean(SMPD, SPATIAL, 'navigate')} of "
     f"{len(walked(SMPD, 'navigate'))}, path {path_ratio(SMPD, 'navigate'):.2f}"),
    ("bars", lambda: f"{slice_mean(SMPD, SPATIAL, 'detour')} of {len(walked(SMPD, 'detour'))}"),
    ("bars", lambda: f"{slice_mean(SMPD, SPATIAL, 'shortcut')} against "
     f"{slice_mean(off('smpd', 'path_integration'), SPATIAL, 'shortcut')}"),
    ("bars", lambda: f"{mean(SMPD, SPATIAL, 'memory', 'gate_inserted'):.0f} against "
     f"{mean(off('smpd', 'gate'), SPATIAL, 'memory', 'gate_inserted'):.0f}"),
    ("bars", lambda: best_and_all(EPISODIC, HEI_NW)),
    ("bars", lambda: best_and_all(SEMANTIC, SGC_RSS)),
    ("bars", lambda: best_and_all(SPATIAL, SMPD)),
    ("bars", lambda: f"closed book arrives in {walks(CLOSED, 'success')} of the walks"),
    ("bars", lambda: f"the same budget in {walks(CLOSED, 'random_walk_success')}"),
    ("bars", lambda: f"{mean(HEI_NW, EPISODIC, 'memory', 'store_items'):.0f} of "
     f"{mean(off('hei_nw', 'gate'), EPISODIC, 'memory', 'store_items'):.0f} traces"),
    ("eval_plan", lambda: f"{mean(HEI_NW, EPISODIC, 'memory', 'store_items'):.0f} traces"),
    ("eval_plan", lambda: f"{mean(off('hei_nw', 'gate'), EPISODIC, 'memory', 'store_items'):.0f} "
     "are left without"),
    ("eval_plan", lambda: "{} at 50 items, {} at 200 and {} at 1,000".format(
        *sizes("retrieval", "hit@1"))),
    ("eval_plan", lambda: "({}, {} and {})".format(*sizes("slices", "paraphrase", "hit@1"))),
    ("eval_plan", lambda: "from {0} to {2}".format(*sizes("exact_match"))),
    ("eval_plan", lambda: "({}, {} and {})".format(*sizes("abstention"))),
    ("eval_plan", lambda: f"(`exact` {slice_mean(HEI_NW, EPISODIC, 'exact')} to "
     f"{slice_mean(off('hei_nw', 'dg'), EPISODIC, 'exact')}"),
    ("eval_plan", lambda: f"(`update` {slice_mean(HEI_NW, EPISODIC, 'update')} to "
     f"{slice_mean(off('hei_nw', 'hopfield'), EPISODIC, 'update')})"),
    ("eval_plan", lambda: f"`bound` {slice_mean(HEI_NW, EPISODIC, 'bound')} with it and "
     f"{slice_mean(off('hei_nw', 'gate'), EPISODIC, 'bound')} without"),
    ("eval_plan", lambda: f"`partial` {slice_mean(HEI_NW, EPISODIC, 'partial')} and "
     f"{slice_mean(off('hei_nw', 'gate'), EPISODIC, 'partial')}"),
]  # fmt: skip


@pytest.mark.parametrize(("page", "told"), CLAIMS)
def test_a_figure_in_a_sentence_is_the_runs(page: str, told: Callable[[], str]) -> None:
    """The words, with the figure worked out from the run, stand on the page."""
    text = " ".join((ROOT / f"docs/{page}.md").read_text("utf-8").split())
    assert told() in text


INTERVAL = re.compile(r"[+-]?\d\.\d\d \[-?\d\.\d\d, -?\d\.\d\d\]")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_interval_can_be_traced(page: Path) -> None:
    """One in a sentence or a table stands in the report, in what a benchmark printed, or above."""
    prose = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    kept = [*(ROOT / "reports" / RUN.name).rglob("*.md"), *(ROOT / "benchmarks").rglob("*.txt")]
    known = {found for file in kept for found in INTERVAL.findall(file.read_text("utf-8"))}
    known |= {found for _, told in CLAIMS for found in INTERVAL.findall(told())}
    assert set(INTERVAL.findall(prose)) - known == set()


def figures(text: str) -> set[str]:
    """Return the figures in a text, without the nought that narrow tables leave out."""
    found = re.findall(r"\d[\d,]*(?:\.\d+)?|\.\d+", text)
    return {figure.strip(",").removeprefix("0") for figure in found}


def test_figures_of_benchmarks_stand_in_what_they_printed() -> None:
    """A row of bars.md that names a benchmark has no figure that it did not print."""
    rows = (ROOT / "docs/bars.md").read_text("utf-8").splitlines()
    checked = 0
    for row in rows:
        for name, told in re.findall(r"\(\.\./benchmarks/results/(\w+)\.txt\): ([^|;]*)", row):
            printed = (ROOT / f"benchmarks/results/{name}.txt").read_text("utf-8")
            unsaid = figures(told) - figures(printed)
            assert unsaid == set(), row
            checked += len(figures(told))
    assert checked > 10
