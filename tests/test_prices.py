"""Prices of calls: what a table says, and what a cell then cost."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from memeval.errors import ConfigError
from memeval.prices import Prices, read_prices

PRICES = Prices({"big": {"prompt": 2.0, "completion": 10.0}})
USED = {"calls": 3, "prompt_tokens": 1_000_000, "completion_tokens": 200_000}


@pytest.mark.parametrize("model", ["big", "openai:big@http://x/v1"])
def test_money_is_tokens_by_millions(model: str) -> None:
    """2 for the prompt's million, and 10 for a fifth of a million: 4 together."""
    assert PRICES.money(model, USED) == pytest.approx(4.0)


@pytest.mark.parametrize(
    ("model", "used"), [("small", USED), ("big", {**USED, "completion_tokens": None})]
)
def test_what_is_not_known_is_no_money(model: str, used: dict[str, Any]) -> None:
    """A model without a price, or calls that were not counted, cost what nobody knows."""
    assert PRICES.money(model, used) is None


def test_each_role_is_paid_at_its_own_model() -> None:
    """The reader's calls at its price, a memory's at the writer's."""
    prices = Prices(
        {"big": {"prompt": 2.0, "completion": 0.0}, "small": {"prompt": 1.0, "completion": 0.0}}
    )
    meta = {"model": {"name": "big"}, "config": {"writer": "small"}}
    metrics = {"usage": {"answer": USED, "write": USED}}
    assert prices.of_cell(meta, metrics) == pytest.approx(3.0)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("[1, 2]", "must name models"),
        ("{", "must be a YAML file"),
        ("big: 3", "must tell prompt and completion of each model, got 3 for big"),
        ("big: {prompt: 1}", "must tell prompt and completion of each model"),
        ("big: {prompt: 1, completion: -1}", "must be numbers from 0 on, got -1 for big"),
        ("big: {prompt: 1, completion: .nan}", "must be numbers from 0 on, got nan for big"),
    ],
)
def test_a_table_that_is_none_is_refused(text: str, rule: str, tmp_path: Path) -> None:
    """One sentence says what is wrong, and how a table is written."""
    (tmp_path / "prices.yaml").write_text(text)
    with pytest.raises(ConfigError, match="write them as in MODEL: ") as raised:
        read_prices(str(tmp_path / "prices.yaml"))
    assert rule in str(raised.value)


def test_prices_are_told_of_runs_plans_and_reports(
    memeval: Callable[..., Any], workplace: Path
) -> None:
    """A run says what it cost, a plan like it what it will, and a report what questions cost."""
    (workplace / "p.yaml").write_text("scripted: {prompt: 1000000, completion: 0}")
    cell = ("eval", "--preset", "baselines/oracle", "--suite", "episodic", "--limit", "4")
    told = (*cell, "--model", "scripted", "--prices", "p.yaml")
    done = memeval(*told, "--seed", "7", "--run", "r")
    assert "the calls of 1 cell cost " in done.out
    paid = float(done.out.split("of 1 cell cost ")[1].split(" ")[0].replace(",", ""))
    plan = memeval(*told, "--seed", "11", "--run", "r", "--dry-run")
    assert f"{paid:,.2f} in money" in " ".join(plan.out.split())
