"""ALL: the three memories on one stream, their recalls merged by calibrated confidence."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from copy import copy
from pathlib import Path

from memeval.memories.all.merging import merge, weigh
from memeval.memories.all.params import AllParams
from memeval.memories.hei_nw import HeiNw
from memeval.memories.hei_nw.persistence import LAYOUT as EPISODES
from memeval.memories.sgc_rss import SgcRss
from memeval.memories.sgc_rss.persistence import LAYOUT as FACTS
from memeval.memories.smpd import Smpd
from memeval.memories.smpd.persistence import LAYOUT as MAP
from memeval.memories.store_folder import replaced
from memeval.memories.word_model import WordModel
from memeval.models import Encoder
from memeval.types import Event, Example, Query, Recall

FILES = {f"{layout.memory}/{file}" for layout in (MAP, FACTS, EPISODES) for file in layout.files}
TOTALS = ("store_items", "store_bytes", "prunes")


class All:
    """Shows every event to three memories, and answers with the traces likeliest to be right.

    The memories do not know of one another: what one stored, the others may store as well.
    """

    Params = AllParams
    uses = HeiNw.uses
    wants = tuple(dict.fromkeys((*SgcRss.wants, *HeiNw.wants)))

    def __init__(
        self, params: AllParams, *, model: WordModel, seed: int, encoder: Encoder | None = None
    ) -> None:
        self.params = params
        self._hold(
            Smpd(params.smpd, seed=seed),
            SgcRss(params.sgc_rss, model=model, seed=seed, encoder=encoder),
            HeiNw(params.hei_nw, model=model, seed=seed, encoder=encoder),
        )

    def _hold(self, places: Smpd, facts: SgcRss, episodes: HeiNw) -> None:
        """Hold these three from now on."""
        self._places, self._facts, self._episodes = places, facts, episodes
        # the order in which they are asked, and in which equally sure ones lead: the more it takes
        # for a memory to answer at all, the earlier
        self._memories: dict[str, Smpd | SgcRss | HeiNw] = {
            "smpd": places,
            "sgc_rss": facts,
            "hei_nw": episodes,
        }

    def shown(self, examples: Sequence[Example]) -> None:
        """Let the map answer in the form that examples show."""
        self._places.shown(examples)

    def observe(self, events: Sequence[Event]) -> None:
        """Show the events to each memory."""
        for memory in self._memories.values():
            memory.observe(events)

    def replay(self) -> None:
        """Let each memory consolidate."""
        for memory in self._memories.values():
            memory.replay()

    def recall(self, queries: Sequence[Query]) -> list[Recall]:
        """Return the best of what the memories recall, whosever it is.

        The memories are asked one after the other, each only what is still open: for `sgc_rss` to
        link the words of a question may take the model, and a walker need not wait for that. What
        the graph understands word for word and does not know, no episode is asked to guess.
        """
        recalls = [Recall()] * len(queries)
        is_open = list(range(len(queries)))
        for name, memory in self._memories.items():
            if not is_open:
                break
            found = memory.recall([queries[i] for i in is_open])
            for i, recall in zip(is_open, found, strict=True):
                recalls[i] = self._merged(recalls[i], name, recall)
            is_open = [i for i in is_open if not self._is_settled(recalls[i])]
            if memory is self._facts and self.params.recall.deny:
                is_open = [i for i in is_open if recalls[i].traces or not self._denied(queries[i])]
        return recalls

    def _denied(self, query: Query) -> bool:
        return self._facts.denies([query])[0]

    def _merged(self, before: Recall, name: str, recall: Recall) -> Recall:
        weighed = weigh(recall, name, self.params.confidence)
        return merge(before, weighed, traces=self.params.recall.traces)

    def _is_settled(self, recall: Recall) -> bool:
        return bool(recall.traces) and recall.traces[0].score >= self.params.recall.enough

    def stored_events(self) -> set[str]:
        """Return the ids of all events that any of the memories holds."""
        return set().union(*(memory.stored_events() for memory in self._memories.values()))

    def saliences(self) -> Mapping[str, float]:
        """Return how much every event seemed worth to the episodic memory."""
        return self._episodes.saliences()

    def stats(self) -> Mapping[str, int | float]:
        """Return the counters of each memory behind its name, and the sizes added up."""
        counts: dict[str, int | float] = dict.fromkeys(TOTALS, 0)
        for name, memory in self._memories.items():
            told = memory.stats()
            counts |= {f"{name}_{counter}": value for counter, value in told.items()}
            for total in TOTALS:
                counts[total] += told[total]
        return counts

    def fingerprint(self) -> str:
        """Return a digest of the three stores."""
        content = {name: memory.fingerprint() for name, memory in self._memories.items()}
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()

    def save(self, directory: Path) -> None:
        """Write each store into a folder of its name, all three or none."""
        with replaced(directory, FILES) as folder:
            for name, memory in self._memories.items():
                memory.save(folder / name)

    def load(self, directory: Path) -> None:
        """Replace each store by a saved one, all three or none.

        Raises:
            DataError: a store is missing or broken, or was written with another model.
        """
        # a load replaces what a memory holds and changes nothing of it, so that copies suffice
        places, facts, episodes = copy(self._places), copy(self._facts), copy(self._episodes)
        places.load(directory / "smpd")
        facts.load(directory / "sgc_rss")
        episodes.load(directory / "hei_nw")
        self._hold(places, facts, episodes)
