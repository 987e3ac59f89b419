"""Writes the report of a date: pages, pictures, and the one page that holds everything."""

from pathlib import Path

from memeval.atomic import new_folder, write_text
from memeval.reporting import gains, html, items, markdown, pages, plots
from memeval.reporting.load import Found


def write_report(found: Found, reports_dir: Path, date: str) -> Path:
    """Write `index.md`, `index.html`, `smoke.md`, `<suite>/summary.md` and `assets`.

    Returns:
        The path of `index.md`.

    Raises:
        OutputError: the folder cannot be written.
    """
    headline = gains.headline(found.rows)
    drawn = plots.pictures(headline, found.rows) if headline else {}
    captions = plots.ABSENT if drawn is None else {name: text for name, (text, _) in drawn.items()}
    images = {name: png for name, (_, png) in (drawn or {}).items()}
    with new_folder(reports_dir / "assets") as folder:  # whole, so that no old picture stays
        for name, png in images.items():
            (folder / name).write_bytes(png)
    index = pages.index(found, date, captions)
    by_suite = {
        suite: pages.suite_page(found.rows, suite, date)
        for suite in sorted({row.suite for row in found.rows})
    }
    for suite, blocks in by_suite.items():
        write_text(reports_dir / suite / "summary.md", markdown.render(blocks))
    write_text(reports_dir / "smoke.md", markdown.render(pages.smoke(found, date)))
    browsed = items.collect(headline)
    whole = html.page(f"memeval {date}", index, by_suite, images, browsed)
    write_text(reports_dir / "index.html", whole)
    links = pages.suite_links(found.rows)
    write_text(reports_dir / "index.md", markdown.render([*index, *links]))
    return reports_dir / "index.md"
