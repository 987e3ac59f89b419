"""What every encoder must do."""

from functools import lru_cache
from typing import Literal, get_args

import numpy as np
import pytest

from memeval.config import Settings
from memeval.encoders import Encoder, load_encoder
from memeval.errors import ConfigError, ModelError

Kind = Literal["event", "query"]
KINDS: tuple[Kind, ...] = get_args(Kind)
TEXTS = ["The cat sat on the mat.", "", "Porto 🙂", "雨", "yes\nno", "a note rather longer " * 200]
TOLERANCE = 1e-4
"""Of numbers that were added up in another order."""


@lru_cache(maxsize=4)
def _loaded(name: str) -> Encoder:
    return load_encoder(name, cache_dir=Settings().cache_dir, vector_cache=False)


class EncoderContract:
    """Subclass it, name it `Test...`, and set `name` to what `--encoder` would take."""

    name: str

    @pytest.fixture
    def encoder_name(self) -> str:
        """Return the name of the encoder under test."""
        return self.name

    @pytest.fixture
    def encoder(self, encoder_name: str) -> Encoder:
        """Return the encoder under test; one that cannot be had here is skipped."""
        try:
            return self.loaded(encoder_name)
        except (ConfigError, ModelError) as error:
            pytest.skip(f"cannot be loaded here: {error}")

    def loaded(self, name: str) -> Encoder:
        """Load an encoder by name, once; override it for one that is made in another way."""
        return _loaded(name)

    @pytest.mark.parametrize("kind", KINDS)
    def test_gives_unit_vectors_in_order(self, encoder: Encoder, kind: Kind) -> None:
        """One row of its width a text, float32 and of length 1; reversed texts reverse the rows."""
        found = encoder.encode(TEXTS, kind=kind)
        assert found.shape == (len(TEXTS), encoder.width)
        assert found.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-2)
        turned = encoder.encode(TEXTS[::-1], kind=kind)
        np.testing.assert_allclose(turned[::-1], found, atol=TOLERANCE)

    def test_a_text_alone_has_the_vector_it_has_among_others(self, encoder: Encoder) -> None:
        """Batching changes cost, not vectors."""
        alone = np.concatenate([encoder.encode([text], kind="event") for text in TEXTS])
        np.testing.assert_allclose(alone, encoder.encode(TEXTS, kind="event"), atol=TOLERANCE)

    def test_is_repeatable(self, encoder: Encoder) -> None:
        """The same texts have the same vectors twice."""
        first, second = (encoder.encode(TEXTS, kind="query") for _ in range(2))
        assert np.array_equal(first, second)

    def test_no_texts_have_no_vectors(self, encoder: Encoder) -> None:
        """An empty list is fine."""
        assert encoder.encode([], kind="event").shape == (0, encoder.width)
