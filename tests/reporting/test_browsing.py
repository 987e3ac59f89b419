"""Browsing items in the page: two presets side by side, filters, and an address that keeps them."""

import time
from pathlib import Path

import browser
import cells
import pytest

from memeval.reporting import load
from memeval.reporting.chosen import Asked, chosen
from memeval.reporting.write import write_report

pytestmark = pytest.mark.xdist_group("chromium")  # one browser for all
COUNT = "document.getElementById('count').textContent"
SHOWN = "document.querySelectorAll('.item').length"
OUTCOMES = "[...document.querySelectorAll('#outcomes button')].map((one) => one.textContent)"
OPENED = "[...document.querySelectorAll('.item[open]')].map((one) => one.innerText)"


def choose(chromium: browser.Browser, name: str, value: str) -> None:
    """Set a filter as a user would."""
    field = f"document.getElementById('filters').elements['{name}']"
    chromium.value(f"{field}.value = '{value}'")
    chromium.value(f"{field}.dispatchEvent(new Event('input', {{bubbles: true}}))")


def press(chromium: browser.Browser, text: str) -> None:
    """Click on the outcome that a text begins."""
    buttons = "[...document.querySelectorAll('#outcomes button')]"
    chromium.value(f"{buttons}.find((one) => one.textContent.startsWith('{text}')).click()")


def until(chromium: browser.Browser, condition: str) -> None:
    """Wait for what a page does in its own time, as when one goes back."""
    for _ in range(1000):
        if chromium.value(condition):
            return
        time.sleep(0.01)
    pytest.fail(f"never came true: {condition}")


def test_it_begins_with_the_best_memory_beside_the_best_baseline(
    chromium: browser.Browser, page: Path
) -> None:
    """Of ten questions `a` has the first eight right, `rag` the first three."""
    chromium.open(page)
    assert chromium.value(COUNT) == "10 of 10 questions"
    assert chromium.value(OUTCOMES) == [
        "memory/a right, baselines/rag wrong: 5",
        "memory/a wrong, baselines/rag right: 0",
        "memory/a wrong, baselines/rag wrong: 2",
        "memory/a right, baselines/rag right: 3",
    ]


@pytest.mark.parametrize(
    ("filters", "told"),
    [
        ({"slice": "exact"}, "2 of 10 questions: {}; exact"),  # 4 and 6 of 3 to 7
        ({"slice": "unknown"}, "0 of 10 questions: {}; unknown"),
        ({"text": "PLACE 4"}, '1 of 10 questions: {}; with "PLACE 4"'),
        ({"suite": ""}, "5 of 10 questions: {}"),
    ],
)
def test_filters_choose_among_the_pairs(
    chromium: browser.Browser, page: Path, filters: dict[str, str], told: str
) -> None:
    """The memory is right and the baseline wrong on the questions 3 to 7."""
    chromium.open(page)
    press(chromium, "memory/a right, baselines/rag wrong")
    for name, value in filters.items():
        choose(chromium, name, value)
    assert chromium.value(COUNT) == told.format("memory/a right, baselines/rag wrong")


def test_where_it_was_lost_is_that_of_the_first_preset(
    chromium: browser.Browser, page: Path
) -> None:
    """`b` has 6 and 7 wrong, which `a` has right, and loses them on the way from its store."""
    chromium.open(page)
    choose(chromium, "a", "memory/b")
    choose(chromium, "b", "memory/a")
    choose(chromium, "lost", "not_retrieved")
    assert chromium.value(COUNT) == "2 of 10 questions: not retrieved"
    assert chromium.value(OUTCOMES)[1] == "memory/b wrong, memory/a right: 2"


def test_one_preset_is_browsed_alone(chromium: browser.Browser, page: Path) -> None:
    """Beside none, its right answers and its wrong ones."""
    chromium.open(page)
    choose(chromium, "b", "")
    assert chromium.value(OUTCOMES) == ["memory/a right: 8", "memory/a wrong: 2"]
    press(chromium, "memory/a wrong")
    assert chromium.value(COUNT) == "2 of 10 questions: memory/a wrong"
    assert chromium.value("document.querySelectorAll('.item summary .sides > div').length") == 2


def test_an_address_brings_back_what_was_chosen_and_opened(
    chromium: browser.Browser, page: Path
) -> None:
    """Preset, outcome, slice and question, in a page that is loaded anew."""
    chromium.open(page)
    choose(chromium, "a", "memory/b")
    press(chromium, "memory/b right, baselines/rag wrong")
    choose(chromium, "slice", "bound")
    chromium.value("document.querySelectorAll('.item summary')[1].click()")
    until(chromium, "location.hash.includes('q00005')")
    address, opened = chromium.value("location.hash"), chromium.value(OPENED)
    chromium.open(page, fragment=address)
    assert chromium.value(COUNT) == "2 of 10 questions: memory/b right, baselines/rag wrong; bound"
    until(chromium, f"JSON.stringify({OPENED}) !== '[\"\"]' && {OPENED}.length === 1")
    assert chromium.value(OPENED) == opened
    assert chromium.value("document.querySelector('.item[open] a').hash") == address
    assert chromium.errors == []


def test_an_address_opens_the_answer_of_its_model(
    chromium: browser.Browser, tmp_path: Path
) -> None:
    """Two models were asked the same: question 5 is wrong on the first, right on the second."""
    for model, right in (("one", 3), ("other", 8)):
        cells.write(tmp_path / "runs", "memory/a", right, model=model)
    write_report(load.load_real(tmp_path / "runs"), tmp_path / "report", "two")
    page = tmp_path / "report/index.html"
    chromium.open(page, fragment="#browse?a=memory/a")
    choose(chromium, "model", "")
    chromium.value("document.querySelectorAll('.item summary')[15].click()")
    until(chromium, "location.hash.includes('q00005')")
    address, opened = chromium.value("location.hash"), chromium.value(OPENED)
    chromium.open(page, fragment=address)
    until(
        chromium, f"{OPENED}.length === 1 && document.querySelector('.item[open] .where') !== null"
    )
    assert chromium.value(OPENED) == opened
    assert "memory/a right" in opened[0]
    assert chromium.errors == []


def test_one_can_go_back_and_forward(chromium: browser.Browser, page: Path) -> None:
    """Each choice is a place of its own; back from the first is the page as it began."""
    chromium.open(page)
    press(chromium, "memory/a right, baselines/rag wrong")
    choose(chromium, "slice", "exact")
    for step, count in (
        ("back", "5 of"),
        ("back", "10 of"),
        ("forward", "5 of"),
        ("forward", "2 of"),
    ):
        chromium.value(f"history.{step}()")
        until(chromium, f"{COUNT}.startsWith('{count}')")


def test_typing_leaves_no_place_for_every_letter(chromium: browser.Browser, page: Path) -> None:
    """What is typed stands in the address, and back leads to before it."""
    chromium.open(page)
    press(chromium, "memory/a right, baselines/rag wrong")
    for text in ("p", "place 4"):
        choose(chromium, "text", text)
    until(chromium, "location.hash.includes('text=place+4')")
    chromium.value("history.back()")
    until(chromium, f"{COUNT} === '10 of 10 questions'")


@pytest.mark.parametrize(
    "fragment",
    [
        "#browse?a=memory/none&b=none&suite=x&model=y&outcome=z&lost=w&slice=v&q=u&other=t",
        "#browse?",
        "#browse?a=%F0%28&outcome=right-wrong-right",
        "#nowhere?outcome=right-wrong",
    ],
)
def test_an_address_of_something_else_is_ignored(
    chromium: browser.Browser, page: Path, fragment: str
) -> None:
    """Names that the page does not know leave it as it begins, with all that there is."""
    chromium.open(page, fragment=fragment)
    assert chromium.value(COUNT) == "10 of 10 questions"
    assert chromium.errors == []


def test_an_address_gives_way_to_that_of_what_is_shown(
    chromium: browser.Browser, page: Path
) -> None:
    """What it names and the page has stays, and what the page does not have is no longer told."""
    chromium.open(page, fragment="#browse?a=memory%2Fb&b=memory%2Fb&suite=x&slice=exact&q=u")
    until(chromium, "location.hash === '#browse?a=memory%2Fb&suite=episodic+10&slice=exact'")
    chromium.value("location.hash = '#browse?a=memory%2Fb&b=memory%2Fnone'")
    until(chromium, "location.hash === '#browse?a=memory%2Fb&b=baselines%2Frag'")
    chromium.open(page, fragment="#suites")
    assert chromium.value("location.hash") == "#suites"


def test_a_preset_is_not_set_beside_itself(chromium: browser.Browser, page: Path) -> None:
    """It is not among those to set beside it; to choose the other one instead swaps the two."""
    chromium.open(page)
    beside = "[...document.getElementById('filters').elements.b.options].map((one) => one.value)"
    assert chromium.value(beside) == ["", "baselines/rag", "memory/b"]
    choose(chromium, "a", "baselines/rag")
    assert chromium.value(OUTCOMES)[0] == "baselines/rag right, memory/a wrong: 0"


def test_filters_are_reset(chromium: browser.Browser, page: Path) -> None:
    """By the button beside them, to what the page begins with."""
    chromium.open(page)
    began = chromium.value(OUTCOMES)
    for name, value in (("b", ""), ("slice", "exact"), ("text", "place 4")):
        choose(chromium, name, value)
    press(chromium, "memory/a right")
    chromium.value("document.querySelector('#filters button').click()")
    assert chromium.value(COUNT) == "10 of 10 questions"
    assert chromium.value(OUTCOMES) == began
    assert chromium.value("document.getElementById('filters').elements.text.value") == ""


def test_no_text_of_others_does_anything_in_an_opened_item(
    chromium: browser.Browser, page: Path, nasty: str
) -> None:
    """In questions, answers, traces and prompts script tags are text."""
    chromium.open(page)
    chromium.value("document.querySelectorAll('.item summary')[0].click()")
    until(chromium, "document.querySelectorAll('.item[open] li').length >= 2")
    assert chromium.value("document.querySelector('.item[open] ol li').textContent") == nasty
    assert chromium.value("document.querySelector('.item[open] pre').textContent").startswith(nasty)
    assert chromium.value("window.broken === undefined")
    assert (
        chromium.value("document.querySelectorAll('.item script, .item svg, .item img').length")
        == 0
    )
    assert chromium.errors == []


def test_pairs_are_readable_on_a_phone(chromium: browser.Browser, page: Path) -> None:
    """At 390 pixels the two presets stand below one another, and nothing scrolls sideways."""
    chromium.open(page, width=390, height=844, fragment="#browse")
    chromium.value("document.querySelectorAll('.item summary')[0].click()")
    until(chromium, "document.querySelectorAll('.item[open] section').length === 2")
    assert chromium.value("document.documentElement.scrollWidth") <= 390
    lefts = "[...document.querySelectorAll('.item[open] section')].map((one) => one.offsetLeft)"
    assert len(set(chromium.value(lefts))) == 1


def test_memory_right_and_best_baseline_wrong_is_two_clicks_away(
    chromium: browser.Browser, committed_report: Path, committed: load.Found
) -> None:
    """On this repository's report: the link to the items, then the outcome."""
    ours, theirs = (
        next(row for row in committed.rows if (row.preset, row.data) == (name, "episodic 200"))
        for name in ("memory/hei_nw", "baselines/hybrid")
    )
    right = [key for key, answer in ours.records.items() if answer.is_right]
    gained = sum(not theirs.records[key].is_right for key in right)
    assert gained > 50
    chromium.open(committed_report / "index.html")
    chromium.value("document.querySelector('nav a[href*=browse]').click()")
    assert chromium.value("document.getElementById('browse').getBoundingClientRect().top") < 100
    press(chromium, "memory/hei_nw right, baselines/hybrid wrong")
    assert chromium.value(COUNT) == (
        f"{gained} of 600 questions: memory/hei_nw right, baselines/hybrid wrong"
    )
    assert chromium.value(SHOWN) == 25
    chromium.value("document.getElementById('more').click()")
    assert chromium.value(SHOWN) == 50
    assert chromium.errors == []


@pytest.mark.parametrize("suite", ["episodic", "semantic", "spatial"])
def test_page_and_terminal_count_alike(
    chromium: browser.Browser, committed_report: Path, committed: load.Found, suite: str
) -> None:
    """Of the committed run, in each suite, what either of two presets has right alone."""
    memory, rag = "memory/sgc_rss", "baselines/rag"
    chromium.open(committed_report / "index.html")
    for name, value in (("a", memory), ("b", rag), ("suite", f"{suite} 200")):
        choose(chromium, name, value)
    for mine, other in (("right", "wrong"), ("wrong", "right")):
        press(chromium, f"{memory} {mine}, {rag} {other}")
        asked = Asked(preset=memory, against_preset=rag, suite=suite, **{mine: True})
        [listed] = chosen(committed, asked)
        assert listed.counted(asked) == f"{suite} 200 on smollm2: {chromium.value(COUNT)}"


def test_old_cells_show_gold_events_and_prompts_told_again(
    chromium: browser.Browser, committed_report: Path
) -> None:
    """The data of the committed run is made again; what was read stands above the question."""
    chromium.open(committed_report / "index.html")
    question = "Where did Hilda Larkin fix the spotted oar?"
    choose(chromium, "b", "baselines/oracle")
    choose(chromium, "text", question)
    chromium.value("document.querySelector('.item summary').click()")
    until(chromium, "document.querySelectorAll('.item[open] pre').length === 4")
    told = "document.querySelector('.item[open] ul').textContent"
    gold = "In fact, Hilda Larkin fixed a spotted oar at Mead Bank on 20 September."
    assert chromium.value(told) == f"{gold} (e00208)"
    own = chromium.value("document.querySelectorAll('.item[open] pre')[1].textContent")
    assert own == f"- {gold}\nQuestion: {question}\nAnswer:"
    summary = "document.querySelector('.item[open] section summary').textContent"
    assert chromium.value(summary) == "Prompt, told again from its parts"


def test_a_question_that_an_address_names_stands_in_sight(
    chromium: browser.Browser, committed_report: Path
) -> None:
    """Below the contents, which stay at the top of a wide window."""
    report = committed_report / "index.html"
    chromium.open(report, width=1280, height=700)
    chromium.value("document.querySelectorAll('.item summary')[7].click()")
    until(chromium, "location.hash.includes('q=')")
    chromium.open(report, width=1280, height=700, fragment=chromium.value("location.hash"))
    until(chromium, "document.querySelectorAll('.item[open] section').length === 2")
    top = "document.querySelector('.item[open]').getBoundingClientRect().top"
    assert chromium.value(f"{top} >= document.querySelector('nav').getBoundingClientRect().bottom")
    assert chromium.value(f"{top} < 350")
