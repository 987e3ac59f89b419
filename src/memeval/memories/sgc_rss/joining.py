"""Joining phrasings that tell one relation: their slots agree, and the one predicts the other."""

from itertools import combinations

from memeval.memories.sgc_rss.linker import Linker
from memeval.memories.sgc_rss.params import SchemaParams
from memeval.memories.sgc_rss.question import Cue
from memeval.memories.sgc_rss.relations import Key, Phrasing, Relations
from memeval.memories.sgc_rss.type_space import unit

Pair = tuple[Key, Key]


def join_phrasings(relations: Relations, linker: Linker, params: SchemaParams) -> int:
    """Join what says the same, by average linkage; return how many joins were made.

    "_ works for _" and "_ has a job with _" take people and companies, and either makes the other less
    of a surprise. Relations are joined while the mean gain between their phrasings is at least
    `join_nats`, the likeliest first.
    """
    gains = {
        pair: _gain(relations, linker, *pair) for pair in comparable(relations, params)
    }
    joined = 0
    while True:
        best, pair = max(
            ((_linkage(relations, gains, *p), p) for p in _touching(relations, gains)),
            default=(float("-inf"), None),
        )
        if pair is None or best < params.join_nats:
            return joined
        relations.join(*sorted(pair, key=lambda root: (-relations.support(root), root)))
        joined += 1


def comparable(relations: Relations, params: SchemaParams) -> list[Pair]:
    """Return the pairs of phrasings whose slots agree, each phrasing with its few best partners."""
    phrasings = [relations.phrasings[key] for key in sorted(relations.phrasings)]
    agreeing: dict[Key, list[tuple[float, Pair]]] = {p.key: [] for p in phrasings}
    for a, b in combinations(phrasings, 2):
        agreement = slot_agreement(a, b)
        if agreement >= params.slot_agreement:
            pair = (a.key, b.key)
            agreeing[a.key].append((agreement, pair))
            agreeing[b.key].append((agreement, pair))
    best = (sorted(found, reverse=True)[: params.partners] for found in agreeing.values())
    return sorted({pair for found in best for _, pair in found})


def slot_agreement(a: Phrasing, b: Phrasing) -> float:
    """Return the cosine of the less alike of the two slots."""
    heads = float(unit(a.heads) @ unit(b.heads))
    tails = float(unit(a.tails) @ unit(b.tails))
    return min(heads, tails)


def _gain(relations: Relations, linker: Linker, a: Key, b: Key) -> float:
    one, other = relations.phrasings[a], relations.phrasings[b]
    there = linker.gain_nats(one, Cue(b[1], b[0]))
    back = linker.gain_nats(other, Cue(a[1], a[0]))
    return (there + back) / 2


def _touching(relations: Relations, gains: dict[Pair, float]) -> set[Pair]:
    """Return the pairs of relations that have phrasings to compare."""
    roots = (sorted((relations.root(a), relations.root(b))) for a, b in gains)
    return {(a, b) for a, b in roots if a != b}


def _linkage(relations: Relations, gains: dict[Pair, float], a: Key, b: Key) -> float:
    """Return the mean gain between the phrasings of two relations."""
    between = [
        gain
        for (one, other), gain in gains.items()
        if {relations.root(one), relations.root(other)} == {a, b}
    ]
    return sum(between) / len(between)
