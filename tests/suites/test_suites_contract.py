"""What holds for every suite: shares, determinism, soundness, chatter, flags."""

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from memeval.datasets.validity import find_faults
from memeval.errors import ConfigError
from memeval.suites.own import SUITES, generate
from memeval.suites.own.suite import SEEDS, SIZES
from memeval.types import Event, Session

every_suite = pytest.mark.parametrize("suite", SUITES)


@cache
def session_of(suite: str, size: int = 200, seed: int = 1337) -> Session:
    return SUITES[suite].generate(size=size, seed=seed)


def asked(session: Session) -> set[str]:
    return {item.query.text for item in session.items}


def told(session: Session) -> tuple[list[Event], list[Event]]:
    """Return facts and chatter."""
    assert session.worth is not None
    facts = [event for event in session.events if event.id in session.worth]
    return facts, [event for event in session.events if event.id not in session.worth]


@every_suite
@pytest.mark.parametrize("size", SIZES)
def test_every_slice_has_its_share(suite: str, size: int) -> None:
    """Each slice has its fixed share of the items, to the nearest item."""
    counts = Counter(item.slice for item in session_of(suite, size).items)
    shares = SUITES[suite].shares
    assert sum(shares.values()) == pytest.approx(1)
    assert counts.keys() == shares.keys()
    assert counts.total() == size
    assert all(abs(counts[name] - share * size) < 1 for name, share in shares.items())


@every_suite
def test_same_seed_same_session(suite: str) -> None:
    """A size and a seed always give the same session."""
    assert session_of(suite, 50, 7) == SUITES[suite].generate(size=50, seed=7)


@every_suite
def test_seeds_and_sizes_are_samples_of_their_own(suite: str) -> None:
    """No question of one seed is asked with another, nor of one size at another."""
    first = asked(session_of(suite, 50, 1))
    assert not first & asked(session_of(suite, 50, 2))
    assert not first & asked(session_of(suite, 200, 1))


@every_suite
@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("size", [1, 2, 7, 50, 200])
def test_no_faults(suite: str, size: int, seed: int) -> None:
    """A session breaks no rule, and from its text alone each question has one answer."""
    session = SUITES[suite].generate(size=size, seed=seed)
    assert len(session.items) == size
    assert find_faults(session, SUITES[suite].solve) == []


@every_suite
@pytest.mark.parametrize("size", [1000, 2000])
def test_no_faults_in_large_sessions(suite: str, size: int) -> None:
    """The words suffice for the largest session that may be asked for."""
    assert SUITES[suite].max_size == 2000
    assert find_faults(session_of(suite, size), SUITES[suite].solve) == []


@every_suite
@pytest.mark.parametrize("seed", SEEDS)
def test_chatter_is_about_as_long_as_facts(suite: str, seed: int) -> None:
    """It has as many letters, give or take a quarter, or a gate would merely learn length."""
    lengths = [
        [len(event.text) for event in events] for events in told(session_of(suite, 200, seed))
    ]
    facts, chatter = (sum(counts) / len(counts) for counts in lengths)
    assert 0.75 <= facts / chatter <= 1.25


@every_suite
def test_chatter_is_not_worth_remembering(suite: str) -> None:
    """No item rests on chatter, and some of it carries flags, so that a flag is no label."""
    session = session_of(suite, 1000)
    _, chatter = told(session)
    gold = {id_ for item in session.items for id_ in item.gold_events}
    assert not gold & {event.id for event in chatter}
    # 5 % of 300 lines or more: the standard error is 0.013 at most
    assert 0.01 < sum(event.reward for event in chatter) / len(chatter) < 0.1


@every_suite
def test_flags_are_rare(suite: str) -> None:
    """About a tenth of the facts pay off, more where habits do; three in a hundred are pinned."""
    facts, _ = told(session_of(suite, 1000))
    assert 0.07 < sum(event.reward for event in facts) / len(facts) < 0.17
    # some 1,700 facts or more: the standard error is 0.004; four of them either way
    assert sum(event.pin for event in facts) / len(facts) == pytest.approx(0.03, abs=0.016)


@every_suite
def test_no_question_is_asked_twice(suite: str) -> None:
    """Every item asks something else."""
    counts = Counter(item.query.text for item in session_of(suite, 1000).items)
    assert [text for text, count in counts.items() if count > 1] == []


@every_suite
def test_a_negative_seed_is_refused(tmp_path: Path, suite: str) -> None:
    """The manifest could not tell it from a broken entry; nothing is written."""
    with pytest.raises(ConfigError, match="a seed must be 0 or more, got -1"):
        generate(suite, size=5, seed=-1)
    with pytest.raises(ConfigError, match="a seed must be 0 or more, got -1"):
        SUITES[suite].dataset(size=5, seed=-1, path=tmp_path)
    assert not any(tmp_path.iterdir())
