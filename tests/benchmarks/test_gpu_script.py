"""What the script for GPUs works out itself; the rest of it needs a model."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from scripts import script

from memeval.models import Prompt

gpu, packed, sharing = script("gpu"), script("packed_attention"), script("sharing")


class Judge:
    """Reads letters as tokens, and finds each as likely as it is told."""

    def __init__(self, nats: dict[str, float]) -> None:
        self._nats, self._encoding = nats, SimpleNamespace(encode=lambda _: ((1,), (), (2,)))
        self._engine = self

    def tokenize(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the numbers of the letters."""
        return [list(map(ord, text)) for text in texts]

    def log_likelihoods(self, _prefix: Any, trunks: Any, branches: Any) -> list[Any]:
        """Return log p of the token behind the first of each branch; all is behind the prompt."""
        assert trunks[0][:1] == (1,)
        told = [torch.tensor([self._nats[chr(token)]]) for _, token in branches[0]]
        return [SimpleNamespace(log_p=told)]


def test_an_answer_that_differs_is_a_tie_only_within_the_noise() -> None:
    """Of four answers two are equal, one is 0.3 nats away, and one 2 nats, where it parts."""
    judge = Judge({"a": -1.0, "b": -1.3, "c": -3.0})
    prompts = [Prompt("", (), str(i)) for i in range(4)]
    found = gpu.verdict(judge, prompts, ["xa"] * 4, ["xa", "xa", "xby", "xc"], 0.5)
    assert found == gpu.Verdict(equal=2, ties=1, others=1)
    assert gpu.verdict(judge, prompts, ["xa"] * 4, ["xa", "xa", "xby", "xc"], 0.1).others == 2


def test_all_gpus_are_tried_together_where_there_are_several() -> None:
    """Each in both precisions; a CPU, or a GPU alone, is tried once."""
    assert gpu.ways("cuda", 2) == [
        ("cuda", "float32"),
        ("cuda", "bfloat16"),
        ("auto", "float32"),
        ("auto", "bfloat16"),
    ]
    assert {place for place, _ in gpu.ways("cuda", 1)} == {"cuda"}
    assert {place for place, _ in gpu.ways("cpu", 0)} == {"cpu"}


def test_what_begins_too_late_is_left_out_and_named() -> None:
    """Nothing begins when the time is up."""
    assert gpu.Budget(60).allows("speed")
    budget = gpu.Budget(-1)
    assert not budget.allows("speed")
    assert budget.left_out == ["speed"]


def test_rows_of_a_pack_see_the_prefix_and_what_came_before_in_themselves() -> None:
    """Two rows of two tokens behind one of a prefix."""
    assert packed.packed_mask(4, prefix=1, row=2).int().tolist() == [
        [1, 1, 0, 0, 0],
        [1, 1, 1, 0, 0],
        [1, 0, 0, 1, 0],
        [1, 0, 0, 1, 1],
    ]


@pytest.mark.parametrize("kernel", ["memeval, by blocks", "torch, one mask"])
def test_kernels_that_need_no_compiler_are_the_formula(kernel: str) -> None:
    """Queries that share a key head, in a pack of several blocks."""
    config = SimpleNamespace(num_attention_heads=4, num_key_value_heads=2, hidden_size=32)
    given = packed.inputs(config, "cpu", torch.float32, 200)
    found = packed.contestants("cpu", given)[kernel]()()
    torch.testing.assert_close(found, packed.formula(*given), rtol=1e-5, atol=1e-5)


def test_other_engines_are_handed_the_tokens_of_the_whole_prompt() -> None:
    """Prefix, notes and question, in order."""
    encoding = SimpleNamespace(encode=lambda _prompt: ((1, 2), ((3,), (4, 5)), (6,)))
    assert sharing.tokens_of(SimpleNamespace(_encoding=encoding), None) == [1, 2, 3, 4, 5, 6]


def test_answers_are_compared_where_they_part() -> None:
    """What is behind does not count, nor does the sign; an answer may end where another goes on."""
    judge, prompt = Judge({"a": -1.0, "b": -1.75, "\n": -3.0}), Prompt("", (), "?")
    assert sharing.nats_apart(judge, prompt, "xab", "xba") == 0.75
    assert sharing.nats_apart(judge, prompt, "xb", "xa") == 0.75
    assert sharing.nats_apart(judge, prompt, "x", "xa") == 2.0
