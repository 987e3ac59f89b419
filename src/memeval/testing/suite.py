"""What every suite must do."""

import pickle
from dataclasses import replace

import pytest

from memeval.datasets.dataset import Dataset
from memeval.datasets.validity import BUILT_IN_ONLY, find_faults
from memeval.errors import ConfigError, DataError
from memeval.scoring.scorer import load_scorers, score_all
from memeval.suites.choosing import dataset_named, suite_named


class SuiteContract:
    """Subclass it, name it `Test...`, and set `name` to what `--suite` would take."""

    name: str

    @pytest.fixture
    def suite_name(self) -> str:
        """Return the name of the suite under test."""
        return self.name

    def dataset(self, name: str) -> Dataset:
        """Return a dataset of the suite; one whose files are not at hand is skipped."""
        try:
            return dataset_named(name)
        except (ConfigError, DataError) as error:
            pytest.skip(f"no dataset at hand: {error}")

    def test_a_worker_gets_the_same_dataset(self, suite_name: str) -> None:
        """What is sent to another process is equal, and opens to the same data."""
        dataset = self.dataset(suite_name)
        sent = pickle.loads(pickle.dumps(dataset))  # noqa: S301 - made here
        assert sent == dataset
        assert hash(sent) == hash(dataset)
        assert sent.open().digest == dataset.open().digest

    def test_its_sessions_are_sound(self, suite_name: str) -> None:
        """Ids are unique, times are in order, and what an item names is there."""
        for session in self.dataset(suite_name).open().sessions:
            found = [one for one in find_faults(session) if one.rule not in BUILT_IN_ONLY]
            assert found == []

    def test_sessions_have_ids_of_their_own(self, suite_name: str) -> None:
        """An item is known by its session and its query."""
        ids = [session.id for session in self.dataset(suite_name).open().sessions]
        assert len(set(ids)) == len(ids)
        assert ids

    def test_its_size_is_the_number_of_items(self, suite_name: str) -> None:
        """Results lie below the size, which counts what is asked."""
        dataset = self.dataset(suite_name)
        asked = sum(len(session.items) for session in dataset.open().sessions)
        assert dataset.size == asked

    def test_its_primary_score_is_scored(self, suite_name: str) -> None:
        """One of the scorers that always run, or of those it names, gives the primary score."""
        data = self.dataset(suite_name).open()
        scorers = load_scorers(data.scorers)
        item = next(i for s in data.sessions for i in s.items if i.navigation is None)
        assert data.primary in score_all(scorers, item, item.answers[0])
        assert data.primary == suite_named(suite_name.partition(":")[0]).primary

    def test_a_right_answer_scores_fully(self, suite_name: str) -> None:
        """The accepted answer has the best primary score, and an empty one does not."""
        data = self.dataset(suite_name).open()
        scorers = load_scorers(data.scorers)
        for session in data.sessions:
            for item in (i for i in session.items if i.answerable and i.navigation is None):
                right = score_all(scorers, item, item.answers[0])[data.primary]
                empty = score_all(scorers, replace(item), "")[data.primary]
                assert right is None or empty is None or right > empty
