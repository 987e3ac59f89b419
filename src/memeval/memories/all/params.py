"""Parameters of ALL: those of its three memories under their names, and what a score is worth."""

from math import tanh

from pydantic import Field

from memeval.memories.hei_nw.params import HeiNwParams
from memeval.memories.params import MemoryParams
from memeval.memories.sgc_rss.params import RecallParams as SgcRssRecallParams
from memeval.memories.sgc_rss.params import SgcRssParams
from memeval.memories.smpd.params import SmpdParams


class WorthParams(MemoryParams):
    """Probability of being right as a logistic of a score s: `1 / (1 + e^-(slope s + bias))`.

    It never falls with the score.
    """

    slope: float = Field(default=1.0, ge=0)
    bias: float = 0.0


class ConfidenceParams(MemoryParams):
    """What a score is worth, by its memory; fitted by `benchmarks/calibrate_all.py`.

    Disabled, the scores are compared as they are.
    """

    enabled: bool = True
    smpd: WorthParams = WorthParams(slope=0.03, bias=5.0)
    sgc_rss: WorthParams = WorthParams(slope=0.0, bias=3.03)
    hei_nw: WorthParams = WorthParams(slope=22.24, bias=-19.72)

    def probability(self, score: float, source: str) -> float:
        """Return how likely a trace with this score from this source is right."""
        worth: WorthParams = getattr(self, source)
        logit = worth.slope * score + worth.bias
        return (1 + tanh(logit / 2)) / 2 if self.enabled else score


class RecallParams(MemoryParams):
    """The budget that the three memories share, and when the next one need not be asked."""

    traces: int = Field(default=32, ge=1)
    enough: float = Field(
        default=0.8, gt=0, le=1, description="confidence that ends the search; 1 asks all three"
    )
    deny: bool = Field(
        default=True, description="end the search where the graph understands and knows nothing"
    )


class FactRecallParams(SgcRssRecallParams):
    """How the relational memory recalls beside the others.

    A fact that fits no schema is told only to a question in its very words: such remarks stand in
    every story, and the episodic memory links words to them better.
    """

    link_remarks: bool = False
    passages: int = 0


class FactParams(SgcRssParams):
    """The relational memory beside the others."""

    recall: FactRecallParams = FactRecallParams()


class AllParams(MemoryParams):
    """All of ALL."""

    hei_nw: HeiNwParams = HeiNwParams()
    sgc_rss: FactParams = FactParams()
    smpd: SmpdParams = SmpdParams()
    confidence: ConfidenceParams = ConfidenceParams()
    recall: RecallParams = RecallParams()
