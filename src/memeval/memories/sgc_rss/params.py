"""Parameters of SGC-RSS. Thresholds are calibrated on seeds 7, 11 and 13; see docs/design.md."""

import warnings
from typing import Literal

from pydantic import Field

from memeval.memories.params import MemoryParams

Telling = Literal["chain", "both", "inferred"]


class SchemaParams(MemoryParams):
    """How sentence forms become schemas, and when two phrasings are one relation."""

    fast_track: bool = Field(default=True, description="write schema-fit facts at once")
    min_support: int = Field(default=3, ge=1, description="different facts that make a schema")
    join: bool = Field(default=True, description="join phrasings that say the same, at replay")
    slot_agreement: float = Field(default=0.15, ge=-1, le=1, description="cosine of slot types")
    join_score: float = Field(default=3.0, description="match of two phrasings that become one")
    grow_score: float = Field(default=6.0, description="match to a relation of several phrasings")
    partners: int = Field(default=4, ge=1, description="phrasings that each one is compared with")
    alike: float = Field(
        default=0.2, ge=-1, le=1, description="cosine from which the words of two are compared"
    )
    compared: int = Field(default=100, ge=2, description="most told phrasings that are compared")


class GateParams(MemoryParams):
    """`S = conf + schema_fit * fit + recency - hub * degree penalty`; at once if `S >= tau`.

    Judged are facts as they come; replay writes whatever it can read.
    """

    enabled: bool = True
    conf: float = Field(default=0.5, ge=0, description="weight of the extractor's confidence")
    schema_fit: float = Field(default=0.3, ge=0, description="weight of the fit to the slots")
    recency: float = Field(default=0.2, ge=0, description="weight of coming in order of time")
    hub: float = Field(default=0.3, ge=0, description="weight of the degree penalty")
    tau: float = 0.3
    half_life: float = Field(
        default=1000.0, gt=0, description="of recency, in ticks behind the latest event"
    )
    hub_degree: int = Field(default=1000, ge=2, description="degree with the full penalty")


class PprParams(MemoryParams):
    """The bounded search for chains, and the personalised PageRank that orders equal ones.

    Off, both are: what is left looks the last relation of a question up at the entity it names.
    `alpha` and `named` are of PageRank alone, which decides only among chains of one probability.
    """

    enabled: bool = True
    alpha: float = Field(default=0.3, gt=0, lt=1, description="chance that a walk goes on")
    hops: int = Field(default=4, ge=1, description="longest chain that is followed")
    fanout: int = Field(default=48, ge=1, description="edges that are followed from a node")
    nodes: int = Field(default=256, ge=2, description="nodes of the neighbourhood")
    walks: int = Field(default=512, ge=2, description="chains that are compared with a question")
    focus: float = Field(
        default=0.4, gt=0, description="by how much a passage that fits better is where walks start"
    )
    beside: float = Field(
        default=0.75,
        ge=0,
        le=1,
        description="share of walks to the passages beside, not by phrases",
    )
    speaker: float = Field(
        default=2.0, ge=0, description="for passages of a speaker whom the question names"
    )
    back: bool = Field(default=True, description="follow a first fact from its tail, too")
    named: float = Field(default=5.0, ge=1, description="weight of edges that the question names")


class LinkParams(MemoryParams):
    """How words of a question are linked to entities and relations."""

    typos: bool = Field(default=True, description="merge names with one wrong letter, at replay")
    temperature_nats: float = Field(
        default=2.0, gt=0, description="surprise that makes a relation e times less likely meant"
    )
    kind: float = Field(default=0.15, ge=-1, le=1, description="cosine of an entity to heads")
    candidates: int = Field(default=8, ge=1, description="relations a phrase is compared with")
    sharpness: float = Field(
        default=30.0, gt=0, description="by how much a cosine of 1 makes a chain likelier, as a log"
    )
    decided: float = Field(
        default=0.99, ge=0, le=1, description="share by vectors from which the model is not asked"
    )
    cosine_weight: float = Field(
        default=10.0, ge=0, description="the same for a relation, beside the surprise of the model"
    )


class StoreParams(MemoryParams):
    """Bounds of the store."""

    max_edges: int = Field(default=200_000, ge=1)
    max_passages: int = Field(default=100_000, ge=1, description="events kept as they were told")
    max_buffer: int = Field(default=10_000, ge=1, description="a full buffer is consolidated")


class RecallParams(MemoryParams):
    """How many chains are returned, how sure the best must be, and how they are told."""

    traces: int = Field(default=3, ge=1)
    passages: int = Field(default=32, ge=0, description="passages told where no chain of facts is")
    alike: float = Field(
        default=0.5, ge=-1, le=1, description="cosine to a question from which a chain leads"
    )
    min_confidence: float = Field(default=0.05, ge=0, le=1)
    link_remarks: bool = Field(
        default=True, description="link other words to single facts that fit no schema"
    )
    told: Telling = Field(
        default="both", description="the facts of a chain, what follows from them, or both"
    )
    asked: Telling = Field(
        default="inferred", description="the same for a question in full, which is told with it"
    )


with warnings.catch_warnings():
    # The preset's `schema.fast_track` is the public name; pydantic keeps `schema` for a method that
    # it has deprecated, and says so.
    warnings.filterwarnings("ignore", message='Field name "schema"')

    class SgcRssParams(MemoryParams):
        """All of SGC-RSS."""

        schema: SchemaParams = SchemaParams()  # type: ignore[assignment]
        gate: GateParams = GateParams()
        ppr: PprParams = PprParams()
        link: LinkParams = LinkParams()
        store: StoreParams = StoreParams()
        recall: RecallParams = RecallParams()
