"""Encoders: what makes vectors of sentences, found by name."""

from memeval.encoders.cached import CachedEncoder
from memeval.encoders.checked import CheckedEncoder
from memeval.encoders.finding import (
    check_encoder,
    encoder_module,
    encoder_name,
    is_own_encoder,
    load_encoder,
)
from memeval.models import Encoder

__all__ = [
    "CachedEncoder",
    "CheckedEncoder",
    "Encoder",
    "check_encoder",
    "encoder_module",
    "encoder_name",
    "is_own_encoder",
    "load_encoder",
]
