"""A plain list of events as a store, for baselines that keep everything they are shown."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import ClassVar

import pyarrow as pa

from memeval.memories.params import MemoryParams
from memeval.memories.store_folder import Saved, StoreLayout
from memeval.types import Event


class EventStore:
    """Keeps events in order; subclasses add `recall`."""

    needs: ClassVar[tuple[str, ...]] = ()

    class Params(MemoryParams):
        """No parameters."""

    def __init__(self, params: MemoryParams, *, seed: int) -> None:
        self.params = params
        self.seed = seed
        self.events: list[Event] = []

    def observe(self, events: Sequence[Event]) -> None:
        """Append the events."""
        self.events.extend(events)

    def replay(self) -> None:
        """Do nothing: a list has nothing to consolidate."""

    def stored_events(self) -> set[str]:
        """Return the ids of all events."""
        return {event.id for event in self.events}

    def stats(self) -> Mapping[str, int | float]:
        """Count events and the bytes of their text."""
        size = sum(len(event.text.encode()) for event in self.events)
        return {"store_items": len(self.events), "store_bytes": size}

    def fingerprint(self) -> str:
        """Return a digest of the events."""
        content = json.dumps([asdict(event) for event in self.events])
        return hashlib.sha256(content.encode()).hexdigest()

    def save(self, directory: Path) -> None:
        """Write `events.parquet` and `store.json`, whole or not at all."""
        LAYOUT.write(directory, Saved({"events": [asdict(event) for event in self.events]}, {}))

    def load(self, directory: Path) -> None:
        """Replace the events by saved ones, whichever baseline saved them.

        Raises:
            DataError: the store is broken, or not a list of events.
        """
        with LAYOUT.reading(directory) as saved:
            events = [Event(**row) for row in saved.tables["events"]]
        self.events = events


EVENT_SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("text", pa.string()),
        ("time", pa.int64()),
        ("reward", pa.bool_()),
        ("pin", pa.bool_()),
        ("speaker", pa.string()),
        ("at", pa.string()),
    ]
)
LAYOUT = StoreLayout("events", 1, {"events": EVENT_SCHEMA}, {})
