"""Prints what SGC-RSS costs and what its mechanisms change.

python benchmarks/sgc_rss.py [--edges 100000] [--model smollm2]

Speed is measured with the scripted model: questions in words that were told never ask the language
model, and others are compared by the vectors of the embedded encoder. Streams are of the
calibration seeds 7, 11 and 13.
"""

import argparse
import statistics
import time
import tracemalloc
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from memeval import load_encoder, load_memory, load_model
from memeval.cli import render
from memeval.models.scripted import ScriptedModel
from memeval.suites.own import generate
from memeval.suites.own.semantic.relations import RELATIONS
from memeval.suites.own.semantic.solver import TOLD
from memeval.types import Event, Query, Session

SEEDS, SIZE = (7, 11, 13), 200
TOLD_BY = ("works for", "lives in", "was born in", "is a pupil of", "is a rival of")
ASKED_BY = {
    "works for": "Who pays the wages of {}?",
    "lives in": "Where has {} made a home?",
    "was born in": "Which is the birthplace of {}?",
    "is a pupil of": "Who teaches {}?",
    "is a rival of": "Against whom does {} compete?",
}
ALONE = {"schema.join": False}  # the scripted model cannot tell which phrasings say the same


def main() -> None:
    """Print one table after another."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edges", type=int, default=100_000)
    parser.add_argument("--model", default="", help="teach other streams with it, time nothing")
    chosen = parser.parse_args()
    if chosen.model:
        print_streams(load_model(chosen.model, threads=1))
        return
    print_scaling(chosen.edges)
    print_other_words(chosen.edges)
    print_fast_track()
    print_gate()


def empty(model: Any = None, **params: Any) -> Any:
    """Return an empty memory, on the scripted model unless told otherwise."""
    return load_memory("sgc_rss", model=model or ScriptedModel(), **params)


def print_scaling(most: int) -> None:
    """Time writes and recalls, and measure memory, as the graph grows."""
    rows = []
    for count in (most // 100, most // 10, most):
        events = big_stream(count)
        grown = bytes_an_edge(big_stream(count // 5))
        memory = empty(**ALONE)
        observe_s = timed(lambda memory=memory, events=events: memory.observe(events))
        replay_s = timed(memory.replay)
        milliseconds = sorted(recall_times(memory, events, 400))
        rows.append(
            (
                f"{len(memory._graph):,}",
                f"{memory.stats()['nodes']:,}",
                f"{count / observe_s:,.0f}",
                f"{count / (observe_s + replay_s):,.0f}",
                f"{statistics.median(milliseconds):.2f}",
                f"{milliseconds[int(0.95 * len(milliseconds))]:.2f}",
                f"{milliseconds[-1]:.2f}",
                f"{grown:,.0f}",
            )
        )
    header = (
        "edges",
        "nodes",
        "writes/s",
        "with replay",
        "ms p50",
        "p95",
        "max",
        "bytes/edge of 1/5",
    )
    render.table("questions of one to three steps", header, rows)


def print_other_words(edges: int) -> None:
    """Time recalls of questions in words that were not told: alone, and many at once."""
    events = big_stream(edges)
    memory = empty(encoder=load_encoder("minilm", threads=1), **ALONE)
    memory.observe(events)
    memory.replay()
    random = Random(2)
    told = (random.choice(events).text.rstrip(".").split(maxsplit=2) for _ in range(400))
    asked = [
        Query("q", question.format(f"{first} {last}"), len(events))
        for first, last, rest in told
        for phrase, question in ASKED_BY.items()
        if rest.startswith(phrase)
    ]
    alone, together = asked[:200], asked[200:]
    milliseconds = sorted(1000 * timed(lambda one=one: memory.recall([one])) for one in alone)
    batch = 1000 * timed(lambda: memory.recall(together)) / len(together)
    row = (
        f"{len(memory._graph):,}",
        f"{statistics.mean(milliseconds):.1f}",
        f"{statistics.median(milliseconds):.1f}",
        f"{milliseconds[int(0.95 * len(milliseconds))]:.1f}",
        f"{batch:.1f}",
    )
    header = ("edges", "ms mean", "p50", "p95", f"each of {len(together)} at once")
    render.table("questions in other words than those that were told", header, [row])


def bytes_an_edge(events: Sequence[Event]) -> float:
    """Return the memory that a store of such a stream holds, by edge, Python's objects included."""
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    memory = empty(**ALONE)
    memory.observe(events)
    memory.replay()
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    return grown / len(memory._graph)


def big_stream(count: int) -> list[Event]:
    """Make facts about people, one in a hundred of them about one hub."""
    random = Random(0)
    people = [f"{syllables(random)} {syllables(random)}" for _ in range(max(10, count // 3))]
    return [
        Event(f"e{i}", f"{random.choice(people) if i % 100 else people[0]} "
              f"{random.choice(TOLD_BY)} {random.choice(people)}.", i)
        for i in range(count)
    ]  # fmt: skip


def syllables(random: Random) -> str:
    """Make up a name."""
    parts = [random.choice("bdfgklmnprstvz") + random.choice("aeiou") for _ in range(4)]
    return "".join(parts).capitalize()


def recall_times(memory: Any, events: Sequence[Event], count: int) -> list[float]:
    """Return the milliseconds of each recall: a third of the questions of each length."""
    random = Random(1)
    times = []
    for i in range(count):
        head = " ".join(random.choice(events).text.split()[:2])
        path = "".join(f"the {random.choice(TOLD_BY)} of " for _ in range(i % 3))
        # a noun that was never told would ask the model; a verb stands for it here
        text = f"{path}{head} {random.choice(TOLD_BY)}"
        times.append(1000 * timed(lambda text=text: memory.recall([Query("q", text, len(events))])))
    return times


def print_fast_track() -> None:
    """Count the events until a fact of one step is answered, with a replay every 100 events."""
    rows = []
    for fast in (True, False):
        waits: list[int] = []
        for seed in SEEDS:
            session = generate("semantic", size=SIZE, seed=seed)
            fit = fits_a_schema(session)
            waits += [w for id_, w in events_to_answer(session, fast).items() if id_ in fit]
        mean, median = statistics.mean(waits), statistics.median(waits)
        rows.append((str(fast), str(len(waits)), f"{mean:.1f}", f"{median:.0f}", str(max(waits))))
    header = ("schema.fast_track", "facts", "mean events", "median", "most")
    render.table("time to stabilise of schema-fit facts", header, rows)


def fits_a_schema(session: Session) -> set[str]:
    """Return the events whose sentence form had been told three times before."""
    reader = empty(**ALONE)._schemas
    from memeval.memories.sgc_rss.sentences import sentences

    fit = set()
    for event in session.events:
        for sentence in sentences(event.text):
            if len(sentence.names) > 1 and reader.read(sentence):
                fit.add(event.id)
            reader.learn(sentence)
    return fit


def events_to_answer(session: Session, fast: bool) -> dict[str, int]:
    """Return, by event, how many events passed before its question was answered from it."""
    memory = empty(**{"schema.fast_track": fast}, **ALONE)
    asked = {item.gold_events[0]: item.query for item in session.items if item.slice == "hop1"}
    pending: dict[str, int] = {}
    waited = {}
    for i, event in enumerate(session.events):
        memory.observe([event])
        if i % 100 == 99:
            memory.replay()
        if event.id in asked:
            pending[event.id] = i
        for id_ in list(pending):
            [recall] = memory.recall([asked[id_]])
            if recall.traces and id_ in recall.traces[0].events:
                waited[id_] = i - pending.pop(id_)
    return waited


def print_gate() -> None:
    """Teach a stream in which 40 % of the facts are told again, with the gate and without."""
    rows = []
    seconds = teach_seconds(big_stream(20_000))
    for enabled in (True, False):
        edges = duplicates = right = asked = 0
        for seed in SEEDS:
            session = repeated(generate("semantic", size=SIZE, seed=seed))
            memory = empty(**{"gate.enabled": enabled}, **ALONE)
            memory.observe(session.events)
            memory.replay()
            edges += len(memory._graph)
            duplicates += len(memory._graph) - len(
                {(e.head, e.phrasing, e.tail, e.until) for e in memory._graph.edges.values()}
            )
            got, of = answered(memory, session, ("hop1", "mismatch"))
            right, asked = right + got, asked + of
        scores = (str(edges), str(duplicates), f"{right / asked:.3f}", f"{seconds[enabled]:.2f}")
        rows.append((str(enabled), *scores))
    header = ("gate.enabled", "edges", "duplicates", "right of one step", "s for 20,000 facts")
    render.table("facts told again", header, rows)


def teach_seconds(events: Sequence[Event]) -> dict[bool, float]:
    """Return the least time that teaching takes with the gate and without, measured in turn."""
    taken: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(7):
        for enabled, times in taken.items():
            memory = empty(**{"gate.enabled": enabled}, **ALONE)
            times.append(timed(lambda memory=memory: (memory.observe(events), memory.replay())))
    return {enabled: min(times) for enabled, times in taken.items()}


def repeated(session: Session) -> Session:
    """Tell 40 % of the events again at the end, in the same words and order."""
    again = [e for e in session.events if Random(e.id).random() < 0.4]
    start = len(session.events)
    more = [replace(e, id=f"r{e.id}", time=start + i) for i, e in enumerate(again)]
    return replace(session, events=(*session.events, *more))


def answered(memory: Any, session: Session, slices: Sequence[str]) -> tuple[int, int]:
    """Return how many questions lead to a chain that ends in the answer, and how many there are."""
    items = [item for item in session.items if item.slice in slices]
    recalls = memory.recall([item.query for item in items])
    right = sum(
        bool(recall.traces) and recall.traces[0].text.rstrip(".").endswith(item.answers[0])
        for item, recall in zip(items, recalls, strict=True)
    )
    return right, len(items)


def print_streams(model: Any) -> None:
    """Teach other kinds of streams: in other words, with typos in names."""
    rows = []
    for name, change in (("as it is", same), ("in other words", reworded), ("typos", misspelt)):
        session = change(generate("semantic", size=SIZE, seed=SEEDS[0]))
        rows.append((name, *stream_scores(model, session)))
    header = ("stream", "edges", "precision", "recall", "right", "empty on unknown")
    render.table(f"{SIZE} items, seed {SEEDS[0]}", header, rows)


def stream_scores(model: Any, session: Session) -> tuple[str, ...]:
    """Return edges, their precision and recall, and how many questions are led to their answer."""
    memory = empty(model)
    memory.observe(session.events)
    memory.replay()
    original = generate("semantic", size=SIZE, seed=SEEDS[0])
    facts = set(facts_of(original.events))
    edges = {(e.head, id_, e.tail) for e in memory._graph.edges.values() for id_ in e.events}
    slices = {item.slice for item in session.items} - {"unknown"}
    right, asked = answered(memory, session, tuple(slices))
    unknown = [item.query for item in session.items if item.slice == "unknown"]
    empty_recalls = sum(not recall.traces for recall in memory.recall(unknown))
    return (
        str(len(edges)),
        f"{len(edges & facts) / len(edges):.2f}",
        f"{len(edges & facts) / len(facts):.2f}",
        f"{right / asked:.2f}",
        f"{empty_recalls / len(unknown):.2f}",
    )


def facts_of(events: Iterable[Event]) -> Iterable[tuple[str, str, str]]:
    """Yield the generator's own facts: head, event, tail."""
    for event in events:
        for pattern, _ in TOLD:
            if match := pattern.fullmatch(event.text):
                yield match["h"].lower(), event.id, match["t"].lower()


def same(session: Session) -> Session:
    """Change nothing."""
    return session


def reworded(session: Session) -> Session:
    """Tell every second fact in the words of the relation's paraphrase, which no question has."""
    return with_texts(session, _reword)


def misspelt(session: Session) -> Session:
    """Swap two letters of a name in every tenth fact."""
    return with_texts(session, _misspell)


def with_texts(session: Session, change: Callable[[Event, Random], str]) -> Session:
    """Change the texts of the events."""
    random = Random(0)
    events = tuple(replace(event, text=change(event, random)) for event in session.events)
    return replace(session, events=events)


def _reword(event: Event, random: Random) -> str:
    from memeval.suites.own.semantic.solver import _reading

    for relation in RELATIONS:
        for told in relation.told:
            match = _reading(told).fullmatch(event.text)
            if match and random.random() < 0.5:
                return f"{relation.paraphrase.format(h=match['h'])} {match['t']}."
    return event.text


def _misspell(event: Event, random: Random) -> str:
    words = event.text.split()
    names = [i for i, word in enumerate(words) if word[0].isupper() and len(word) > 5]
    is_fact = any(pattern.fullmatch(event.text) for pattern, _ in TOLD)
    if not is_fact or not names or random.random() >= 0.1:
        return event.text
    place = random.choice(names)
    at = random.randint(1, len(words[place]) - 4)
    word = words[place]
    words[place] = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return " ".join(words)


def timed(work: Callable[[], Any]) -> float:
    """Return the processor seconds that some work takes: other programs' work is not counted."""
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    main()
