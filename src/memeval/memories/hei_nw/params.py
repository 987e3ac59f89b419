"""Parameters of HEI-NW. What is calibrated, and on what, stands in docs/design.md."""

from pydantic import Field

from memeval.memories.params import MemoryParams


class GateParams(MemoryParams):
    """Salience is a logistic of what a text tells; `keep` is the share of the stream written.

    `rarity`, `density`, `novelty` and `surprise` are weights of ranks from 0 to 1.
    """

    enabled: bool = True
    keep: float = Field(default=1.0, gt=0, le=1, description="share of the stream that is written")
    bias: float = -3.1
    rarity: float = Field(default=1.4, ge=0, description="words that few texts have")
    density: float = Field(default=1.4, ge=0, description="all its words, for its length")
    novelty: float = Field(default=0.2, ge=0, description="unlike all that is stored")
    names: float = Field(default=0.7, ge=0, description="by log(1 + names and numbers)")
    asks: float = Field(default=-0.55, description="a question")
    answers: float = Field(default=1.0, description="what stands behind a question")
    surprise: float = Field(default=0.0, ge=0, description="by the model; 0 asks it nothing")
    reward: float = Field(default=1.0, ge=0)
    pin: float = Field(default=6.0, ge=0)
    top_tokens: int = Field(default=4, ge=1, description="tokens whose surprise is averaged")
    duplicate: float = Field(default=0.98, gt=0, le=1, description="cosine that reinforces")


class DgParams(MemoryParams):
    """Dentate-gyrus code: sparse units of words; disabled, the vector of a text is all its key."""

    enabled: bool = True
    winners: int = Field(default=64, ge=1, description="most units in a stored key (k-WTA)")
    neighbours: int = Field(default=8, ge=1, description="stored words that a new word spreads to")
    floor: float = Field(default=0.05, ge=0, lt=1, description="cosine taken for unrelated")
    components: int = Field(default=10, ge=0, description="common directions taken out")


class CueParams(MemoryParams):
    """What a trace gets of its neighbours' scores, and for who said it."""

    forward: float = Field(default=0.3, ge=0, description="of the score of the trace before")
    answer: float = Field(default=0.4, ge=0, description="more of it, where that one asks")
    backward: float = Field(default=0.2, ge=0, description="of the score of the trace behind")
    speaker: float = Field(default=2.0, ge=0, description="for a speaker whom the question names")


class HopfieldParams(MemoryParams):
    """CA3: what came up is completed to an episode, and of two tellings the newer one leads."""

    enabled: bool = True
    beta: float = Field(
        default=32.0, ge=8, le=1e6, description="inverse temperature of the retrieval"
    )
    candidates: int = Field(default=16, ge=1, description="traces that compete to lead")
    same: float = Field(default=0.5, gt=0, le=1, description="overlap that tells of the same event")
    joined: int = Field(default=6, ge=0, description="best traces that are told as episodes")


class ConfidenceParams(MemoryParams):
    """How likely a recall holds the answer: a logistic, by `benchmarks/calibrate_hei_nw.py`."""

    bias: float = -1.3
    missing: float = Field(default=-1.0, description="of the cue's evidence: known, and not held")
    cosine: float = 1.7
    notes: float = Field(default=1.3, description="by log of the notes that a reader has room for")


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
    """How many traces are returned: enough to fill a reader's budget."""

    traces: int = Field(default=32, ge=1)


class HeiNwParams(MemoryParams):
    """All of HEI-NW."""

    gate: GateParams = GateParams()
    dg: DgParams = DgParams()
    cue: CueParams = CueParams()
    hopfield: HopfieldParams = HopfieldParams()
    confidence: ConfidenceParams = ConfidenceParams()
    store: StoreParams = StoreParams()
    replay: ReplayParams = ReplayParams()
    recall: RecallParams = RecallParams()
