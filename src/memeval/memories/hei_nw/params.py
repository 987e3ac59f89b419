"""Parameters of HEI-NW. The gate's weights and thresholds are calibrated; see docs/design.md."""

from pydantic import Field

from memeval.memories.base import MemoryParams


class GateParams(MemoryParams):
    """`S = surprise * nats + novelty * (1 - cos) + reward + pin`; written if `S > tau`."""

    enabled: bool = True
    surprise: float = Field(default=0.1, ge=0, description="weight per nat of the top tokens")
    novelty: float = Field(default=0.082, ge=0)
    reward: float = Field(default=0.015, ge=0)
    pin: float = Field(default=1.0, ge=0)
    tau: float = 1.036
    top_tokens: int = Field(default=3, ge=1, description="tokens whose surprise is averaged")
    duplicate: float = Field(default=0.98, gt=0, le=1, description="cosine that reinforces")


class DgParams(MemoryParams):
    """Dentate-gyrus code: sparse token units, or one pooled dense vector when disabled."""

    enabled: bool = True
    winners: int = Field(default=64, ge=1, description="most units in a stored key (k-WTA)")
    neighbours: int = Field(default=64, ge=1, description="units a cue's token spreads to")
    floor: float = Field(default=0.25, ge=0, lt=1, description="cosine taken for unrelated")


class StoreParams(MemoryParams):
    """Bounds of the store."""

    max_traces: int = Field(default=100_000, ge=1)


class RecallParams(MemoryParams):
    """How many traces are returned, and how sure the best must be."""

    traces: int = Field(default=5, ge=1)
    min_confidence: float = Field(default=0.0, ge=0, le=1)
    tie: float = Field(default=0.03, ge=0, lt=1, description="share within which the newest leads")


class HeiNwParams(MemoryParams):
    """All of HEI-NW."""

    gate: GateParams = GateParams()
    dg: DgParams = DgParams()
    store: StoreParams = StoreParams()
    recall: RecallParams = RecallParams()
