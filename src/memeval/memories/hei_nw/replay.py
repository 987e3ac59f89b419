"""Replay: what was written is gone through again, bound into episodes, merged and re-weighted."""

from collections import Counter

import numpy as np
import numpy.typing as npt

from memeval.memories.hei_nw.lexicon import words_of
from memeval.memories.hei_nw.params import ReplayParams
from memeval.memories.hei_nw.store import StoredTrace, TraceStore

OPENING_WORDS = 2
# English words that mean something only through what was said before.
ANAPHORS = frozenset(
    """he him his she her hers it its they them their theirs this that these those there then
    here so thus afterwards both""".split()
)


def refers_back(text: str) -> bool:
    """Whether a sentence opens with a word that only the one before it gives a meaning."""
    return not ANAPHORS.isdisjoint(words_of(text)[:OPENING_WORDS])


def replay_once(store: TraceStore, params: ReplayParams, *, duplicate: float) -> Counter[str]:
    """Replay every trace once, in order of priority, and count what happened.

    A trace is bound to the one observed right before it on the same day, so that a cue for one
    brings up the other; a trace nearly equal to another is merged with it; high priority
    strengthens and low priority decays.
    """
    counts: Counter[str] = Counter()
    traces = store.live()
    priorities = _priorities(store, traces, params)
    for i in spread_out(traces, priorities, params.window):
        trace = traces[i]
        counts["replay_samples"] += 1
        counts["replay_bound"] += _bind(store, trace)
        if _merge(store, trace, duplicate):
            counts["replay_merged"] += 1
            continue
        change = params.rate * (2 * priorities[i] - 1)
        counts["replay_strengthened"] += change > 0
        trace.salience *= 1 + change
        store.reinforce(trace, trace.salience, seen=trace.seen)
    return counts


def spread_out(traces: list[StoredTrace], priorities: list[float], window: int) -> list[int]:
    """Order traces by priority, taking of the next few the one least like the one before.

    Successive items that share little interfere least with one another (McClelland, McNaughton and
    O'Reilly 1995, on interleaved learning).
    """
    waiting = sorted(range(len(traces)), key=lambda i: -priorities[i])
    order: list[int] = []
    line = waiting[:window]
    last: frozenset[str] = frozenset()
    for following in [*waiting[window:], *[None] * len(line)]:
        chosen = min(line, key=lambda i: len(last.intersection(traces[i].key)))
        line.remove(chosen)
        order.append(chosen)
        last = frozenset(traces[chosen].key)
        if following is not None:
            line.append(following)
    return order


def _priorities(store: TraceStore, traces: list[StoredTrace], params: ReplayParams) -> list[float]:
    """Return priorities in [0, 1]: weighted mean of salience, recency and diversity, as ranks.

    Diversity is how few traces share a trace's words.
    """
    if not traces:
        return []
    firing = Counter(word for trace in traces for word in trace.key)
    values = (
        (params.salience, [store.retention(trace) for trace in traces]),
        (params.recency, [float(trace.seen) for trace in traces]),
        (params.diversity, [-float(np.mean([firing[w] for w in t.key])) for t in traces]),
    )
    total = sum(weight for weight, _ in values) or 1.0
    ranks = np.array([_ranks(column) for _, column in values])
    priorities: list[float] = (np.array([w for w, _ in values]) @ ranks / total).tolist()
    return priorities


def _ranks(values: list[float]) -> npt.NDArray[np.float64]:
    """Return each value's rank among all, from 0 to 1."""
    order = np.argsort(np.argsort(values, kind="stable"), kind="stable")
    ranks: npt.NDArray[np.float64] = order / max(1, len(values) - 1)
    return ranks


def _bind(store: TraceStore, trace: StoredTrace) -> bool:
    """Bind a trace to the one before, if that is held and of the same day."""
    slot = store.slot_at(trace.position - 1)
    if slot is None or trace.follows >= 0 or store[slot].date != trace.date:
        return False
    trace.follows = trace.position - 1
    return True


def _merge(store: TraceStore, trace: StoredTrace, duplicate: float) -> bool:
    """Merge a trace into a nearly equal one, which then rests on the events of both."""
    slot = store.slot_at(trace.position)
    assert slot is not None, "traces are removed by their own merge alone"
    if refers_back(trace.text):
        return False  # the same words mean something else behind another sentence
    other, similarity = store.words.nearest(trace.key, but=slot)
    if similarity < duplicate or store[other].speaker != trace.speaker:
        return False
    kept = store[other]
    store.rest_on(kept, trace.events)
    kept.time = max(kept.time, trace.time)
    kept.pinned |= trace.pinned
    store.reinforce(kept, trace.salience, seen=trace.seen)
    store.remove(slot)
    return True
