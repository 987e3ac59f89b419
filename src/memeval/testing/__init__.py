"""Contract tests for memories, models, encoders, suites and scorers, shipped for their authors.

Everything that is registered is tested by name, with pytest and no checkout:

    pip install 'memeval-bench[test]'
    pytest --pyargs memeval.testing -k word_match

What is not registered, or needs to be made in its own way, subclasses a contract:

    from memeval.testing import MemoryContract

    class TestWordMatch(MemoryContract):
        name = "path/to/word_match.py:WordMatch"
"""

from memeval.testing.encoder import EncoderContract
from memeval.testing.memory import MemoryContract
from memeval.testing.model import ModelContract
from memeval.testing.scorer import ScorerContract
from memeval.testing.suite import SuiteContract

__all__ = [
    "EncoderContract",
    "MemoryContract",
    "ModelContract",
    "ScorerContract",
    "SuiteContract",
]
