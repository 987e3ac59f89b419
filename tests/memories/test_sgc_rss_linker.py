"""Linking words to relations by vectors and by the model's surprise."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest

from memeval.memories.sgc_rss.linker import Linker
from memeval.memories.sgc_rss.params import LinkParams
from memeval.memories.sgc_rss.question import Cue
from memeval.memories.sgc_rss.relations import Key, Phrasing, Relations
from memeval.memories.sgc_rss.restating import Meanings
from memeval.models.scripted import ScriptedModel

POWER, MAYOR = ("verb", "is run by"), ("verb", "is governed by")
CUE = Cue("is ruled by", "verb")


class OneSided(ScriptedModel):
    """Is surprised by whatever follows "is run by", and counts how often it is asked."""

    asked = 0

    def surprise(self, texts: Sequence[str]) -> list[npt.NDArray[np.float32]]:
        """Return five nats a token after "is run by", else half of one."""
        self.asked += 1
        found = super().surprise(texts)
        for text, nats in zip(texts, found, strict=True):
            nats[:] = 5.0 if "is run by" in text else 0.5
        return found


class Leaning:
    """Finds every wording as like another as it is told to."""

    name, width = "leaning", 2

    def __init__(self, cosines: dict[str, float]) -> None:
        self._cosines = cosines

    def encode(self, texts: Sequence[str], *, kind: str) -> npt.NDArray[np.float32]:
        """Return rows of length 1, at their cosine to the first axis."""
        told = [self._cosines.get(text, 1.0) for text in texts]
        return np.array([(c, np.sqrt(1 - c * c)) for c in told], np.float32)


def link(model: OneSided, cosines: tuple[float, float], **params: float) -> dict[Key, float]:
    """Link a cue to two relations, as like it as that."""
    relations = Relations()
    for key in (POWER, MAYOR):
        relations.add(Phrasing(key, ("Ems", "Ann", f"Ems {key[1]} Ann.")))
    encoder = Leaning(dict(zip(("it is run by", "it is governed by"), cosines, strict=True)))
    linker = Linker(model, relations, LinkParams(**params), Meanings(encoder))  # type: ignore[arg-type]
    return linker.link(CUE, [POWER, MAYOR])


def test_what_vectors_leave_open_the_model_decides() -> None:
    """Two relations as good as equally alike differ in how much the cue surprises after them."""
    model = OneSided()
    likely = link(model, (0.62, 0.6))
    assert likely[MAYOR] > 0.9
    assert model.asked == 1


def test_where_vectors_decide_the_model_is_not_asked() -> None:
    """It would say otherwise, and would cost a pass."""
    model = OneSided()
    assert link(model, (0.9, 0.1))[POWER] > 0.99
    assert model.asked == 0


@pytest.mark.parametrize(("weight", "leads"), [(0.0, MAYOR), (300.0, POWER)])
def test_vectors_count_beside_the_model_by_their_weight(weight: float, leads: Key) -> None:
    """Without any, surprise alone decides; with much, a slightly higher cosine does."""
    likely = link(OneSided(), (0.65, 0.6), cosine_weight=weight)
    assert max(likely, key=lambda key: likely[key]) == leads
    assert sum(likely.values()) == pytest.approx(1.0)
