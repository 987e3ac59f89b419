"""What of a question and the notes before it fits a budget, and the window of a model."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from memeval.models import MeasuresPieces, TextModel, Tokenizes
from memeval.types import Query, Recall, Trace

SMALL_PART = 64
"""Room of one part in so many of the window is worth no more notes, nor reading all anew."""
SHORT_PART = 16
"""One part in so many of the room is the least that is read of a trace too long for all of it."""


@dataclass(frozen=True, slots=True)
class Reading(Recall):
    """What is read of a recall, best first; what is read in part stands behind what is whole.

    `left_out` counts the traces that had no room, `shortened` those of which a part is read.
    `question` is what is asked where the query as it is told has no room.
    """

    left_out: int = 0
    shortened: int = 0
    question: str | None = None


class Budget:
    """The best of a recall that so many tokens hold, as notes in a prompt; None holds all.

    A note that fits what is left is taken whole, one that does not is passed over. One that is
    longer than the whole budget is cut to what is left, and ends it. `note` tells a trace's text as
    it stands in a prompt. Every text is counted once.
    """

    def __init__(self, model: TextModel, note: Callable[[str], str]) -> None:
        self._model = model
        self._note = note
        self._known: dict[str, int] = {}

    def cut(self, traces: Sequence[Trace], tokens: int | None) -> Reading:
        """Return what is read of traces, best first."""
        if tokens is None:
            return Reading(tuple(traces))
        held = self.held(traces, tokens)
        whole = [trace for trace, room in held if room is None]
        cut = [self._part(trace, room) for trace, room in held if room is not None]
        read = (*whole, *(part for part in cut if part.text))
        return Reading(read, left_out=len(traces) - len(read), shortened=len(read) - len(whole))

    def held(self, traces: Sequence[Trace], tokens: int) -> list[tuple[Trace, int | None]]:
        """Return the traces that have room, best first, and the tokens for one that is cut."""
        left, held = tokens, list[tuple[Trace, int | None]]()
        for trace, length in self._measured(traces):
            if length > tokens:
                return [*held, (trace, left)] if left > tokens // SHORT_PART else held
            if length <= left:
                held.append((trace, None))
                left -= length
        return held

    def taken(self, traces: Sequence[Trace]) -> int:
        """Return the tokens of all traces, each as a note."""
        return sum(self._lengths([trace.text for trace in traces]))

    def _measured(self, traces: Sequence[Trace]) -> Iterator[tuple[Trace, int]]:
        """Yield traces with their lengths; behind a long one nobody asks for more."""
        done, ahead = 0, 1
        while done < len(traces):
            batch = traces[done : done + ahead]
            yield from zip(batch, self._lengths([trace.text for trace in batch]), strict=True)
            done, ahead = done + ahead, 2 * ahead

    def _lengths(self, texts: Sequence[str]) -> list[int]:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        counted = lengths(self._model, [self._note(text) for text in new])
        self._known.update(zip(new, counted, strict=True))
        return [self._known[text] for text in texts]

    def _part(self, trace: Trace, room: int) -> Trace:
        def fits(part: str) -> bool:
            return lengths(self._model, [self._note(part)])[0] <= room

        return replace(trace, text=shortened(trace.text, fits))


class Window:
    """The tokens that a model can read at once, beside what every prompt takes of them.

    `note` and `ask` tell a trace's text and a question as they stand in a prompt.
    """

    def __init__(
        self,
        model: Tokenizes,
        tokens: int,
        *,
        taken: int,
        note: Callable[[str], str],
        ask: Callable[[str], str],
    ) -> None:
        self._model = model
        self._room = tokens - taken
        self._small = tokens // SMALL_PART
        self._short = tokens // SHORT_PART
        self._note = note
        self._ask = ask

    def fit(self, queries: Sequence[Query], recalls: Sequence[Recall]) -> list[Reading]:
        """Return what is read for each query; equal recalls are often the very same object."""
        told = [query.told() for query in queries]
        questions = self._questions(set(told))
        asked = [questions.get(text, text) for text in told]
        rooms = self._rooms(list(dict.fromkeys(asked)))
        lengths: dict[int, list[int]] = {}
        found: dict[tuple[int, int], Reading] = {}
        for text, recall in zip(asked, recalls, strict=True):
            key = (id(recall), rooms[text])
            if key[0] not in lengths:
                lengths[key[0]] = self._lengths([self._note(t.text) for t in recall.traces])
            if key not in found:
                fit = self._reading(recall.traces, lengths[key[0]], rooms[text])
                found[key] = replace(fit, confidence=recall.confidence)
        read = [found[id(recall), rooms[text]] for text, recall in zip(asked, recalls, strict=True)]
        return [
            replace(one, question=questions[text]) if text in questions else one
            for text, one in zip(told, read, strict=True)
        ]

    def _questions(self, texts: set[str]) -> dict[str, str]:
        """Return by their texts the questions that are cut: to half the room, for notes to fit."""
        told = sorted(texts)
        lengths = self._lengths([self._ask(text) for text in told])
        most = self._room // 2
        return {
            text: shortened(text, lambda part: self._length(self._ask(part)) <= most)
            for text, length in zip(told, lengths, strict=True)
            if length > self._room
        }

    def _rooms(self, asked: Sequence[str]) -> Mapping[str, int]:
        """Return the tokens for notes beside each question.

        Questions of nearly one length share the least room of them, so that they share what is
        read before them, too.
        """
        lengths = dict(zip(asked, self._lengths([self._ask(t) for t in asked]), strict=True))
        rooms: dict[str, int] = {}
        longest = 0
        for text in sorted(asked, key=lambda text: -lengths[text]):
            if not rooms or lengths[text] < longest - self._small:
                longest = lengths[text]
            rooms[text] = self._room - longest
        return rooms

    def _reading(self, traces: Sequence[Trace], lengths: Sequence[int], room: int) -> Reading:
        """Return the traces that fit: one that does not is passed over while there is room.

        Those that no room could hold whole share what is left, each a short part at least.
        """
        left, whole, long = room, list[Trace](), list[Trace]()
        for trace, length in zip(traces, lengths, strict=True):
            if length <= left:
                whole.append(trace)
                left -= length
            elif length > room:
                long.append(trace)
            elif left < self._small:
                break
        share = max(self._short, left // max(1, len(long)))
        parts = [self._part(trace, min(share, left - i * share)) for i, trace in enumerate(long)]
        read = (*whole, *(part for part in parts if part.text))
        return Reading(read, left_out=len(traces) - len(read), shortened=len(read) - len(whole))

    def _part(self, trace: Trace, room: int) -> Trace:
        if room <= self._small:
            return replace(trace, text="")
        text = shortened(trace.text, lambda part: self._length(self._note(part)) <= room)
        return replace(trace, text=text)

    def _length(self, text: str) -> int:
        return self._lengths([text])[0]

    def _lengths(self, texts: Sequence[str]) -> list[int]:
        return lengths(self._model, texts)


def lengths(model: TextModel | Tokenizes, texts: Sequence[str]) -> list[int]:
    """Return the tokens of each text in a prompt; words, of a model that tells no tokens."""
    if not texts:
        return []
    if isinstance(model, MeasuresPieces):
        return model.piece_lengths(texts)
    if isinstance(model, Tokenizes):
        return [len(tokens) for tokens in model.tokenize(texts)]
    return [len(text.split()) for text in texts]


def shortened(text: str, fits: Callable[[str], bool]) -> str:
    """Return as much of a text's beginning and end as fits: what counts may stand in either."""

    def kept(size: int) -> str:
        return f"{text[: size - size // 2]} ... {text[len(text) - size // 2 :]}"

    size = bisect_left(range(1, len(text)), x=True, key=lambda size: not fits(kept(size)))
    return kept(size) if size else ""
