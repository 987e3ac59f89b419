"""Language models: what they must offer and may offer, and one function that finds one by name.

torch and transformers are imported by the modules below, and those only when a model is loaded.
"""

from memeval.models.answers import Choice, Generation
from memeval.models.base import Progress, TextModel
from memeval.models.capabilities import (
    CAPABILITIES,
    Chats,
    Chooses,
    MeasuresPieces,
    Stitches,
    Stitching,
    Surprises,
    TakesTurns,
    Tokenizes,
    WordVectors,
    missing,
)
from memeval.models.encoder import Encoder
from memeval.models.finding import is_own_model, lacking, load_model, model_module
from memeval.models.places import check_model, local_path, model_name, whereabouts
from memeval.models.prompt import Message, Prompt

__all__ = [
    "CAPABILITIES",
    "Chats",
    "Choice",
    "Chooses",
    "Encoder",
    "Generation",
    "MeasuresPieces",
    "Message",
    "Progress",
    "Prompt",
    "Stitches",
    "Stitching",
    "Surprises",
    "TakesTurns",
    "TextModel",
    "Tokenizes",
    "WordVectors",
    "check_model",
    "is_own_model",
    "lacking",
    "load_model",
    "local_path",
    "missing",
    "model_module",
    "model_name",
    "whereabouts",
]
