"""Parameters of SMPD."""

from typing import Literal

from pydantic import Field

from memeval.memories.params import MemoryParams


class ReadingParams(MemoryParams):
    """The language of the walks."""

    lexicon: str = Field(default="en", description="a shipped language, or the path of a file")


class GateParams(MemoryParams):
    """Repeats are counted, not stored again; a passage that flaps is not used until it settles."""

    enabled: bool = True
    flaps: int = Field(default=3, ge=2, description="changes of a passage that make it unreliable")
    settle: int = Field(default=2, ge=1, description="walks in a row that make it reliable again")


class IntegrationParams(MemoryParams):
    """Coordinates from moves."""

    enabled: bool = True
    radius: float = Field(default=0.5, gt=0, description="distance within which places are one")


class RelationParams(MemoryParams):
    """Places that are told to lie to each other: "the garden is west of the bathroom"."""

    passages: Literal["none", "map", "all"] = Field(
        default="map",
        description="whether one can go from one to the other: where told in words of a map",
    )


class MacroParams(MemoryParams):
    """Routes walked again and again, as one decision."""

    distill: bool = True
    min_uses: int = Field(default=2, ge=2, description="walks that must share a piece")
    min_moves: int = Field(default=2, ge=2)
    max_moves: int = Field(default=8, ge=2)
    max_macros: int = Field(default=1000, ge=1)


class StoreParams(MemoryParams):
    """Bounds of the store; what is dropped is logged."""

    max_places: int = Field(default=200_000, ge=2)
    max_degree: int = Field(default=64, ge=1, description="passages out of one place")
    max_things: int = Field(default=200_000, ge=1)
    max_walks: int = Field(default=20_000, ge=1)
    max_walkers: int = Field(default=10_000, ge=1, description="people whose place is known")
    max_events: int = Field(default=8, ge=1, description="event ids kept with one fact")


class RecallParams(MemoryParams):
    """How many traces are returned, and how sure they are."""

    traces: int = Field(default=3, ge=1)
    told: float = Field(default=0.9, gt=0, le=1, description="confidence in what was told once")
    rehearsals: int = Field(
        default=5, ge=0, description="times that a way of several moves is told"
    )
    inferred: float = Field(default=0.6, gt=0, le=1, description="factor where geometry tells")


class SmpdParams(MemoryParams):
    """All of SMPD."""

    reading: ReadingParams = ReadingParams()
    gate: GateParams = GateParams()
    path_integration: IntegrationParams = IntegrationParams()
    relations: RelationParams = RelationParams()
    macro: MacroParams = MacroParams()
    store: StoreParams = StoreParams()
    recall: RecallParams = RecallParams()
