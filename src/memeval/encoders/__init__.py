"""Encoders: what makes vectors of sentences, found by name."""

from memeval.encoders.checked import CheckedEncoder
from memeval.errors import PluginError, blaming
from memeval.models import Encoder
from memeval.registry import ENCODERS

__all__ = ["CheckedEncoder", "Encoder", "load_encoder"]


def load_encoder(name: str) -> Encoder:
    """Make an encoder by its registered name.

    Raises:
        ConfigError: no such encoder.
        PluginError: it cannot be imported, or is no encoder.
    """
    made = ENCODERS.load(name)
    plugin = ENCODERS.plugin(name)
    rule = "an encoder must be made without an error"
    with blaming(rule, plugin, "mend the encoder", doing="construction"):
        encoder = made() if callable(made) else made
    if not isinstance(encoder, Encoder):
        raise PluginError(
            "an encoder must have name, width and encode(texts, kind), got "
            f"{type(encoder).__name__} from {plugin}; add what is missing"
        )
    CheckedEncoder(encoder, str(plugin)).encode(["a"], kind="query")
    return encoder
