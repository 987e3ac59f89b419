"""Parameters of HEI-NW. What is calibrated, and on which seeds, stands in docs/design.md."""

from pydantic import Field

from memeval.memories.params import MemoryParams


class GateParams(MemoryParams):
    """`S = surprise * nats + novelty * (1 - cos) + reward + pin`; written if `S > tau`."""

    enabled: bool = True
    surprise: float = Field(default=0.1, ge=0, description="weight per nat of the top tokens")
    novelty: float = Field(default=0.010, ge=0)
    reward: float = Field(default=0.013, ge=0)
    pin: float = Field(default=1.0, ge=0)
    tau: float = 0.969
    top_tokens: int = Field(default=4, ge=1, description="tokens whose surprise is averaged")
    duplicate: float = Field(default=0.98, gt=0, le=1, description="cosine that reinforces")


class DgParams(MemoryParams):
    """Dentate-gyrus code: sparse units of words, or one pooled dense vector when disabled."""

    enabled: bool = True
    winners: int = Field(default=64, ge=1, description="most units in a stored key (k-WTA)")
    neighbours: int = Field(default=8, ge=1, description="stored words that a new word spreads to")
    floor: float = Field(default=0.05, ge=0, lt=1, description="cosine taken for unrelated")
    components: int = Field(default=10, ge=0, description="common directions taken out")


class HopfieldParams(MemoryParams):
    """CA3: completes a cue to a whole episode, and compares what came up with the cue (CA1)."""

    enabled: bool = True
    beta: float = Field(
        default=32.0, ge=8, le=1e6, description="inverse temperature of the retrieval"
    )
    candidates: int = Field(default=16, ge=1, description="traces that compete")
    same: float = Field(default=0.6, gt=0, le=1, description="overlap that tells of the same event")
    mismatch: float = Field(default=0.3, ge=0, description="known but missing evidence tolerated")


class StoreParams(MemoryParams):
    """Bounds of the store."""

    max_traces: int = Field(default=100_000, ge=1)
    half_life_events: int = Field(default=10_000, ge=1, description="events that halve salience")
    max_events: int = Field(default=100, ge=1, description="event ids kept with one trace")


class ReplayParams(MemoryParams):
    """Consolidation between teaching and asking; the three weights order what is replayed."""

    enabled: bool = True
    cycles: int = Field(default=1, ge=1, le=1_000)
    salience: float = Field(default=0.5, ge=0)
    recency: float = Field(default=0.2, ge=0)
    diversity: float = Field(default=0.3, ge=0)
    window: int = Field(default=8, ge=1, description="next in line; the least alike is taken")
    rate: float = Field(default=0.1, ge=0, lt=1, description="change of salience in a cycle")


class RecallParams(MemoryParams):
    """How many traces are returned."""

    traces: int = Field(default=5, ge=1)


class HeiNwParams(MemoryParams):
    """All of HEI-NW."""

    gate: GateParams = GateParams()
    dg: DgParams = DgParams()
    hopfield: HopfieldParams = HopfieldParams()
    store: StoreParams = StoreParams()
    replay: ReplayParams = ReplayParams()
    recall: RecallParams = RecallParams()
