"""What the engine tells while it works."""

from tiny_models import random_model

from memeval.models.local.engine import Engine
from memeval.models.local.rows import Row


def test_a_row_is_reported_when_it_ends() -> None:
    """Rows of one group end one after the other, each at the end of the window."""
    rows = [Row((8, 9)), Row((10, 11, 12)), Row((10, 11))]
    done: list[int] = []
    answers = Engine(random_model("llama")).generate(
        (5, 6, 7), rows, max_new_tokens=9, is_finished=lambda _: False, window=9,
        on_done=done.append,
    )  # fmt: skip
    assert [len(answer.tokens) for answer in answers] == [5, 4, 5]
    assert done == [1, 2]


def test_rows_that_reach_the_limit_are_reported_too() -> None:
    """Every row is told once, whatever ends it."""
    done: list[int] = []
    rows = [Row((8, 9)), Row((10, 11, 12))]
    Engine(random_model("llama"), max_rows=1).generate(
        (5, 6, 7), rows, max_new_tokens=2, is_finished=lambda _: False, on_done=done.append
    )
    assert done == [1, 1]
