"""Linking words to relations: by the very words, else by how well the one predicts the other."""

from collections.abc import Iterable, Sequence
from math import exp, log

from memeval.memories.sgc_rss.params import LinkParams
from memeval.memories.sgc_rss.question import Cue
from memeval.memories.sgc_rss.relations import Key, Phrasing, Relations, phrase_key
from memeval.memories.sgc_rss.restating import Meanings, Told
from memeval.memories.word_model import WordModel

MAX_CACHED = 100_000
EXAMPLES = 2
"""Phrasings of a relation that speak for it."""


class Linker:
    """Says how likely a phrase means each relation.

    How well a phrase follows a relation is the language model's surprise at it in a sentence that
    goes on from the relation's example: "Nora Vance works for Axiom Software. In other words, Nora
    Vance" and then " gets wages from". One forward pass, no generation, kept for the next question.
    Where there is an encoder, the model is asked only what vectors leave open, and both count.
    (Token embeddings were measured first: they pick the right relation of a head no better than
    chance where no word is shared; docs/design.md.)
    """

    def __init__(
        self,
        model: WordModel,
        relations: Relations,
        params: LinkParams,
        meanings: Meanings | None = None,
    ) -> None:
        self._model = model
        self._relations = relations
        self._params = params
        self._meanings = meanings
        self._nats: dict[tuple[str, str], float] = {}

    def exact(self, cue: Cue) -> Key | None:
        """Return the relation that is told in the very words of a cue."""
        return self._relations.find(phrase_key(cue.form, cue.phrase))

    def link(self, cue: Cue, candidates: Sequence[Key]) -> dict[Key, float]:
        """Return how likely a cue means each candidate: by vectors if they decide, else by both."""
        if (found := self.exact(cue)) is not None:
            return {found: 1.0}
        pairs = {root: self._relations.members(root)[:EXAMPLES] for root in candidates}
        if self._meanings is None:
            return softmax(self._unexpected(cue, pairs), self._params.temperature_nats)
        unlike = self._unlike(cue, pairs, self._meanings)
        likely = softmax(unlike, 1 / self._params.sharpness)
        if max(likely.values(), default=1.0) >= self._params.decided:
            return likely
        return self._by_both(unlike, self._unexpected(cue, pairs))

    def _by_both(self, unlike: dict[Key, float], nats: dict[Key, float]) -> dict[Key, float]:
        """Weigh vectors and the model together: what either rules out is not meant."""
        params = self._params
        against = {
            root: params.cosine_weight * unlike[root] + nats[root] / params.temperature_nats
            for root in unlike
        }
        return softmax(against, 1.0)

    def _unlike(
        self, cue: Cue, pairs: dict[Key, list[Phrasing]], meanings: Meanings
    ) -> dict[Key, float]:
        """Return how far a cue is from each relation by vectors, 0 for the same."""
        asked = (cue.form, cue.phrase)
        cosines = meanings.alike(asked, [[one.key for one in some] for some in pairs.values()])
        return {root: 1 - cosine for root, cosine in zip(pairs, cosines, strict=True)}

    def _unexpected(self, cue: Cue, pairs: dict[Key, list[Phrasing]]) -> dict[Key, float]:
        """Return the model's surprise at a cue after each relation, in nats."""
        self._measure((phrasing, cue) for members in pairs.values() for phrasing in members)
        return {
            root: softmin([self.nats(phrasing, cue) for phrasing in members])
            for root, members in pairs.items()
        }

    def alike(self, pairs: Sequence[tuple[Key, Key]]) -> list[float]:
        """Return how alike the words of each two phrasings are; 1 where no vectors tell."""
        if self._meanings is None:
            return [1.0] * len(pairs)
        self._meanings.read([(Told(key),) for pair in pairs for key in pair])
        return [self._meanings.alike(one, [[other]])[0] for one, other in pairs]

    def nats(self, phrasing: Phrasing, cue: Cue) -> float:
        """Return the surprise at a cue after a phrasing's example."""
        text = _following(phrasing, cue)
        if text not in self._nats:
            self._measure([(phrasing, cue)])
        return self._nats[text]

    def gain_nats(self, phrasing: Phrasing, cue: Cue) -> float:
        """Return how much less a cue surprises after a phrasing than after a neutral sentence."""
        return self.nats(_neutral(phrasing), cue) - self.nats(phrasing, cue)

    def read_gains(self, pairs: Sequence[tuple[Phrasing, Cue]]) -> None:
        """Read in one call what the gains of these pairs need."""
        self._measure([*pairs, *((_neutral(phrasing), cue) for phrasing, cue in pairs)])

    def _measure(self, pairs: Iterable[tuple[Phrasing, Cue]]) -> None:
        """Read what was not read before, in one call."""
        missing = dict.fromkeys(_following(phrasing, cue) for phrasing, cue in pairs)
        texts = [text for text in missing if text not in self._nats]
        if not texts:
            return
        if len(self._nats) + len(texts) > MAX_CACHED:
            self._nats.clear()
        surprises = self._model.surprise([before + cue for before, cue in texts])
        lengths = map(len, self._model.tokenize([cue for _, cue in texts]))
        for text, nats, length in zip(texts, surprises, lengths, strict=True):
            self._nats[text] = float(nats[-length:].sum()) if length else 0.0


def _neutral(phrasing: Phrasing) -> Phrasing:
    """Return the phrasing with an example that says nothing of how its two names are related."""
    head, tail, _ = phrasing.example
    return Phrasing(phrasing.key, (head, tail, f"{head} and {tail} were named together."))


def _following(phrasing: Phrasing, cue: Cue) -> tuple[str, str]:
    """Return what goes before a cue, and the cue, as a sentence that restates an example.

    No name stands in the cue, so that what a name costs does not tell relations apart.
    """
    head, tail, told = phrasing.example
    if cue.form == "verb":
        return f"{told} In other words, {head}", f" {cue.phrase}"
    return f"{told} In other words, {tail} is the", f" {cue.phrase} of"


def softmin(nats: Sequence[float]) -> float:
    """Return the surprise at a cue after any of some phrasings: -log of the mean probability.

    One phrasing that says it plainly is enough ("owner" after "is owned by", whatever it is after
    "belongs to").
    """
    least = min(nats)
    return least - log(sum(exp(least - value) for value in nats) / len(nats))


def softmax(nats: dict[Key, float], temperature: float) -> dict[Key, float]:
    """Return probabilities that fall with surprise."""
    least = min(nats.values(), default=0.0)
    weights = {key: exp((least - value) / temperature) for key, value in nats.items()}
    total = sum(weights.values())
    return {key: weight / total for key, weight in weights.items()}
