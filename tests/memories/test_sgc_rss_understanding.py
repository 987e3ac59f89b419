"""Questions that are compared with chains of facts as wholes, on the scripted encoder."""

import pytest

from memeval.encoders.scripted import ScriptedEncoder
from memeval.memories.loading import load_memory
from memeval.memories.sgc_rss import SgcRss
from memeval.memories.sgc_rss.changing import Changes
from memeval.memories.sgc_rss.facts import Fact
from memeval.memories.sgc_rss.graph import Graph
from memeval.memories.sgc_rss.params import PprParams
from memeval.memories.sgc_rss.question import mentions
from memeval.memories.sgc_rss.relations import Relations
from memeval.memories.sgc_rss.restating import Told, restated
from memeval.memories.sgc_rss.type_space import TypeSpace
from memeval.memories.sgc_rss.walking import walks
from memeval.models.scripted import ScriptedModel
from memeval.types import Event, Query, Recall

SPACE = TypeSpace(ScriptedModel())
PEOPLE = ("Ada Moor", "Otto Brand", "Ivo Lind", "Nora Vance")


def taught(*texts: str, **params: object) -> SgcRss:
    """Teach one event a text and replay."""
    alone = {"schema.join": False, "recall.passages": 0}
    store = load_memory(
        "sgc_rss", model=ScriptedModel(), encoder=ScriptedEncoder(), **alone | params
    )
    assert isinstance(store, SgcRss)
    store.observe([Event(f"e{i}", text, i) for i, text in enumerate(texts)])
    store.replay()
    return store


def of_authors(**params: object) -> SgcRss:
    """Tell who wrote what, where they were born, and of which country the towns are."""
    books = ("Red Sand", "Blue Hour", "Long Road", "Owl Song")
    towns = ("Heron Falls", "Owl Village", "Ghent Bay", "Mango Port")
    lands = ("Arland", "Borland", "Corland", "Dorland")
    return taught(
        *(f"The author of {a} is {b}." for a, b in zip(books, PEOPLE, strict=True)),
        *(f"{a} was born in the city of {b}." for a, b in zip(PEOPLE, towns, strict=True)),
        *(f"{a} lies in the country of {b}." for a, b in zip(towns, lands, strict=True)),
        **params,
    )


def ask(store: SgcRss, text: str) -> Recall:
    [recall] = store.recall([Query("q", text, 10**6)])
    return recall


@pytest.mark.parametrize(
    ("question", "end"),
    [
        ("In which city was the author of Owl Song born?", "Mango Port."),
        ("Which city is it that the author of “Owl Song” was born in?", "Mango Port."),
        ("In which country lies the city in which the author of Owl Song was born?", "Dorland."),
        ("Who was born in the city of Mango Port?", "Nora Vance"),
    ],
)
def test_a_question_is_answered_however_it_nests(question: str, end: str) -> None:
    """By "of", by relative clauses, or about what facts are told of others."""
    assert end in ask(of_authors(), question).traces[0].text


def test_a_fact_is_followed_back_only_where_that_is_allowed() -> None:
    """Of a town that is told of others alone nothing is found otherwise."""
    question = "Who was born in the city of Mango Port?"
    told = ask(of_authors(**{"ppr.back": False}), question).traces
    assert not any("Nora Vance" in trace.text for trace in told)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("inferred", "{q} Mango Port."),
        ("both", "The author of Owl Song is Nora Vance. {born} {q} Mango Port."),
        ("chain", "The author of Owl Song is Nora Vance. {born}"),
    ],
)
def test_an_answer_is_told_in_the_words_of_the_question(asked: str, told: str) -> None:
    """Last, behind the facts or instead of them."""
    question = "In which city was the author of Owl Song born?"
    born = "Nora Vance was born in the city of Mango Port."
    [first, *_] = ask(of_authors(**{"recall.asked": asked}), question).traces
    assert first.text == told.format(q=question, born=born)


@pytest.mark.parametrize(
    "question",
    ["Who is the author of Owl Song?", "Who is it that is called the author of Owl Song?"],
)
def test_what_one_fact_says_is_told_beside_it(question: str) -> None:
    """In told words or in others: a small reader heeds what it was asked more than the fact."""
    [first, *_] = ask(of_authors(), question).traces
    assert first.text == f"The author of Owl Song is Nora Vance. {question} Nora Vance."


def test_what_is_unlike_any_chain_leads_nowhere() -> None:
    """A question about something else is no question for what happens to be known."""
    store = of_authors(**{"recall.alike": 0.9})
    assert ask(store, "Does Nora Vance like walnuts with honey?") == Recall()


def test_a_wording_competes_as_one_wherever_it_leads() -> None:
    """Two people of one town do not halve how likely it is that people are asked for."""
    one = of_authors()
    question = "Who was born in the city of Mango Port?"
    alone = ask(one, question).traces[0].score
    one.observe([Event("more", "Ann Lee was born in the city of Mango Port.", 99)])
    assert ask(one, question).traces[0].score == pytest.approx(alone)


def graph_of(*facts: tuple[str, str, str]) -> Graph:
    """Make a graph of facts, one a tick of time."""
    graph = Graph(Relations(), 1000)
    for i, (head, phrase, tail) in enumerate(facts):
        fact = Fact(head, phrase, tail, "verb", "schema", 0.9)
        graph.relations.learn(fact, "", SPACE.vector(head), SPACE.vector(tail))
        graph.insert(fact, (head, tail), f"{head} {phrase} {tail}.", f"e{i}", i)
    return graph


def ends(graph: Graph, start: str, **params: object) -> list[str]:
    """Return the ways from an entity, as the entities they come by."""
    found = walks(graph, start, PprParams.model_validate(params))
    return ["".join(step.end for step in walk) for walk in found]


def test_walks_go_on_as_far_as_allowed_and_come_by_nothing_twice() -> None:
    """From a: b, then c and d; c leads back to a, where a walk has been."""
    graph = graph_of(("a", "p", "b"), ("b", "q", "c"), ("b", "r", "d"), ("c", "s", "a"))
    assert ends(graph, "a", back=False) == ["b", "bc", "bd"]
    assert ends(graph, "a", back=False, hops=1) == ["b"]
    assert ends(graph, "a", back=False, walks=2) == ["b", "bc"]
    assert ends(graph, "a", back=False, enabled=False) == ["b"]


def test_only_the_first_step_goes_back() -> None:
    """c tells of a, so that a leads to c; what leads to c is not asked for."""
    graph = graph_of(("c", "s", "a"), ("c", "t", "e"), ("x", "t", "c"))
    assert ends(graph, "a") == ["c", "ce"]


def test_what_no_longer_holds_is_followed_neither_way() -> None:
    """c moved from a to b."""
    graph = graph_of(("c", "s", "a"), ("c", "s", "b"))
    assert ends(graph, "a") == []
    assert ends(graph, "b") == ["c"]


@pytest.mark.parametrize(
    ("key", "there", "back"),
    [
        (("verb", "works for"), "it works for", "works for it"),
        (("noun", "author"), "The author of it is", "it is the author of"),
        (
            ("clause", "company that _ founded is"),
            "The company that it founded is",
            "it is the company that founded",
        ),
    ],
)
def test_a_relation_in_words_without_names(key: tuple, there: str, back: str) -> None:  # type: ignore[type-arg]
    """Told of its head, and of its tail."""
    assert restated((Told(key),)) == there
    assert restated((Told(key, is_back=True),)) == back


def test_a_question_about_it_has_no_quotes_around_it() -> None:
    """A title in quotes is named by its words."""
    [mention] = mentions('Who wrote "Owl Song"?', of_authors()._entities)
    assert (mention.entity, mention.question) == ("owl song", "Who wrote it?")


def test_wordings_that_take_turns_are_not_apart() -> None:
    """Three people moved, told now in one wording and now in the other."""
    moves = [(f"h{i}", phrase, f"{phrase}{i}") for i in range(3) for phrase in ("p", "q")]
    moves += [(f"h{i}", "p", f"again{i}") for i in range(3)]
    assert not Changes(graph_of(*moves)).are_apart(("verb", "p"), ("verb", "q"))


def test_wordings_that_never_cross_are_apart() -> None:
    """Three people moved, each twice in one wording; of others the other is told."""
    moves = [(f"h{i}", "p", f"t{j}{i}") for i in range(3) for j in range(2)]
    graph = graph_of(*moves, *((f"g{i}", "q", f"t{i}") for i in range(3)))
    assert Changes(graph).are_apart(("verb", "p"), ("verb", "q"))
    assert not Changes(graph_of(*moves[:4])).are_apart(("verb", "p"), ("verb", "q"))  # too few
