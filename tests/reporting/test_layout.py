"""How the page lies on a screen and on a phone, as a browser draws it."""

import io
import re
from pathlib import Path

import browser
import pytest

from memeval.reporting import html, items
from memeval.reporting.blocks import Block, Contents, Grid, Heading, Picture, Text

pytestmark = pytest.mark.xdist_group("chromium")  # one browser for all

SCREEN = {"width": 1280, "height": 1000}
PHONE = {"width": 390, "height": 844}
WIDE_TABLE = "document.querySelectorAll('.wide')[1]"
LONG_TABLE = "document.querySelectorAll('.wide')[2]"
LINKS = "[...document.querySelectorAll('nav a')].map((link) => link.hash)"
MEMORIES = ("memory/all", "memory/hei_nw", "memory/sgc_rss", "memory/smpd")
SUITES = ("episodic 200", "semantic 200", "spatial 200")
VERDICT = ("memory", "suite", "exact match [95 %]", "over closed_book [95 %]", "over rag [95 %]")
COSTS = tuple(f"cost number {i}" for i in range(20))


def picture() -> bytes:
    """Return a picture of the size that plots have."""
    buffer = io.BytesIO()
    pytest.importorskip("PIL.Image").new("P", (780, 660)).save(buffer, "png")
    return buffer.getvalue()


def blocks() -> list[Block]:
    """Return a page of twelve verdicts, three pictures, and a table that no screen holds."""
    score, gain = "0.83 [0.79, 0.86]", "-0.19 [-0.28, -0.11] ="
    verdicts = [(memory, suite, score, gain, gain) for suite in SUITES for memory in MEMORIES]
    costs = [(memory, *("1,234.56" for _ in COSTS)) for memory in MEMORIES]
    return [
        Heading("memeval 2026-11-23", 1),
        Grid(VERDICT, verdicts),
        *(
            Picture(f"{suite}.png", f"Accuracy against cost, {suite}: up is better.")
            for suite in SUITES
        ),
        Contents(),
        Heading("What it costs"),
        Text("Means over seeds. " * 40),
        Grid(("memory", *COSTS), costs),
        Grid(("memory", *COSTS), costs * 20),
        Grid(("what", "why"), [("5 in all: one, another, " * 8, "they were not measured, " * 8)]),
    ]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a page of these blocks."""
    images = {f"{suite}.png": picture() for suite in SUITES}
    path = tmp_path_factory.mktemp("layout") / "index.html"
    path.write_text(html.page("t", blocks(), {}, images, items.Browsed([], 0, "")), "utf-8")
    return path


@pytest.fixture(scope="module", params=["made", "committed"])
def any_page(request: pytest.FixtureRequest, made: Path, committed_report: Path) -> Path:
    """Return a page of made-up blocks, and that of the run in this repository."""
    return {"made": made, "committed": committed_report / "index.html"}[request.param]


def box(chromium: browser.Browser, element: str) -> dict[str, float]:
    """Return where an element is in the window."""
    found: dict[str, float] = chromium.value(f"{element}.getBoundingClientRect().toJSON()")
    return found


def first(selector: str) -> str:
    """Return an expression for the first element of a kind."""
    return f"document.querySelector('{selector}')"


def luminance(chromium: browser.Browser, colour: str) -> float:
    """Return how bright a colour is seen on the page, 0 to 1, as WCAG defines it."""
    chromium.value(f"document.body.style.outlineColor = '{colour}'")
    shown = chromium.value("getComputedStyle(document.body).outlineColor")
    parts = [int(part) / 255 for part in re.findall(r"\d+", shown)[:3]]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_a_screen_holds_a_table_of_verdicts_and_pictures(
    chromium: browser.Browser, made: Path
) -> None:
    """The table of twelve verdicts and the pictures of costs take a window of 1,000 pixels."""
    chromium.open(made, **SCREEN)
    assert box(chromium, first("table"))["bottom"] < box(chromium, first("img"))["top"]
    assert box(chromium, first("img"))["bottom"] <= 1000


def test_the_first_screen_holds_gains_and_pictures(
    chromium: browser.Browser, committed_report: Path
) -> None:
    """What memories gain over the best baseline stands there in words, and as pictures."""
    chromium.open(committed_report / "index.html", **SCREEN)
    assert box(chromium, first("main ul"))["bottom"] < box(chromium, first("img"))["top"]
    assert box(chromium, first("img"))["bottom"] <= 1000


def test_pictures_stand_side_by_side_on_a_screen(chromium: browser.Browser, any_page: Path) -> None:
    """The first three begin at one height."""
    chromium.open(any_page, **SCREEN)
    tops = "[...document.images].slice(0, 3).map((image) => image.getBoundingClientRect().top)"
    assert len(set(chromium.value(tops))) == 1


def test_a_picture_is_as_wide_as_a_phone(chromium: browser.Browser, any_page: Path) -> None:
    """One below another, each over more than nine tenths of the width, so that it can be read."""
    chromium.open(any_page, **PHONE)
    widths = "[...document.images].map((image) => image.getBoundingClientRect().width)"
    assert min(chromium.value(widths)) > 350


def test_a_phone_shows_the_scores(chromium: browser.Browser, any_page: Path) -> None:
    """The score and two differences, each with its interval, within 390 pixels."""
    chromium.open(any_page, **PHONE)
    assert box(chromium, first("td:nth-child(5)"))["right"] <= 390


def test_a_phone_shows_the_suite_below_the_name(chromium: browser.Browser, made: Path) -> None:
    """In a row no higher than two lines, and on a screen in a column."""
    suite = f"getComputedStyle({first('td')}, '::after').content"
    chromium.open(made, **PHONE)
    assert chromium.value(suite) == '"episodic 200"'
    assert box(chromium, first("td:nth-child(2)"))["width"] == 0
    assert box(chromium, first("td"))["height"] < 42
    chromium.open(made, **SCREEN)
    assert chromium.value(suite) == "none"
    assert box(chromium, first("td:nth-child(2)"))["width"] > 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_first_column_stays(chromium: browser.Browser, made: Path, scheme: str) -> None:
    """However far one scrolls, it covers what scrolls under it, in any colours."""
    chromium.open(made, **PHONE, scheme=scheme)
    chromium.value(f"{WIDE_TABLE}.scrollIntoView()")
    chromium.draw()
    chromium.value(f"{WIDE_TABLE}.scrollLeft = 500")
    assert chromium.value(f"{WIDE_TABLE}.scrollLeft") == 500
    name = f"{WIDE_TABLE}.querySelector('td')"
    place = box(chromium, name)
    assert place["left"] == box(chromium, WIDE_TABLE)["left"]
    corner = f"{place['right'] - 2}, {place['top'] + 2}"
    assert chromium.value(f"document.elementFromPoint({corner}) === {name}")
    assert chromium.value(f"getComputedStyle({name}).backgroundColor").startswith("rgb(")


@pytest.mark.parametrize("size", [SCREEN, PHONE], ids=["screen", "phone"])
def test_the_names_of_columns_stay(
    chromium: browser.Browser, made: Path, size: dict[str, int]
) -> None:
    """In a table of 80 rows, wherever one scrolls, they cover the rows, the first name all else."""
    chromium.open(made, **size)
    chromium.value(f"{LONG_TABLE}.scrollIntoView()")
    chromium.draw()
    frame = box(chromium, LONG_TABLE)
    assert frame["bottom"] <= size["height"]
    chromium.value(f"{LONG_TABLE}.scrollTo(500, 1000)")
    assert chromium.value(f"{LONG_TABLE}.scrollTop") == 1000
    assert box(chromium, LONG_TABLE) == frame
    name = f"{LONG_TABLE}.querySelector('th')"
    place = box(chromium, name)
    assert (place["left"], place["top"]) == (frame["left"], frame["top"])
    assert chromium.value(
        f"document.elementFromPoint({place['left'] + 2}, {place['bottom'] - 3}) === {name}"
    )
    right = f"document.elementFromPoint({place['right'] + 40}, {place['bottom'] - 3})"
    assert chromium.value(f"{right}.closest('th') !== null")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_right_and_wrong_are_readable(chromium: browser.Browser, made: Path, scheme: str) -> None:
    """Their colours stand out from the page by 4.5 to 1 or more, as WCAG asks of text."""
    chromium.open(made, **SCREEN, scheme=scheme)
    page = luminance(chromium, "Canvas")
    for colour in ("var(--right)", "var(--wrong)"):
        dark, bright = sorted((page, luminance(chromium, colour)))
        assert (bright + 0.05) / (dark + 0.05) >= 4.5


def test_the_edge_shows_that_there_is_more(chromium: browser.Browser, made: Path) -> None:
    """Where nothing is written, below figures, it is shaded until one scrolls there."""
    chromium.open(made, **PHONE)
    chromium.value(f"{WIDE_TABLE}.scrollIntoView()")
    chromium.draw()
    place = box(chromium, WIDE_TABLE)
    row = box(chromium, f"{WIDE_TABLE}.querySelector('tbody tr')")
    top = chromium.value("window.scrollY") + row["bottom"] - 4
    corner = {"x": place["right"] - 6, "y": top, "width": 4, "height": 2, "scale": 1}
    shaded = chromium.call("Page.captureScreenshot", clip=corner)["data"]
    chromium.value(f"{WIDE_TABLE}.scrollLeft = 1e6")
    assert chromium.call("Page.captureScreenshot", clip=corner)["data"] != shaded


def test_sentences_in_a_table_are_broken(chromium: browser.Browser, made: Path) -> None:
    """A table of long texts is as wide as the screen and scrolls nowhere."""
    chromium.open(made, **SCREEN)
    frame = "[...document.querySelectorAll('.wide')][3]"
    assert chromium.value(f"{frame}.scrollWidth === {frame}.clientWidth")


def test_a_name_is_broken_between_its_parts(chromium: browser.Browser, made: Path) -> None:
    """No word of memory/hei_nw is on two lines of a phone, where the header tells its folder."""
    chromium.open(made, **PHONE)
    name = f"{first('tr:nth-child(2) td')}"
    parts = f"[...{name}.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE)"
    lines = """((node) => {
        const range = document.createRange(); range.selectNode(node);
        return range.getClientRects().length;
    })"""
    assert chromium.value(f"{name}.innerText") == "hei_nw"
    assert chromium.value(f"{name}.textContent") == "memory/hei_nw"
    assert chromium.value(f"{parts}.map((node) => node.data)") == ["hei_", "nw"]
    assert chromium.value(f"{parts}.map({lines})") == [1, 1]


def test_a_table_says_that_it_can_be_sorted(chromium: browser.Browser, made: Path) -> None:
    """Before any click, to eyes and to screen readers."""
    chromium.open(made, **SCREEN)
    assert chromium.value(f"{first('th')}.getAttribute('aria-sort')") == "none"
    after = f"getComputedStyle({first('th button')}, '::after').content"
    assert "\u21c5" in chromium.value(after)


def test_a_table_is_sorted_by_keyboard(chromium: browser.Browser, made: Path) -> None:
    """Enter on a name does what a click does."""
    chromium.open(made, **SCREEN)
    chromium.value(f"{first('th:nth-child(2) button')}.focus()")
    for kind in ("keyDown", "keyUp"):
        chromium.call("Input.dispatchKeyEvent", type=kind, key="Enter", code="Enter", text="\r",
                      windowsVirtualKeyCode=13)  # fmt: skip
    assert chromium.value(f"{first('td:nth-child(2)')}.textContent") == "spatial 200"


def test_contents_stay_in_sight(chromium: browser.Browser, made: Path) -> None:
    """On a screen one goes from section to section without going back to the top."""
    chromium.open(made, **SCREEN)
    chromium.value(f"{first('main')}.style.height = '5000px'")
    chromium.value("window.scrollTo(0, 2000)")
    assert box(chromium, first(".contents"))["top"] == 0


@pytest.mark.parametrize("width", [360, 390])
def test_nothing_but_tables_scrolls_sideways(
    chromium: browser.Browser, any_page: Path, width: int
) -> None:
    """The document is as wide as the phone."""
    chromium.open(any_page, width=width, height=844)
    assert chromium.value("document.documentElement.scrollWidth") == width


def test_contents_lead_somewhere(chromium: browser.Browser, any_page: Path) -> None:
    """Every link's anchor is on the page."""
    chromium.open(any_page, **SCREEN)
    missing = f"{LINKS}.filter((hash) => !document.getElementById(hash.slice(1)))"
    assert chromium.value(missing) == []


def test_contents_have_what_this_page_alone_has(chromium: browser.Browser, made: Path) -> None:
    """The items and the suites, after the sections of the index."""
    chromium.open(made, **SCREEN)
    assert chromium.value(LINKS) == ["#what-it-costs", "#browse", "#suites"]


def test_nothing_is_complained_of(chromium: browser.Browser, any_page: Path) -> None:
    """No script fails and nothing is blocked while the page opens."""
    chromium.open(any_page, **SCREEN)
    assert chromium.errors == []
