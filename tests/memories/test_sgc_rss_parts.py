"""Parts of SGC-RSS: sentences, extractors, names, gate, questions, PageRank, search, joining."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from memeval.encoders.scripted import ScriptedEncoder
from memeval.memories.sgc_rss import joining
from memeval.memories.sgc_rss.changing import Changes
from memeval.memories.sgc_rss.consolidation import find_set_valued
from memeval.memories.sgc_rss.entities import Entities, deletions, entity_key, one_edit
from memeval.memories.sgc_rss.facts import Fact
from memeval.memories.sgc_rss.gate import Evidence, judge, score
from memeval.memories.sgc_rss.graph import Graph
from memeval.memories.sgc_rss.joining import join_phrasings
from memeval.memories.sgc_rss.linker import Linker, softmax, softmin
from memeval.memories.sgc_rss.neighbourhood import explore
from memeval.memories.sgc_rss.params import GateParams, LinkParams, PprParams, SchemaParams
from memeval.memories.sgc_rss.paths import Chain, find_chains, ranked
from memeval.memories.sgc_rss.patterns import PatternReader
from memeval.memories.sgc_rss.question import Cue, cues, readings
from memeval.memories.sgc_rss.relations import Relations, SlotProbe, phrase_key
from memeval.memories.sgc_rss.restating import Meanings
from memeval.memories.sgc_rss.schemas import SchemaReader, frame_of
from memeval.memories.sgc_rss.sentences import Sentence, sentences
from memeval.memories.sgc_rss.type_space import TypeSpace
from memeval.models.scripted import ScriptedModel

GATE = GateParams(conf=0.5, schema_fit=0.3, recency=0.2, hub=0.4, tau=0.5, half_life=10)
SPACE = TypeSpace(ScriptedModel())


def sentence(text: str) -> Sentence:
    [one] = sentences(text)
    return one


def graph_of(*facts: tuple[str, str, str]) -> Graph:
    """Make a graph of facts, one a tick of time."""
    relations = Relations()
    graph = Graph(relations, 1000)
    for i, (head, phrase, tail) in enumerate(facts):
        fact = Fact(head, phrase, tail, "verb", "pattern", 0.6)
        relations.learn(fact, f"{head} {phrase} {tail}.", SPACE.vector(head), SPACE.vector(tail))
        graph.insert(fact, (head, tail), f"{head} {phrase} {tail}.", f"e{i}", i)
    return graph


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Nora Vance works for Axiom Software.", ["Nora Vance", "Axiom Software"]),
        ("The Nile flows through Egypt.", ["Nile", "Egypt"]),
        ("After lunch, it was quiet.", []),
        ("The Bank of England is in London.", ["Bank of England", "London"]),
        ("Dr. Lee met Mr. Ford in 1999.", ["Dr", "Lee", "Mr", "Ford", "1999"]),
        ("Nora's mother is Ann Lee.", ["Nora", "Ann Lee"]),
        ("李明 lives in Kraków.", ["李明", "Kraków"]),
    ],
)
def test_names_are_told_from_words(text: str, names: list[str]) -> None:
    """Capitals, numbers and scripts without case make names; an opening function word does not."""
    one = sentence(text)
    assert [one.name(i) for i in range(len(one.names))] == names


def test_a_text_is_split_into_sentences_but_not_at_initials() -> None:
    """A full stop after an initial or a title ends nothing."""
    found = [one.text for one in sentences("Mr. J. Ford came. Ann left! Who?\nNobody.")]
    assert found == ["Mr. J. Ford came.", "Ann left!", "Who?", "Nobody."]


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("Ann Lee once danced with Bo Ray.", ("Ann Lee", "once danced with", "Bo Ray", "verb")),
        ("The mayor of Bex Town is Bo Ray.", ("Bex Town", "mayor", "Bo Ray", "noun")),
        ("Bo Ray is the mayor of Bex Town.", ("Bex Town", "mayor", "Bo Ray", "noun")),
        ("Bex Town's mayor is Bo Ray.", ("Bex Town", "mayor", "Bo Ray", "noun")),
        ("Bo Ray is Bex Town's mayor.", ("Bex Town", "mayor", "Bo Ray", "noun")),
        ("Bo Ray, the mayor of Bex Town, slept.", ("Bex Town", "mayor", "Bo Ray", "noun")),
        ("In May, Ann Lee moved to Bex Town.", ("Ann Lee", "moved to", "Bex Town", "verb")),
    ],
)
def test_patterns_of_english(text: str, fact: tuple[str, ...]) -> None:
    """Each sentence form gives its fact, whichever way round it is told."""
    [read] = PatternReader().read(sentence(text))
    assert (read.head, read.phrase, read.tail, read.form) == fact
    assert read.extractor == "pattern"


@pytest.mark.parametrize(
    "text",
    [
        "Ann Lee and Bo Ray slept.",  # no verb between
        "Ann Lee slept; Bo Ray did not.",  # a clause ends between
        "It rained on Bex Town.",  # one name
        "Ann Lee, who likes tea, coffee and jam on toast, met a friend of a friend of Bo Ray.",
    ],
)
def test_what_is_no_fact_is_not_read(text: str) -> None:
    """Lists, two clauses, single names and long runs give nothing."""
    assert PatternReader().read(sentence(text)) == []


def test_a_skeleton_becomes_a_schema_by_different_facts() -> None:
    """Three different facts are needed; the same one three times is one."""
    reader = SchemaReader(min_support=3)
    texts = [f"Ann Lee{i} works for Bo{i} Toys." for i in (0, 0, 0, 1, 2)]
    read = []
    for text in texts:
        reader.learn(sentence(text))
        read.append(len(reader.read(sentence(text))))
    assert read == [0, 0, 0, 0, 1]


def test_a_slot_that_never_varies_belongs_to_the_skeleton() -> None:
    """A language has a capital and is no entity of the relation."""
    reader = SchemaReader(min_support=3)
    for i in range(3):
        reader.learn(sentence(f"Book{i} was rendered into English by Ann Lee{i}."))
    [fact] = reader.read(sentence("Book9 was rendered into English by Ann Lee9."))
    assert (fact.head, fact.phrase, fact.tail) == (
        "Book9",
        "was rendered into English by",
        "Ann Lee9",
    )
    assert fact.confidence == pytest.approx(3 / 4)  # support / (support + 1)


@pytest.mark.parametrize(
    ("a", "b", "near"),
    [
        ("vance", "vamce", True),  # a wrong letter
        ("vance", "vnace", True),  # swapped
        ("vance", "vanc", True),  # missing
        ("vance", "vancee", True),  # added
        ("vance", "vamke", False),  # two wrong
        ("vance", "vance", True),
        ("vance", "van", False),
    ],
)
def test_one_edit(a: str, b: str, near: bool) -> None:
    """One wrong, missing, added or swapped letter."""
    assert one_edit(a, b) is near
    assert one_edit(b, a) is near


@given(st.text("abcde", min_size=4, max_size=8), st.data())
def test_a_wrong_letter_is_always_found(word: str, data: st.DataObject) -> None:
    """Two words one letter apart share a deletion, so the index misses none."""
    at = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from("abcde"))
    wrong = word[:at] + letter + word[at + 1 :]
    assert deletions(word) & deletions(wrong)


def test_a_known_word_is_no_typo_of_another() -> None:
    """Nora and Nola are two people."""
    entities = Entities()
    for name in ("Nora Vance", "Nola Reed"):
        entities.count(entity_key(name))
    assert entities.guess("Nola Vance") == []
    assert entities.guess("Norra Vance") == ["nora vance"]


def test_keys_of_names() -> None:
    """Case, width, marks and a leading article do not tell names apart."""
    assert entity_key("The  \uff2eORA Vance!") == entity_key("nora vance") == "nora vance"


def test_gate_by_hand() -> None:
    """0.5 * 0.8 + 0.3 * 0.6 + 0.2 / 2 - 0.4, for a fact one half-life old about a full hub."""
    evidence = Evidence(0.8, 0.6, age=10, degree=10**6, is_told=False)
    assert score(evidence, GATE) == pytest.approx(0.4 + 0.18 + 0.1 - 0.4)
    assert judge(evidence, GATE) == "route"


@given(st.floats(0, 1), st.floats(0, 1), st.integers(0, 50), st.integers(0, 5000))
def test_more_degree_or_age_never_helps(conf: float, fit: float, age: int, degree: int) -> None:
    """The score falls with both, and rises with confidence."""
    here = score(Evidence(conf, fit, age, degree, is_told=False), GATE)
    assert score(Evidence(conf, fit, age + 1, degree, is_told=False), GATE) <= here
    assert score(Evidence(conf, fit, age, degree + 1, is_told=False), GATE) <= here
    assert score(Evidence(conf / 2, fit, age, degree, is_told=False), GATE) <= here


def test_a_known_fact_is_aggregated_however_weak() -> None:
    """What is told already is counted there, whatever its score."""
    weak = Evidence(0.0, 0.0, age=10**6, degree=10**6, is_told=True)
    assert judge(weak, GATE) == "aggregate"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "works for", [("works for", "verb")]),
        ("The home of", "is governed by", [("home", "noun"), ("is governed by", "verb")]),
        (
            "The employer of the source of timber of",
            "lives in",
            [("source of timber", "noun"), ("employer", "noun"), ("lives in", "verb")],
        ),
        ("Who is the mayor of", "?", [("mayor", "noun")]),
        ("Where does", "live ?", [("live", "verb")]),
        ("Where does the mayor of", "live ?", [("mayor", "noun"), ("live", "verb")]),
        ("", "'s employer is based at", [("employer", "noun"), ("is based at", "verb")]),
        ("Who wrote", "?", [("wrote", "verb")]),
        ("Tell me about", "", []),
    ],
)
def test_cues_around_an_entity(before: str, after: str, expected: list[tuple[str, str]]) -> None:
    """Nouns come from the nearest outwards, the verb last."""
    found = cues(before.split(), after.split())
    assert [(cue.phrase, cue.form) for cue in found] == expected


def test_the_longest_name_is_found() -> None:
    """An entity whose name is part of another is not meant."""
    entities = Entities()
    for name in ("Vance", "Nora Vance"):
        entities.count(entity_key(name))
    [asked] = readings("Nora Vance lives in", entities)
    assert asked.entity == "nora vance"


def test_page_rank_is_that_of_networkx() -> None:
    """On a graph without dead ends, with an edge for each fact, both give the same shares."""
    facts = [("a", "p", "b"), ("b", "p", "c"), ("c", "p", "a"), ("a", "q", "c"), ("b", "q", "a")]
    graph = graph_of(*facts)
    near = explore(graph, "a", (), PprParams(hops=9, alpha=0.5))
    simple = nx.DiGraph((head, tail) for head, _, tail in facts)
    expected = nx.pagerank(simple, alpha=0.5, personalization={"a": 1}, tol=1e-12)
    assert near.visits == pytest.approx(expected, abs=1e-6)


def test_exploring_is_bounded() -> None:
    """No more edges are taken from a node, and no more nodes expanded, than allowed."""
    facts = [("hub", f"p{i}", f"n{i}") for i in range(50)]
    facts += [(f"n{i}", "q", f"m{i}") for i in range(50)]
    graph = graph_of(*facts)
    near = explore(graph, "hub", [phrase_key("verb", "p49")], PprParams(fanout=7, nodes=4))
    assert len(near.edges["hub"]) == 7
    assert near.edges["hub"][0].tail == "n49"  # the relation that was named comes first
    assert len(near.edges) == 4


def test_chains_follow_one_edge_a_cue() -> None:
    """The likeliest chain leads, and its probability is the product of its links."""
    graph = graph_of(("a", "p", "b"), ("a", "q", "c"), ("b", "r", "d"), ("c", "r", "e"))
    near = explore(graph, "a", (), PprParams())

    def link(cue: Cue, node: str, leaving: object) -> dict[tuple[str, str], float]:
        return {("verb", "p"): 0.3, ("verb", "q"): 0.7, ("verb", "r"): 0.5}

    asked = [Cue("x", "noun"), Cue("y", "verb")]
    chains = find_chains("a", asked, near.edges, near.visits, link=link, root=graph.relations.root)
    assert [chain.end for chain in chains] == ["e", "d"]
    assert [chain.probability for chain in chains] == pytest.approx([0.35, 0.15])


def test_a_merged_fact_counts_the_confidence_of_its_witnesses_once() -> None:
    """1 - (1 - 0.5) * (1 - 0.75) = 0.875, of one witness and of two."""
    graph = graph_of(("a", "p", "b"), ("a", "q", "b"))
    one, two = graph.edges.values()
    one.confidence = two.confidence = 0.5
    graph.aggregate(two, "e2", 0.5)  # 1 - 0.5 * 0.5 = 0.75
    graph.relations.join(("verb", "p"), ("verb", "q"))
    assert graph.settle(aggregate=True) == 1
    [edge] = graph.edges.values()
    assert (edge.confidence, edge.evidence) == (pytest.approx(0.875), 3)


class OneTable(ScriptedModel):
    """Hands out its token embeddings without copying them, as a model of 49,000 tokens does."""

    def __init__(self) -> None:
        super().__init__()
        self.table = super().token_embeddings()

    def token_embeddings(self):  # type: ignore[no-untyped-def]
        return self.table


def test_a_type_space_copies_no_vocabulary() -> None:
    """Of all arrays it holds, only a row's length is its own; the table is the model's."""
    model = OneTable()
    held = [one for one in vars(TypeSpace(model)).values() if isinstance(one, np.ndarray)]
    own = sum(one.nbytes for one in held if not np.shares_memory(one, model.table))
    assert own == model.table[0].nbytes


def test_a_word_is_the_mean_of_its_normalised_tokens() -> None:
    """Rows normalised on use give what a vocabulary normalised as a whole would."""
    model = ScriptedModel()
    centred = model.token_embeddings() - model.token_embeddings().mean(axis=0)
    rows = centred / np.linalg.norm(centred, axis=1, keepdims=True)
    [tokens] = model.tokenize([" Nora"])
    mean = rows[tokens].mean(axis=0)
    expected = mean / np.linalg.norm(mean)
    np.testing.assert_allclose(SPACE.vector("Nora"), expected, atol=1e-6)


def test_visits_decide_only_among_equal_chains() -> None:
    """The likelier chain leads, however often the end of another is visited."""
    graph = graph_of(("a", "p", "b"), ("a", "p", "c"), ("a", "q", "d"))
    likely, often, rarely = graph.edges.values()
    chains = [Chain((rarely,), 0.4), Chain((often,), 0.4), Chain((likely,), 0.5)]
    visits = {"b": 0.0, "c": 0.3, "d": 0.2}
    assert [chain.end for chain in ranked(chains, visits)] == ["b", "c", "d"]


def test_functionality_by_hand() -> None:
    """Five heads with three tails each: 5 / 15 is below 0.4. With two, each may have changed."""
    several = [(f"h{i}", "likes", f"t{i}{j}") for i in range(5) for j in range(3)]
    single = [(f"h{i}", "lives in", f"t{i}{j}") for i in range(5) for j in range(2)]
    graph = graph_of(*several, *single, ("h0", "knows", "a"), ("h0", "knows", "b"))
    assert find_set_valued(graph) == {("verb", "likes")}


def test_a_probe_is_the_cosine_of_what_names_do_not_share() -> None:
    """Multiplied out or not, it is the same number."""
    names = SPACE.vector("Ann Lee") * np.float32(0.5)
    slot, name = SPACE.vector("Bo Ray"), SPACE.vector("Bo Lee")
    own = name - names
    expected = float(own @ slot) / float(np.linalg.norm(own))
    assert SlotProbe(slot, names).cosine(name) == pytest.approx(expected, abs=1e-5)


class Paraphraser(ScriptedModel):
    """Is not surprised by "has a job with" after "works for", nor the other way round."""

    def surprise(self, texts):  # type: ignore[no-untyped-def]
        found = super().surprise(texts)
        for text, nats in zip(texts, found, strict=True):
            nats[:] = 1.0 if "works for" in text and "has a job with" in text else 5.0
        return found


def test_phrasings_that_predict_one_another_are_joined() -> None:
    """Two ways to tell who works where become one relation, "lives in" stays apart."""
    facts = [
        (f"Ann Lee{i}", phrase, f"Toys{i} {kind}")
        for phrase, kind in (("works for", "Co"), ("has a job with", "Co"), ("lives in", "Town"))
        for i in range(4)
    ]
    graph = graph_of(*facts)
    relations = graph.relations
    linker = Linker(Paraphraser(), relations, LinkParams())
    assert join_phrasings(relations, linker, SchemaParams(), Changes(graph)) == 1
    assert relations.find(("verb", "works for")) == relations.find(("verb", "has a job with"))
    assert relations.find(("verb", "lives in")) == ("verb", "lives in")


def test_phrasings_whose_slots_disagree_are_not_joined() -> None:
    """Where full agreement is asked for, two ways to tell one relation stay apart."""
    facts = [
        (f"{name} Lee{i}", phrase, f"Toys{i} Co")
        for name, phrase in (("Ann", "works for"), ("Bo", "has a job with"))
        for i in range(4)
    ]
    graph = graph_of(*facts)
    linker, changes = Linker(Paraphraser(), graph.relations, LinkParams()), Changes(graph)
    agreeing, any_ = SchemaParams(slot_agreement=1.0), SchemaParams(slot_agreement=-1.0)
    assert join_phrasings(graph.relations, linker, agreeing, changes) == 0
    assert join_phrasings(graph.relations, linker, any_, changes) == 1


def test_each_phrasing_is_compared_with_its_best_partners_only() -> None:
    """Four phrasings have six pairs; the best partner of each makes at most four."""
    facts = [(f"Ann Lee{i}", f"p{i}", f"Toys{i} Co") for i in range(4)]
    relations = graph_of(*facts).relations
    for partners, pairs in ((1, range(2, 5)), (3, range(6, 7))):
        params = SchemaParams(slot_agreement=-1, partners=partners, min_support=1)
        assert len(joining.comparable(relations, params)) in pairs


def test_a_relation_grows_only_where_all_its_phrasings_match(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Author and translator are told alike, yet one of the author's phrasings says otherwise."""
    author, wrote, translator = keys = [("verb", name) for name in ("author", "wrote", "xlated")]
    told = {(author, wrote): 10.0, (author, translator): 0.0, (wrote, translator): 9.0}
    graph = graph_of(*(("h", phrase, "t") for _, phrase in keys))
    relations = graph.relations
    monkeypatch.setattr(joining, "comparable", lambda *_: list(told))
    monkeypatch.setattr(joining, "score", lambda _relations, _linker, a, b: told[a, b])
    linker = Linker(ScriptedModel(), relations, LinkParams())
    assert join_phrasings(relations, linker, SchemaParams(), Changes(graph)) == 1
    assert relations.root(author) == relations.root(wrote) != relations.root(translator)


def test_only_the_most_told_phrasings_are_compared() -> None:
    """A stream of many phrasings that are told once does not cost the square of their number."""
    facts = [(f"Ann Lee{i}", "works for", f"Toys{i} Co") for i in range(3)]
    facts += [(f"Bo Ray{i}", "has a job with", f"Balls{i} Co") for i in range(2)]
    facts += [("Cy Orr", "gets wages from", "Kites Co")]
    relations = graph_of(*facts).relations
    everything = SchemaParams(slot_agreement=-1)
    once = everything.model_copy(update={"min_support": 1})
    assert len(joining.comparable(relations, once)) == 3
    [pair] = joining.comparable(relations, everything.model_copy(update={"compared": 2}))
    assert set(pair) == {("verb", "works for"), ("verb", "has a job with")}


def test_phrasings_told_once_are_not_compared_with_one_another() -> None:
    """Four have six pairs; of one that is told three times and two told once, two are compared."""
    everything = SchemaParams(slot_agreement=-1)
    once = [(f"Ann Lee{i}", f"p{i}", f"Toys{i} Co") for i in range(4)]
    assert joining.comparable(graph_of(*once).relations, everything) == []
    often = [(f"Bo Ray{i}", "p", f"Balls{i} Co") for i in range(3)]
    assert len(joining.comparable(graph_of(*often, *once[:2]).relations, everything)) == 2


def test_only_somewhat_alike_words_are_compared_by_the_model() -> None:
    """Where vectors say that two phrasings have nothing in common the model is not asked."""
    facts = [
        (f"Ann Lee{i}", phrase, f"Toys{i} Co")
        for phrase in ("works for", "has a job with")
        for i in range(4)
    ]
    relations = graph_of(*facts).relations
    linker = Linker(Paraphraser(), relations, LinkParams(), Meanings(ScriptedEncoder()))
    pair = ("verb", "works for"), ("verb", "has a job with")
    assert linker.alike([pair])[0] < 1
    unlike = SchemaParams(alike=1.0)
    assert join_phrasings(relations, linker, unlike, Changes(graph_of(*facts))) == 0
    anyhow = SchemaParams(alike=-1.0)
    assert join_phrasings(relations, linker, anyhow, Changes(graph_of(*facts))) == 1


def test_softmin_and_softmax_by_hand() -> None:
    """-log((e^-1 + e^-3) / 2) = 1.566; odds fall by e for every nat at temperature 1."""
    assert softmin([1.0, 3.0]) == pytest.approx(1.5662, abs=1e-4)
    a, b = ("verb", "a"), ("verb", "b")
    odds = softmax({a: 1.0, b: 2.0}, temperature=1.0)
    assert odds[a] / odds[b] == pytest.approx(2.71828, abs=1e-4)
    assert sum(odds.values()) == pytest.approx(1.0)
    assert softmax({}, temperature=1.0) == {}


def test_a_text_without_a_word_has_an_empty_frame() -> None:
    """Marks alone, as "::", leave a skeleton of nothing."""
    assert frame_of(()) == ()
