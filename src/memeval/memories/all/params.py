"""Parameters of ALL: those of its three memories under their names, and what a score is worth."""

from pydantic import Field

from memeval.memories.base import MemoryParams
from memeval.memories.hei_nw.params import HeiNwParams
from memeval.memories.sgc_rss.params import SgcRssParams
from memeval.memories.smpd.params import SmpdParams


class WorthParams(MemoryParams):
    """Probability of being right as a logistic function of a score: `1 / (1 + e^-(slope s + bias))`.

    It never falls with the score, so a memory's own order is kept.
    """

    slope: float = Field(default=1.0, ge=0)
    bias: float = 0.0


class ConfidenceParams(MemoryParams):
    """What each memory's score is worth; fitted by `benchmarks/calibrate_all.py`.

    Disabled, the scores are compared as they are.
    """

    enabled: bool = True
    hei_nw: WorthParams = WorthParams(slope=1.0, bias=0.0)
    sgc_rss: WorthParams = WorthParams(slope=1.0, bias=0.0)
    smpd: WorthParams = WorthParams(slope=1.0, bias=0.0)


class RecallParams(MemoryParams):
    """The budget that the three memories share."""

    traces: int = Field(default=5, ge=1)


class AllParams(MemoryParams):
    """All of ALL."""

    hei_nw: HeiNwParams = HeiNwParams()
    sgc_rss: SgcRssParams = SgcRssParams()
    smpd: SmpdParams = SmpdParams()
    confidence: ConfidenceParams = ConfidenceParams()
    recall: RecallParams = RecallParams()
