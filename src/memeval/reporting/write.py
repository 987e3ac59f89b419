"""Writes the report of a run: pages, pictures, and the one page that holds everything."""

from pathlib import Path

from memeval.atomic import new_folder, write_text
from memeval.errors import DataError
from memeval.outside import read_json
from memeval.prices import Prices
from memeval.reporting import gains, html, items, markdown, pages, plots, raw
from memeval.reporting.load import Found
from memeval.reporting.source import Reopen
from memeval.results import to_json

PAGE = "index.html"
"""The page that holds everything, the texts of items included."""
CELLS = "cells.json"
"""Says of how many cells a report was made, so that no poorer one takes its place."""


def write_report(
    found: Found,
    reports_dir: Path,
    date: str,
    *,
    reopen: Reopen | None = None,
    hides_private: bool = True,
    prices: Prices | None = None,
) -> Path:
    """Write `index.md`, `index.html`, `smoke.md`, `<suite>/summary.md`, `assets` and `cells.json`.

    `reopen` opens the cells' data, for the texts of gold events; without it the ids are shown.
    Texts of data that may not be passed on are hidden, unless told otherwise.

    Returns:
        The path of `index.md`.

    Raises:
        DataError: the report that is there was made of more cells.
        OutputError: the folder cannot be written.
    """
    count = found.whole
    _keep_richer(reports_dir, count)
    headline = gains.headline(found.rows)
    drawn = plots.pictures(headline, found.rows) if headline else {}
    captions = plots.ABSENT if drawn is None else {name: text for name, (text, _) in drawn.items()}
    images = {name: png for name, (_, png) in (drawn or {}).items()}
    pictures = [f"{kind}-*.png" for kind in plots.KINDS]  # replaced whole: no old one stays
    with new_folder(reports_dir / "assets", ours=pictures) as folder:
        for name, png in images.items():
            (folder / name).write_bytes(png)
    index = pages.index(found, date, captions, prices)
    by_suite = {
        suite: pages.suite_page(found.rows, suite, date)
        for suite in sorted({row.suite for row in found.rows})
    }
    for suite, blocks in by_suite.items():
        write_text(reports_dir / suite / "summary.md", markdown.render(blocks))
    write_text(reports_dir / "smoke.md", markdown.render(raw.smoke(found, date)))
    browsed = items.collect(headline, reopen, hides_private=hides_private)
    whole = html.page(f"memeval {date}", index, by_suite, images, browsed)
    write_text(reports_dir / PAGE, whole)
    links = pages.suite_links(found.rows)
    write_text(reports_dir / "index.md", markdown.render([*index, *links]))
    write_text(reports_dir / CELLS, to_json({"run": date, "cells": count}))
    return reports_dir / "index.md"


def _keep_richer(reports_dir: Path, count: int) -> None:
    """Raise unless as many cells were read as the report has that is to be overwritten."""
    path = reports_dir / CELLS
    try:
        told = int(read_json(path.read_bytes())["cells"])
    except FileNotFoundError:
        return
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(
            f"{str(path)!r} must say of how many cells the report beside it was made, got what "
            "cannot be read; restore it, or remove it to write the report anew"
        ) from error
    if count < told:
        raise DataError(
            f"a report must not take the place of one made of more cells, got {count:,} that can "
            f"be read where the report in {str(reports_dir)!r} has {told:,}; run the missing cells "
            "again, write elsewhere with MEMEVAL_REPORTS_DIR=FOLDER, or remove that report first"
        )
