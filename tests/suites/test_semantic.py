"""The semantic suite: its shares, its chains, and that nothing gives an answer away."""

import re
from collections import Counter
from functools import cache
from itertools import pairwise
from random import Random

import pytest

from memeval.memories.loading import load_memory
from memeval.models.scripted import ScriptedModel
from memeval.suites.own import words as shared
from memeval.suites.own.semantic import words
from memeval.suites.own.semantic.oddities import ODDITIES
from memeval.suites.own.semantic.prompt import SEMANTIC
from memeval.suites.own.semantic.relations import RELATIONS, Relation, chains
from memeval.suites.own.semantic.solver import TOLD, solve
from memeval.suites.own.semantic.stream import EVENTS_PER_ITEM, generate
from memeval.suites.own.semantic.world import NAMES, World
from memeval.types import Event, Item, Session
from memeval.words import UNKNOWN

SIZES = (50, 200, 1000)
DEALT = {  # the lists that names are dealt from
    "female names": shared.FEMALE_NAMES,
    "male names": shared.MALE_NAMES,
    "surnames": shared.SURNAMES,
    "place names": shared.PLACE_NAMES,
    **{name: value for name, value in vars(words).items() if name.isupper()},
}
CHATTER = (shared.CHATTER_TIMES, shared.CHATTER_STATES, shared.CHATTER_TAILS)
NAME = re.compile(r"(?!(?:At|In|On|The) )[A-Z]\w+ [A-Z]\w+")
FUNCTION_WORDS = frozenset(
    "a an as at best by did do does for from goes in into is it its not of on so".split()
)
FUNCTION_WORDS |= frozenset("nothing the then there to was what where which who whom with".split())


@cache
def session_of(size: int, seed: int = 1337) -> Session:
    return generate(size=size, seed=seed)


def words_of(text: str) -> set[str]:
    return set(re.findall(r"[a-z]+", text.lower()))


def names_in(text: str) -> list[str]:
    """Return the two-word names of a text; the word that opens it may be capitalised too."""
    return NAME.findall(text)


def items_of(ability: str, size: int = 200) -> list[Item]:
    return [item for item in session_of(size).items if item.slice == ability]


def events_of(ids: tuple[str, ...], size: int = 200) -> list[Event]:
    by_id = {event.id: event for event in session_of(size).events}
    return [by_id[id_] for id_ in ids]


def facts_of(session: Session) -> list[Event]:
    assert session.worth is not None
    return [event for event in session.events if event.id in session.worth]


@pytest.mark.parametrize("size", [*range(1, 12), *SIZES])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_three_events_an_item(size: int, seed: int) -> None:
    """The stream holds three events for every item, at any size, however long its chains."""
    assert len(generate(size=size, seed=seed).events) == 3 * size == EVENTS_PER_ITEM * size


@pytest.mark.parametrize("name", DEALT)
def test_examples_share_no_word_with_a_list(name: str) -> None:
    """No word of the prompt's examples is dealt to a name, so no answer can be copied from them."""
    assert words_of(SEMANTIC.prefix) & {word.lower() for word in DEALT[name]} == set()


def test_examples_share_only_function_words_with_chatter() -> None:
    """The prompt's examples are not about what chatter is about."""
    chatter = {word for phrases in CHATTER for phrase in phrases for word in words_of(phrase)}
    assert words_of(SEMANTIC.prefix) & chatter <= FUNCTION_WORDS | {"home"}


@pytest.mark.parametrize("name", DEALT)
def test_no_word_stands_in_two_lists(name: str) -> None:
    """No word stands twice in a list, in another, or in chatter, so that a word tells its slot."""
    counts = Counter(word.lower() for other in DEALT.values() for word in other)
    chatter = {word for phrases in CHATTER for phrase in phrases for word in words_of(phrase)}
    mine = [word.lower() for word in DEALT[name]]
    assert [word for word in mine if counts[word] > 1 or word in chatter] == []


@pytest.mark.parametrize("size", SIZES)
def test_no_fact_is_told_twice(size: int) -> None:
    """No two events that are worth remembering, confusers among them, have the same text."""
    texts = Counter(event.text for event in facts_of(session_of(size)))
    assert [text for text, count in texts.items() if count > 1] == []


@pytest.mark.parametrize("size", SIZES)
def test_every_fact_is_read_in_one_way(size: int) -> None:
    """The text of a fact fits one phrasing, so that it says one thing."""
    for event in facts_of(session_of(size)):
        assert sum(bool(pattern.fullmatch(event.text)) for pattern, _ in TOLD) == 1, event.text


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_confusers_carry_another_answer(seed: int) -> None:
    """Outside its gold events, nothing in an item's passage holds its answer."""
    session = session_of(200, seed)
    by_id = {event.id: event for event in session.events}
    for item in session.items:
        others = [by_id[id_].text for id_ in item.passage if id_ not in item.gold_events]
        assert not any(item.answers[0] in text for text in others), item


def test_a_passage_holds_six_events() -> None:
    """Every passage has six events, gold and confusers among them."""
    assert {len(item.passage) for item in session_of(200).items} == {6}


@pytest.mark.parametrize(("ability", "length"), [("hop1", 1), ("hop2", 2), ("hop3", 3)])
def test_a_chain_leads_from_the_question_to_the_answer(ability: str, length: int) -> None:
    """Each gold event shares a name with the next one listed, and the last holds the answer."""
    for item in items_of(ability):
        gold = events_of(item.gold_events)
        path = [set(names_in(event.text)) for event in gold]
        assert len(gold) == length
        assert path[0] & set(names_in(item.query.text))
        assert all(a & b for a, b in pairwise(path))
        assert [item.answers[0] in event.text for event in gold] == [False] * (length - 1) + [True]


@pytest.mark.parametrize(("ability", "share"), [("hop2", 1 / 2), ("hop3", 1 / 6)])
def test_the_facts_of_a_chain_come_in_any_order(ability: str, share: float) -> None:
    """A chain stands in the stream in its own order as often as chance has it."""
    items = items_of(ability, 1000)
    times = [[event.time for event in events_of(item.gold_events, 1000)] for item in items]
    # 200 and 150 items: standard errors of 0.035 and 0.03; three of them either way
    assert sum(t == sorted(t) for t in times) / len(times) == pytest.approx(share, abs=0.1)


def test_a_chain_names_only_its_first_head() -> None:
    """A question of two or three facts names one entity, so the others must be found."""
    for item in items_of("hop2") + items_of("hop3"):
        assert len(names_in(item.query.text)) == 1, item.query.text


def test_facts_serve_more_than_one_question() -> None:
    """Some facts are gold of several items, so that the graph hangs together."""
    counts = Counter(id_ for item in session_of(200).items for id_ in item.gold_events)
    assert 0.03 <= sum(count > 1 for count in counts.values()) / len(counts) <= 0.3


def test_the_graph_has_hubs() -> None:
    """Some entity is named by ten facts or more, while the common one is named once or twice."""
    counts = Counter(name for event in facts_of(session_of(1000)) for name in names_in(event.text))
    assert max(counts.values()) >= 10
    assert sorted(counts.values())[len(counts) // 2] <= 2


def test_a_contradiction_follows_what_it_replaces() -> None:
    """The gold event is later than the one it replaces, which stands in the same passage."""
    for item in items_of("contradiction"):
        [new] = events_of(item.gold_events)
        [(relation, head)] = read(new)
        told = [event for event in events_of(item.passage) if (relation, head) in read(event)]
        assert [event.time < new.time for event in told] == [True, False]
        assert item.answers[0] not in told[0].text


def read(event: Event) -> list[tuple[str, str]]:
    """Return relation and head of an event's fact."""
    matches = [(pattern.fullmatch(event.text), relation) for pattern, relation in TOLD]
    return [(relation, match["h"]) for match, relation in matches if match]


def test_only_a_contradiction_tells_a_relation_twice() -> None:
    """Of a head, every relation is told once, except where a later fact replaces it."""
    session = session_of(200)
    counts = Counter(key for event in facts_of(session) for key in read(event))
    assert set(counts.values()) == {1, 2}
    assert sum(count == 2 for count in counts.values()) == len(items_of("contradiction"))


@pytest.mark.parametrize("seed", [7, 11, 13])
def test_nothing_but_time_tells_a_contradiction_from_what_it_replaces(seed: int) -> None:
    """Retrieval by words finds the later fact first about as often as the earlier."""
    session = session_of(1000, seed)
    memory = load_memory("bm25", model=ScriptedModel(), k=2)
    memory.observe(session.events)
    items = [item for item in session.items if item.slice == "contradiction"]
    recalls = memory.recall([item.query for item in items])
    pairs = zip(items, recalls, strict=True)
    hits = [recall.traces[0].events == item.gold_events for item, recall in pairs]
    # 150 items: the standard error is 0.04, and ties go to the earlier event
    assert 0.35 <= sum(hits) / len(hits) <= 0.65


def test_a_paraphrase_shares_no_content_word() -> None:
    """A paraphrased question has no word of its event but the head's name and function words."""
    for item in items_of("paraphrase", 1000):
        [gold] = events_of(item.gold_events, 1000)
        [(_, head)] = read(gold)
        common = words_of(item.query.text) & words_of(gold.text)
        assert common - words_of(head) <= FUNCTION_WORDS, item.query.text


def test_a_paraphrase_has_a_confuser_of_its_head() -> None:
    """The passage tells another relation of the same head, so that its name alone misleads."""
    for item in items_of("paraphrase"):
        [gold] = events_of(item.gold_events)
        [(relation, head)] = read(gold)
        told = [key for event in events_of(item.passage) for key in read(event)]
        assert any(other != relation and name == head for other, name in told)


def test_mismatches_are_told_in_rare_sentences() -> None:
    """Every sentence of a mismatch is told a few times at most, those of relations often."""
    session = session_of(1000)
    told = Counter(NAME.sub("_", event.text) for event in facts_of(session))
    gold = [event for i in items_of("mismatch", 1000) for event in events_of(i.gold_events, 1000)]
    odd = {NAME.sub("_", event.text) for event in gold}
    assert len(odd) == len(ODDITIES) >= 24
    assert max(told[skeleton] for skeleton in odd) <= 3  # 100 items of 40 sentences
    assert min(count for skeleton, count in told.items() if skeleton not in odd) >= 10


def test_unknown_items_have_no_gold() -> None:
    """What was never told rests on no event and is answered "unknown"."""
    items = items_of("unknown")
    assert len(items) == 20  # 10 % of 200
    assert all(item.gold_events == () and item.answers == (UNKNOWN,) for item in items)
    assert {item.slice for item in session_of(200).items if not item.answerable} == {"unknown"}


def test_something_else_is_told_of_an_unknown_head() -> None:
    """The head of an unknown fact is named in the passage, so that its name is no sign."""
    for item in items_of("unknown"):
        [head] = names_in(item.query.text)
        assert any(head in event.text for event in events_of(item.passage))


def test_relations_lie_in_four_domains() -> None:
    """There are sixteen relations or more, at least three of each domain."""
    counts = Counter(relation.domain for relation in RELATIONS)
    assert len(counts) == 4
    assert min(counts.values()) >= 3
    assert counts.total() >= 16


@pytest.mark.parametrize("relation", RELATIONS, ids=lambda relation: relation.noun)
def test_relations_are_told_in_two_ways_that_end_with_the_tail(relation: Relation) -> None:
    """So that a question is the statement without its end."""
    assert len(set(relation.told)) == 2
    assert all(told.startswith("{h} ") and told.endswith(" {t}.") for told in relation.told)
    assert "{t}" not in relation.paraphrase


@pytest.mark.parametrize("length", [2, 3])
def test_chains_fit_together(length: int) -> None:
    """Each relation of a chain starts at the kind of entity that the one before leads to."""
    for chain in chains(length):
        assert len(set(chain)) == len(chain) == length
        assert all(a.tail == b.head for a, b in pairwise(chain))


FACTS = {
    ("employer", "Ann Bee"): "Acme Glue",
    ("founder", "Acme Glue"): "Cy Dee",
    ("home", "Cy Dee"): "Old York",
}


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Acme Glue was founded by", "Cy Dee"),
        ("Acme Glue was started by", "Cy Dee"),
        ("The employer of Ann Bee was set up by", "Cy Dee"),
        ("The founder of the employer of Ann Bee lives in", "Old York"),
        ("Ann Bee lives in", UNKNOWN),
        ("The founder of the employer of Cy Dee lives in", UNKNOWN),
    ],
)
def test_the_solver_follows_chains(question: str, answer: str) -> None:
    """A question is answered from the inside out, and a missing link leaves it unknown."""
    assert solve(FACTS, question) == {answer}


def test_the_solver_knows_no_other_question() -> None:
    """A question of no known form has no answer at all, which is a fault."""
    assert solve(FACTS, "How old is Ann Bee?") == set()


@pytest.mark.parametrize("kind", NAMES)
def test_similar_names_share_one_half(kind: str) -> None:
    """A confuser's head has one word of the name it is mistaken for, and another beside it."""
    world = World(Random(0), 50)
    name = world.fresh(kind)
    like = world.like(kind, name)
    assert sum(a == b for a, b in zip(name.split(), like.split(), strict=True)) == 1


def test_similar_names_fall_back_on_the_other_half() -> None:
    """When no name is left that shares the telling half, one that shares the other is given."""
    world = World(Random(0), 50)
    name = world.fresh("lake")
    left = [world.like("lake", name) for _ in words.LAKE_KINDS[1:]]
    assert {like.split()[0] for like in left} == {name.split()[0]}
    assert world.like("lake", name).split()[1] == name.split()[1]


@pytest.mark.parametrize("size", SIZES)
def test_no_entity_answers_too_often(size: int) -> None:
    """An entity answers at most three items, and one more for every hundred."""
    counts = Counter(item.answers[0] for item in session_of(size).items if item.answerable)
    assert max(counts.values()) <= 3 + size // 100
