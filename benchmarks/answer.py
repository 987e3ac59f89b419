"""Which memory helps, on what, at what cost, and against which baseline: runs in one table.

`python benchmarks/answer.py RUN [RUN ...] [--plot FILE]` reads finished runs below `runs`, and
prints a Markdown table: what each memory of ours gains over the best baseline in score, and in how
often any evidence stands in the best 256 tokens of a recall. Of the pictures, `_gains` and `_found`
are put behind the name of the file.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from memeval.config import Settings, run_folder
from memeval.reporting import evidence, forest, gains, load
from memeval.reporting.gain import Gain
from memeval.reporting.row import Row, split
from memeval.reporting.tables import ABSENT, difference, number
from memeval.reporting.text import label
from memeval.reporting.verdict import on_memories

MEMORIES = ("hei_nw", "sgc_rss", "smpd", "all")
HEADER = ("measured on", "best baseline", "its ms", *MEMORIES, "ms of all")


def main(
    runs: Annotated[list[str], typer.Argument(help="Names of runs, all of one model.")],
    plot: Annotated[Path | None, typer.Option(help="Where to draw the gains.")] = None,
) -> None:
    """Print the table, and draw the gains of all runs at once."""
    found = [load.load_real(run_folder(Settings().runs_dir, run)) for run in runs]
    rows = [row for one in found for row in gains.headline(one.rows) if is_told(row)]
    order = {row.suite: place for place, row in reversed(list(enumerate(rows)))}
    for line in (HEADER, ("---",) * len(HEADER), *table(rows, order)):
        typer.echo(f"| {' | '.join(line)} |")
    if plot:
        for name, (_, png) in forest.pictures(rows).items():
            kind = name.partition("-")[0]
            plot.with_stem(f"{plot.stem}_{kind}").write_bytes(png)


def table(rows: Sequence[Row], order: Mapping[str, int]) -> list[tuple[str, ...]]:
    """Return a line for each suite, and one for its evidence where an answer is more than that.

    Where it is given word by word, as on streams of our own, finding is most of answering.
    """
    pairs = [(told.row, told.over_best.other) for told in on_memories(rows)]
    scored = Gain.family(pairs)  # of what is told here, without gains over the floor
    recalled = [gain for gain in evidence.over_best(rows) if gain.comparison]
    told = []
    groups = split(scored, lambda gain: gain.row.group)
    for group in sorted(groups, key=lambda group: order[group[0].row.suite]):
        told.append(line_of(group, label(group[0].row.primary), lambda row: row.score().mean))
        found = [gain for gain in recalled if gain.row.group == group[0].row.group]
        if found and group[0].row.primary != "exact_match":
            told.append(line_of(found, evidence.ANY, any_found))
    return told


def any_found(row: Row) -> float | None:
    """Return how often a recall holds any evidence."""
    return row.mean("retrieval", evidence.ANY)


def is_told(row: Row) -> bool:
    """Whether a row is of a baseline, or one of our memories as it comes."""
    return not row.is_memory or row.preset in {f"memory/{name}" for name in MEMORIES}


def line_of(
    group: Sequence[Gain], what: str, figure: Callable[[Row], float | None]
) -> tuple[str, ...]:
    """Return what each memory gains on one suite, beside the figure and time of its baseline."""
    told = {gain.row.preset.rpartition("/")[2]: gain for gain in group}
    best = group[0].other
    whole = told["all"].row if "all" in told else None
    return (
        f"{group[0].row.data}, {what}",
        f"{best.preset.rpartition('/')[2]} {number(figure(best), 2)}" if best else ABSENT,
        milliseconds(best),
        *(closely(told[name]) if name in told else ABSENT for name in MEMORIES),
        milliseconds(whole),
    )


def closely(gain: Gain) -> str:
    """Return a difference that no line breaks before its equals sign."""
    return difference(gain).replace(" =", "=")


def milliseconds(row: Row | None) -> str:
    """Return what a question takes."""
    return number(row.median("latency_ms_mean"), 0) if row else ABSENT


if __name__ == "__main__":
    typer.run(main)
