"""What every memory must do, whoever wrote it."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from memeval.encoders.scripted import ScriptedEncoder
from memeval.errors import ConfigError
from memeval.evaluating import evaluate
from memeval.memories.checked import Checked
from memeval.memories.contract import Memory
from memeval.memories.controls import Control
from memeval.memories.loading import load_memory
from memeval.models.scripted import ScriptedModel
from memeval.testing import stream
from memeval.types import Event, Query

SESSION = stream.session()
QUERIES = [item.query for item in SESSION.items]


class MemoryContract:
    """Subclass it, name it `Test...`, and set `name` to a memory's registered name or file."""

    name: str

    @pytest.fixture
    def memory_name(self) -> str:
        """Return the name of the memory under test."""
        return self.name

    def empty(self, name: str) -> Memory:
        """Make an empty memory with its defaults; override it where it needs more."""
        return load_memory(name, model=ScriptedModel(), encoder=ScriptedEncoder())

    def taught(self, name: str, events: tuple[Event, ...] = SESSION.events) -> Checked:
        """Return a memory that has seen the stream and replayed; what it returns is checked."""
        memory = Checked(self.empty(name), name)
        memory.prepare(SESSION.items, SESSION.events)
        memory.observe(events)
        memory.replay()
        return memory

    def test_gives_one_recall_a_query(self, memory_name: str) -> None:
        """Recalls are as many as queries, their traces name events of the stream, scores fall."""
        known = {event.id for event in SESSION.events}
        recalls = self.taught(memory_name).recall(QUERIES)
        assert len(recalls) == len(QUERIES)
        for recall in recalls:
            assert set(recall.events) <= known
            scores = [trace.score for trace in recall.traces]
            assert scores == sorted(scores, reverse=True)

    def test_confidences_are_probabilities(self, memory_name: str) -> None:
        """A recall tells how likely it holds the answer as a number from 0 to 1, or not at all."""
        told = [recall.confidence for recall in self.taught(memory_name).recall(QUERIES)]
        assert all(one is None or 0 <= one <= 1 for one in told)

    def test_recall_leaves_the_store_alone(self, memory_name: str) -> None:
        """Asking changes no fingerprint, and asking again gives the same."""
        memory = self.taught(memory_name)
        before = memory.fingerprint()
        first = memory.recall(QUERIES)
        assert memory.recall(QUERIES) == first
        assert memory.fingerprint() == before

    def test_order_of_queries_never_changes_a_recall(self, memory_name: str) -> None:
        """A recall depends on its own query alone."""
        memory = self.taught(memory_name)
        assert memory.recall(QUERIES[::-1]) == memory.recall(QUERIES)[::-1]
        assert [memory.recall([query])[0] for query in QUERIES] == memory.recall(QUERIES)

    def test_teaching_twice_from_scratch_gives_the_same_store(self, memory_name: str) -> None:
        """Equal content has equal fingerprints."""
        assert self.taught(memory_name).fingerprint() == self.taught(memory_name).fingerprint()

    def test_goes_on_observing_after_it_was_asked(self, memory_name: str) -> None:
        """A stream may be asked about before it ends; what comes later is taken in all the same."""
        memory = self.taught(memory_name, SESSION.events[:6])
        if isinstance(memory.memory, Control):
            pytest.skip("a control is handed the questions before the stream")
        memory.recall(QUERIES[:2])
        memory.observe(SESSION.events[6:])
        memory.replay()
        known = {event.id for event in SESSION.events}
        assert all(set(recall.events) <= known for recall in memory.recall(QUERIES))

    def test_stats_are_flat_numbers(self, memory_name: str) -> None:
        """Counters are finite numbers by name, and the size of the store is among them."""
        assert {"store_items", "store_bytes"} <= self.taught(memory_name).stats().keys()

    def test_an_empty_store_recalls_nothing(self, memory_name: str) -> None:
        """Before any event there is nothing to remember."""
        memory = Checked(self.empty(memory_name), memory_name)
        if isinstance(memory.memory, Control):
            pytest.skip("a control gives back what it is handed")
        assert all(not recall.traces for recall in memory.recall(QUERIES))

    @settings(
        max_examples=15,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )
    @given(texts=st.lists(st.text(max_size=60), max_size=8), question=st.text(max_size=40))
    def test_any_text_is_taken(self, memory_name: str, texts: list[str], question: str) -> None:
        """Emoji, right-to-left and empty texts neither break a memory nor vanish into an error."""
        memory = Checked(self.empty(memory_name), memory_name)
        if isinstance(memory.memory, Control):
            return
        memory.observe([Event(f"e{i}", text, i) for i, text in enumerate(texts)])
        [recall] = memory.recall([Query("q", question, len(texts))])
        assert set(recall.events) <= {f"e{i}" for i in range(len(texts))}

    def test_an_unknown_parameter_is_refused_by_name(self, memory_name: str) -> None:
        """A misspelt parameter is an error, not a silent default."""
        with pytest.raises(ConfigError, match=r"a parameter of .* must be a known name"):
            load_memory(memory_name, model=ScriptedModel(), no_such_parameter=1)

    def test_a_cell_is_measured_from_end_to_end(self, memory_name: str) -> None:
        """The runner teaches it, asks it, and finds its store as it was."""
        result = evaluate(SESSION, self.empty(memory_name), ScriptedModel(), reader="text")
        assert result.metrics["memory"].keys() >= {"store_items", "store_bytes"}

    def test_save_and_load_keep_store_and_recalls(self, memory_name: str, tmp_path: Path) -> None:
        """A loaded store has the fingerprint, the counters and the recalls of the saved one."""
        saved = self.shareable(memory_name)
        saved.save(tmp_path)
        loaded = Checked(self.empty(memory_name), memory_name)
        loaded.load(tmp_path)
        assert loaded.fingerprint() == saved.fingerprint()
        assert loaded.recall(QUERIES) == saved.recall(QUERIES)
        assert loaded.stats() == saved.stats()

    def test_a_load_leaves_nothing_of_what_was_held(self, memory_name: str, tmp_path: Path) -> None:
        """A memory that was asked about as many other events answers as if it never knew them."""
        saved = self.shareable(memory_name)
        saved.save(tmp_path)
        memory = self.taught(memory_name, stream.events(start=100))
        memory.recall(QUERIES)
        memory.load(tmp_path)
        assert memory.recall(QUERIES) == saved.recall(QUERIES)
        assert (memory.fingerprint(), memory.stats()) == (saved.fingerprint(), saved.stats())

    def test_saved_files_are_parquet_or_json(self, memory_name: str, tmp_path: Path) -> None:
        """Nothing executable is stored."""
        self.shareable(memory_name).save(tmp_path)
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert {path.suffix for path in files} <= {".parquet", ".json"}

    def shareable(self, name: str) -> Checked:
        """Return a taught memory whose store can be kept; others are excused."""
        memory = self.taught(name)
        if not memory.is_shareable:
            pytest.skip("its store cannot be kept: it has no save and load")
        return memory
