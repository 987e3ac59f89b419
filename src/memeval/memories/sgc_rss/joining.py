"""Joining phrasings that tell one relation: their slots agree, and the one predicts the other."""

from itertools import combinations

from memeval.memories.sgc_rss.changing import Changes
from memeval.memories.sgc_rss.linker import Linker
from memeval.memories.sgc_rss.params import SchemaParams
from memeval.memories.sgc_rss.question import Cue
from memeval.memories.sgc_rss.relations import Key, Phrasing, Relations

Pair = tuple[Key, Key]
AGREEMENT_NATS = 10.0
"""What full agreement of slots is worth beside the gain; phrasings of one relation agree by 0.4."""


def join_phrasings(
    relations: Relations, linker: Linker, params: SchemaParams, changes: Changes
) -> int:
    """Join what says the same; return how many joins were made.

    "_ works for _" and "_ has a job with _" take people and companies, and either makes the other
    less of a surprise. Two relations are joined if each is the other's best match. A relation of
    several phrasings grows only where all of them match: the author and the translator of a book
    are told alike. `changes` say which are told apart. Where there are vectors, the model is asked
    of those alone whose words are somewhat alike: in prose few are.
    """
    pairs = [pair for pair in comparable(relations, params) if not changes.are_apart(*pair)]
    alike = zip(pairs, linker.alike(pairs), strict=True)
    pairs = [pair for pair, cosine in alike if cosine >= params.alike]
    linker.read_gains([gain for pair in pairs for gain in _gains(relations, *pair)])
    scores = {pair: score(relations, linker, *pair) for pair in pairs}
    joined = 0
    while pair := _best_match(relations, scores, params):
        relations.join(*sorted(pair, key=lambda root: (-relations.support(root), root)))
        joined += 1
    return joined


def _best_match(
    relations: Relations, scores: dict[Pair, float], params: SchemaParams
) -> Pair | None:
    """Return the two relations that match best among those that are each other's best match."""
    links = _linkage(relations, scores)
    best: dict[Key, float] = {}
    for pair, link in links.items():
        for root in pair:
            best[root] = max(best.get(root, link), link)
    found = [
        (link, pair)
        for pair, link in links.items()
        if all(link == best[root] for root in pair) and link >= _needed(relations, pair, params)
    ]
    return max(found)[1] if found else None


def _needed(relations: Relations, pair: Pair, params: SchemaParams) -> float:
    is_first = all(len(relations.members(root)) == 1 for root in pair)
    return params.join_score if is_first else params.grow_score


def _linkage(relations: Relations, scores: dict[Pair, float]) -> dict[Pair, float]:
    """Return the lowest score between the phrasings of every two relations (complete linkage)."""
    links: dict[Pair, float] = {}
    for (a, b), value in scores.items():
        one, other = sorted((relations.root(a), relations.root(b)))
        if one != other:
            links[one, other] = min(links.get((one, other), value), value)
    return links


def comparable(relations: Relations, params: SchemaParams) -> list[Pair]:
    """Return the pairs of phrasings whose slots agree, each phrasing with its few best partners.

    Only those told most often are compared, and only with one that was told often enough to make a
    schema: prose and episodes have hundreds that are told once, whose slots hold one name each.
    """
    told = sorted(relations.phrasings.values(), key=lambda one: (-one.count, one.key))
    phrasings = sorted(told[: params.compared], key=lambda one: one.key)
    agreeing: dict[Key, list[tuple[float, Pair]]] = {p.key: [] for p in phrasings}
    for a, b in combinations(phrasings, 2):
        if max(a.count, b.count) < params.min_support:
            continue
        agreement = slot_agreement(relations, a, b)
        if agreement >= params.slot_agreement:
            pair = (a.key, b.key)
            agreeing[a.key].append((agreement, pair))
            agreeing[b.key].append((agreement, pair))
    best = (sorted(found, reverse=True)[: params.partners] for found in agreeing.values())
    return sorted({pair for found in best for _, pair in found})


def slot_agreement(relations: Relations, a: Phrasing, b: Phrasing) -> float:
    """Return the cosine of the less alike of the two slots."""
    (heads, tails), (other_heads, other_tails) = relations.slots(a), relations.slots(b)
    return min(float(heads @ other_heads), float(tails @ other_tails))


def score(relations: Relations, linker: Linker, a: Key, b: Key) -> float:
    """Return how well two phrasings match: mean gain both ways in nats, and slot agreement."""
    one, other = relations.phrasings[a], relations.phrasings[b]
    there, back = (linker.gain_nats(*gain) for gain in _gains(relations, a, b))
    return (there + back) / 2 + AGREEMENT_NATS * slot_agreement(relations, one, other)


def _gains(relations: Relations, a: Key, b: Key) -> tuple[tuple[Phrasing, Cue], ...]:
    """Return either phrasing with the words of the other."""
    return (
        (relations.phrasings[a], Cue(b[1], b[0])),
        (relations.phrasings[b], Cue(a[1], a[0])),
    )
