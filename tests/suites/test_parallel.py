"""Workers: order, errors and sudden ends."""

import os

import pytest

from memeval.datasets import parallel
from memeval.errors import MemevalError


@pytest.fixture(autouse=True)
def _always_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "WORTH_WORKERS", 0)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)


def process_of(job: int) -> tuple[int, int]:
    return job, os.getpid()


def fail_above_one(job: int) -> int:
    if job > 1:
        raise MemevalError(f"a job must be at most 1, got {job}; ask for less")
    return job


def die(job: int) -> None:
    os._exit(job)


def test_results_are_in_the_order_of_the_jobs() -> None:
    """Whichever job is started first, results stand in the order asked for."""
    jobs = [3, 1, 2]
    results = parallel.each(process_of, jobs, items=[5, 50, 500])
    assert [job for job, _ in results] == jobs
    assert os.getpid() not in {process for _, process in results}


def test_a_single_job_starts_no_worker() -> None:
    """One dataset is built where it was asked for."""
    assert parallel.each(process_of, [4], items=[10**6]) == [(4, os.getpid())]


def test_the_first_error_in_order_is_raised() -> None:
    """Of two jobs that fail, the one listed first is told of."""
    with pytest.raises(MemevalError, match="got 2; ask"):
        parallel.each(fail_above_one, [1, 2, 3], items=[1, 2, 3])


def test_a_killed_worker_is_told_of() -> None:
    """A worker that dies is one sentence, not a hang."""
    with pytest.raises(MemevalError, match="got one that was killed"):
        parallel.each(die, [1, 2], items=[1, 1])
