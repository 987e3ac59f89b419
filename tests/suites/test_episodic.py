"""The episodic suite: its shares, its determinism, and that nothing gives an answer away."""

import re
from collections import Counter
from functools import cache

import pytest

from memeval.memories.loading import load_memory
from memeval.models.scripted import ScriptedModel
from memeval.suites.own import words
from memeval.suites.own.episodic.prompt import EPISODIC
from memeval.suites.own.episodic.stream import EVENTS_PER_ITEM, generate
from memeval.types import Event, Item, Session
from memeval.words import UNKNOWN

SIZES = (50, 200, 1000)
DEALT = {  # the lists that facts are dealt from
    "female names": words.FEMALE_NAMES,
    "male names": words.MALE_NAMES,
    "surnames": words.SURNAMES,
    "adjectives": words.ADJECTIVES,
    "nouns": words.NOUNS,
    "said nouns": [said for said, _ in words.SYNONYM_NOUNS],
    "cued nouns": [cued for _, cued in words.SYNONYM_NOUNS],
    "verbs": [form for verb in words.VERBS for form in sorted(set(verb))],
    "place names": words.PLACE_NAMES,
    "place kinds": words.PLACE_KINDS,
    "months": words.MONTHS,
}
CHATTER = (words.CHATTER_TIMES, words.CHATTER_STATES, words.CHATTER_TAILS)
FUNCTION_WORDS = frozenset("a as at in it not nothing on the there to was do".split())


@cache
def session_of(size: int, seed: int = 1337) -> Session:
    return generate(size=size, seed=seed)


def words_of(text: str) -> set[str]:
    return set(re.findall(r"[a-z]+", text.lower()))


def items_of(ability: str, size: int = 200) -> list[Item]:
    return [item for item in session_of(size).items if item.slice == ability]


def events_of(ids: tuple[str, ...], size: int = 200) -> list[Event]:
    by_id = {event.id: event for event in session_of(size).events}
    return [by_id[id_] for id_ in ids]


@pytest.mark.parametrize("size", [1, 7, *SIZES])
def test_three_events_an_item(size: int) -> None:
    """The stream holds three events for every item, at any size."""
    assert len(session_of(size).events) == 3 * size == EVENTS_PER_ITEM * size


@pytest.mark.parametrize("name", DEALT)
def test_examples_share_no_word_with_a_list(name: str) -> None:
    """No word of the prompt's examples is dealt to a fact, so no answer can be copied from them."""
    dealt = {word.lower() for word in DEALT[name]}
    assert words_of(EPISODIC.prefix) & dealt == set()


def test_examples_share_only_function_words_with_chatter() -> None:
    """The prompt's examples are not about what chatter is about."""
    chatter = {word for phrases in CHATTER for phrase in phrases for word in words_of(phrase)}
    assert words_of(EPISODIC.prefix) & chatter <= FUNCTION_WORDS


def test_chatter_shares_no_word_with_a_list() -> None:
    """No word that facts are made of stands in chatter."""
    chatter = {word for phrases in CHATTER for phrase in phrases for word in words_of(phrase)}
    dealt = {word.lower() for dealt in DEALT.values() for word in dealt}
    assert chatter & dealt == set()


@pytest.mark.parametrize("name", DEALT)
def test_no_word_stands_twice_in_a_list(name: str) -> None:
    """Every word of a list stands there once."""
    counts = Counter(word.lower() for word in DEALT[name])
    assert [word for word, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("name", DEALT)
def test_no_word_stands_in_two_lists(name: str) -> None:
    """No word of one list stands in another, so that a word tells its slot."""
    others = {word.lower() for other in DEALT if other != name for word in DEALT[other]}
    assert {word.lower() for word in DEALT[name]} & others == set()


@pytest.mark.parametrize("size", SIZES)
def test_no_fact_is_told_twice(size: int) -> None:
    """No two events that are worth remembering, confusers among them, have the same text."""
    session = session_of(size)
    assert session.worth is not None
    texts = Counter(event.text for event in session.events if event.id in session.worth)
    assert [text for text, count in texts.items() if count > 1] == []


def test_confusers_carry_another_answer() -> None:
    """Outside its gold events, no event of the stream holds an item's answer, except a date."""
    session = session_of(200)
    for item in session.items:
        [answer] = item.answers
        if item.answerable and not answer[0].isdigit():
            holding = {event.id for event in session.events if answer in event.text}
            assert holding <= set(item.gold_events), answer


def test_unknown_items_have_no_gold() -> None:
    """What never happened rests on no event, is answered "unknown", and still has a passage."""
    items = items_of("unknown")
    assert len(items) == 20  # 10 % of 200
    assert all(item.gold_events == () and item.answers == (UNKNOWN,) for item in items)
    assert all(len(item.passage) == 6 for item in items)


def test_only_unknown_items_are_unanswerable() -> None:
    """Every item of the other six slices has an answer in the stream."""
    session = session_of(200)
    assert {item.slice for item in session.items if not item.answerable} == {"unknown"}


def test_an_update_follows_what_it_corrects() -> None:
    """The gold event of an update is later than what it corrects, in its own passage."""
    for item in items_of("update"):
        [gold] = events_of(item.gold_events)
        thing = re.search(r"\ban? ([a-z]+ [a-z]+)", gold.text)
        assert thing is not None, gold.text
        before = [e for e in events_of(item.passage) if thing[1] in e.text and e.time < gold.time]
        assert len(before) == 1, gold.text
        assert not any(answer in before[0].text for answer in item.answers)


@pytest.mark.parametrize("seed", [7, 11, 13])
def test_nothing_but_time_tells_a_correction_from_what_it_corrects(seed: int) -> None:
    """Retrieval by words finds the correction first about as often as what it corrects."""
    session = session_of(1000, seed)
    memory = load_memory("bm25", model=ScriptedModel(), k=2)
    memory.observe(session.events)
    items = [item for item in session.items if item.slice == "update"]
    recalls = memory.recall([item.query for item in items])
    pairs = zip(items, recalls, strict=True)
    hits = [recall.traces[0].events == item.gold_events for item, recall in pairs]
    # 150 items: the standard error is 0.04, and ties go to the earlier event
    assert 0.35 <= sum(hits) / len(hits) <= 0.65


def test_a_paraphrase_shares_no_content_word() -> None:
    """A paraphrased question has no word of its event but the words that any question has."""
    asking = set("who where was the on what date".split())
    for item in items_of("paraphrase"):
        [gold] = events_of(item.gold_events)
        assert words_of(item.query.text) & words_of(gold.text) <= asking


def test_a_typo_makes_a_name_that_stands_nowhere() -> None:
    """One word of a noisy question is in no event of its passage, and is no name of a list."""
    names = {*words.FEMALE_NAMES, *words.MALE_NAMES, *words.SURNAMES}
    for item in items_of("noisy"):
        told = {word for e in events_of(item.passage) for word in re.findall(r"\w+", e.text)}
        capitals = re.findall(r"\b[A-Z]\w+", item.query.text)[1:]  # the first is "Where" or "On"
        unheard = [word for word in capitals if word not in told]
        assert len(unheard) == 1, item.query.text
        assert unheard[0] not in names


def test_bound_sentences_follow_one_another() -> None:
    """Cue and answer stand in two sentences, one right after the other, answer second."""
    for item in items_of("bound"):
        first, second = events_of(item.gold_events)
        [answer] = item.answers
        assert second.time == first.time + 1
        assert answer in second.text
        assert answer not in first.text
        assert re.match(r"(There|Then) s?he ", second.text)


def test_partial_questions_give_one_slot() -> None:
    """A partial cue names one two-word slot of its event and no more."""
    asking = set("where was who had to do with the seen at on what date someone".split())
    for item in items_of("partial"):
        assert len(words_of(item.query.text) - asking) == 2, item.query.text
