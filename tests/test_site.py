"""The site: what it is made of, before MkDocs makes it."""

import posixpath
import re
from typing import Any

import pytest
import staging

NBSP = "\N{NO-BREAK SPACE}"
PAGES = staging.found(staging.PAGES)
REPORT = "reports/2026-11-23"


def listed(entries: list[Any]) -> list[str]:
    """Return the paths of a navigation, in their order."""
    return [
        path
        for entry in entries
        for named in ([entry] if isinstance(entry, str) else entry.values())
        for path in ([named] if isinstance(named, str) else listed(named))
    ]


def read(page: str) -> str:
    return (staging.ROOT / page).read_text("utf-8")


def test_every_page_has_its_place_in_the_navigation() -> None:
    """Those of docs/ need not be listed anywhere; none stands there twice."""
    paths = listed(staging.navigation())
    assert {*PAGES} <= {*paths}
    assert len(paths) == len({*paths})


def test_results_stand_first_behind_home_and_benchmarks_behind_them() -> None:
    """What a stranger looks for is not looked for among the rest."""
    first = listed(staging.navigation())[: len(staging.reports()) + 3]
    assert first == ["README.md", *staging.reports(), "docs/benchmarks.md", "docs/peers.md"]


def test_every_report_that_a_page_links_to_is_on_the_site() -> None:
    """As its run is kept; what else lies in reports/ is not shown to anybody."""
    linked = {run for page in PAGES for run in re.findall(r"\breports/([\d-]+[\w-]*)/", read(page))}
    assert {f"reports/{run}/index.html" for run in linked} <= {*staging.reports()}


def test_every_report_is_a_click_away_from_home() -> None:
    """On a narrow screen, where the navigation is folded away, as well."""
    home = staging.shown(read("README.md"), "README.md")
    assert [report for report in staging.reports() if f"]({report})" not in home] == []


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_to_what_the_site_has(page: str) -> None:
    """To a page, a report, a picture, or plain text that has been made a page."""
    texts = [f"{path}.md" for path in staging.found(staging.TEXTS)]
    there = {*PAGES, *staging.found(staging.PICTURES), *staging.reports(), *texts}
    markdown = staging.shown(read(page), page)
    for target in re.findall(r"""(?:\]\(|src=")([^)#"]+)""", markdown):
        if "://" not in target:
            assert posixpath.normpath(posixpath.join(posixpath.dirname(page), target)) in there


@pytest.mark.parametrize(
    ("link", "there"),
    [
        (f"../{REPORT}/index.md", f"../{REPORT}/index.html"),
        (f"../{REPORT}/index.md#what-it-costs", f"../{REPORT}/index.html#what-it-costs"),
        (f"../{REPORT}/index.md#no-such", f"../{REPORT}/index.html"),
        (
            f"../{REPORT}/spatial/summary.md",
            f"../{REPORT}/index.html#spatial-50-on-smollm2-seeds-1337-2025-4242",
        ),
        ("../benchmarks/results/demo.txt", "../benchmarks/results/demo.txt.md"),
        ("../LICENSE", "../LICENSE.md"),
        ("data.md#import-what-you-have", "data.md#import-what-you-have"),
        ("https://example.org/reports/a/index.md", "https://example.org/reports/a/index.md"),
    ],
)
def test_links_are_led_to_where_things_are_shown(link: str, there: str) -> None:
    """A report's Markdown leads to its page, at the first size of the suite that is meant."""
    assert staging.shown(f"[a]({link})", "docs/x.md") == f"[a]({there})"


def test_comments_are_left_out() -> None:
    """Where they stand on lines of their own, and nothing between two of them."""
    page = "<!-- quoted from a.txt -->\n<!-- a --> b\n<!-- c\n-->\nd\n"
    assert staging.shown(page, "docs/x.md") == "<!-- a --> b\nd\n"


def test_intervals_are_kept_on_a_line() -> None:
    """In tables alone: elsewhere brackets may be code."""
    page = "| a [95 %] |\n|---|\n| 0.5 [0.4, 0.6] |\n\n`[1, 2]`\n"
    told = f"| a [95{NBSP}%] |\n|---|\n| 0.5 [0.4,{NBSP}0.6] |\n\n`[1, 2]`\n"
    assert staging.shown(page, "docs/x.md") == told
