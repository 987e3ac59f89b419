"""An encoder's faults are its own, whoever calls it."""

from typing import Any

import numpy as np
import pytest

from memeval.encoders import CheckedEncoder
from memeval.errors import PluginError, blaming


class Told:
    """An encoder that returns what a test gives it, or ends."""

    name, width = "told", 2

    def __init__(self, vectors: Any) -> None:
        self.vectors = vectors

    def encode(self, texts: Any, *, kind: str) -> Any:
        if self.vectors is None:
            raise SystemExit
        return self.vectors


@pytest.mark.parametrize(
    ("vectors", "told"),
    [
        (None, "an encoder must not raise, got SystemExit:  from encoder 'e'"),
        (np.zeros((3, 2)), "one row of its width a text, got array"),
        ([[1.0, 0.0]], "one row of its width a text, got "),
        (np.array([[1.0, 0.0]]), "an encoder must return float32, got array"),
        (np.float32([[3.0, 4.0]]), "an encoder must return vectors of length 1, got array"),
        (np.float32([[0.0, 0.0]]), "an encoder must return vectors of length 1, got array"),
        (np.float32([[np.nan, 1.0]]), "an encoder must return vectors of length 1, got array"),
    ],
    ids=["exits", "rows", "list", "doubles", "long", "zeros", "nan"],
)
def test_what_an_encoder_does_to_a_memory_is_not_the_memorys_fault(vectors: Any, told: str) -> None:
    """The sentence of the innermost plugin is the one that is told."""
    with (
        pytest.raises(PluginError, match="from encoder 'e'") as caught,
        blaming("a memory must not raise", "memory 'm'", "mend the class"),
    ):
        CheckedEncoder(Told(vectors), "encoder 'e'").encode(["a"], kind="event")
    assert told in str(caught.value)


def test_vectors_that_keep_the_contract_are_passed_on() -> None:
    """Also those whose length is 1 as far as half precision goes, and none at all for no text."""
    for vectors in (np.float32([[0.6, 0.8004]]), np.zeros((0, 2), np.float32)):
        texts = ["a"] * len(vectors)
        assert CheckedEncoder(Told(vectors), "e").encode(texts, kind="query") is vectors
