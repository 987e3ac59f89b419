"""What was found, as traces: facts in the words they were told in, and what follows from them."""

from collections.abc import Sequence

from memeval.memories.sgc_rss.graph import Edge, Graph
from memeval.memories.sgc_rss.params import RecallParams, Telling
from memeval.memories.sgc_rss.paths import Chain
from memeval.memories.sgc_rss.question import Asked, conclusion, is_asking
from memeval.memories.sgc_rss.understanding import Meant
from memeval.types import Trace


def trace_of(
    chain: Chain, asked: Asked, *, question: str, graph: Graph, params: RecallParams
) -> Trace:
    """Return a chain that a question follows word by word."""
    if asked.cues and is_asking(question):
        follows = conclusion(question, graph.name(chain.end))
        return _trace(chain.edges, follows, chain.probability, params.asked)
    follows = _inferred(chain, asked, graph) if len(chain.edges) > 1 else ""
    return _trace(chain.edges, follows, chain.probability, params.told)


def trace_of_meant(one: Meant, *, graph: Graph, params: RecallParams) -> Trace:
    """Return a chain that a question means as a whole."""
    edges = [step.edge for step in one.walk]
    follows = conclusion(one.question, graph.name(one.walk[-1].end))
    told = params.asked if is_asking(one.question) else params.told
    return _trace(edges, follows, one.probability, told)


def _trace(edges: Sequence[Edge], follows: str, score: float, told: Telling) -> Trace:
    """Return facts, what follows, or both; what follows from one fact never stands alone."""
    facts = list(dict.fromkeys(edge.text for edge in edges))
    texts = facts if told != "inferred" or len(edges) == 1 or not follows else []
    if follows and told != "chain":
        texts = [*texts, follows]
    events = dict.fromkeys(event for edge in edges for event in edge.events)
    return Trace(" ".join(texts), score, tuple(events))


def _inferred(chain: Chain, asked: Asked, graph: Graph) -> str:
    """Say what a chain implies, in the words of the question."""
    of = " ".join(f"the {cue.phrase} of" for cue in reversed(asked.cues) if cue.form == "noun")
    subject = f"{of} {graph.name(asked.entity)}".strip()
    last = asked.cues[-1]
    verb = last.phrase if last.form == "verb" else "is"
    sentence = f"{subject} {verb} {graph.name(chain.end)}."
    return sentence[0].upper() + sentence[1:]
