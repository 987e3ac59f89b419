"""Bounded many requests at once."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TypeVar

from memeval.models.base import Progress

Asked = TypeVar("Asked")
Told = TypeVar("Told")


def each(
    ask: Callable[[Asked], Told],
    asked: Sequence[Asked],
    *,
    concurrency: int,
    on_done: Progress = lambda _: None,
) -> list[Told]:
    """Return what each is answered, in order; the first error ends all that has not begun."""
    if not asked:
        return []
    with ThreadPoolExecutor(min(concurrency, len(asked))) as pool:
        waiting = [pool.submit(ask, one) for one in asked]
        try:
            for done in as_completed(waiting):
                done.result()
                on_done(1)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [done.result() for done in waiting]
