"""Fits what HEI-NW's gate and its confidence weigh, on dev parts and calibration seeds.

python benchmarks/calibrate_hei_nw.py [--gate NAME[:PATH]] [--dataset NAME[:PATH]]...
    [--size 200]... [--surprise]

The gate is fitted to what questions turn out to need: a logistic regression of "evidence of a
question" on all that it measures of a passage, over conversations of people. (Fitted over all
streams alike, it keeps what made-up streams and pasted pages ask for, and less than chance of
what chats do.) The confidence is fitted to what reports hold it against: any evidence among the
notes that the reader's budget holds, and none where nothing is to be known. Every conversation or
stream weighs the same, however long it is. Printed are the weights, and for each how well they do
on it when they are fitted on the others.
"""

from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple
from unittest.mock import patch

import numpy as np
import numpy.typing as npt
from evidence import Empty, datasets, load, options, streams
from scipy.optimize import minimize
from scipy.special import expit

from memeval.config import ReaderOptions
from memeval.memories.hei_nw import recalling
from memeval.memories.hei_nw.confidence import Fit
from memeval.memories.hei_nw.params import ConfidenceParams
from memeval.memories.hei_nw.salience import Gate, Measures
from memeval.models import TextModel
from memeval.reader import Reader
from memeval.runner import stages, teach_events
from memeval.scoring.calibration import (
    auroc,
    brier_score,
    expected_calibration_error,
    reliability,
)
from memeval.types import Event, Item, Session

PENALTY = 1e-3
DEV = ("locomo", "longmemeval", "beam", "factconsolidation")
Floats = npt.NDArray[np.float64]
Row = tuple[Floats, bool]
"""Features, and what holds of them."""


class Sample(NamedTuple):
    """Features of a stream's passages or recalls, `(rows, features)`, and what holds of each."""

    features: Floats
    holds: npt.NDArray[np.bool_]


class Taught(NamedTuple):
    """What was seen while a stream was taught and asked.

    `leads (questions,)`, whether the first trace is evidence; `answerable (questions,)`.
    """

    passages: Sample
    recalls: Sample
    leads: npt.NDArray[np.bool_]
    answerable: npt.NDArray[np.bool_]


def main() -> None:
    """Print the weights of both, stream by stream and over all."""
    parser = options(__doc__)
    parser.add_argument("--gate", default="locomo", help="NAME[:PATH] that the gate is fitted on")
    parser.add_argument("--surprise", action="store_true", help="the gate alone, with the model's")
    chosen = parser.parse_args()
    told = "hei_nw:gate.surprise=0.000001" if chosen.surprise else "hei_nw"
    model, contenders = load(chosen, [told])
    [empty] = contenders.values()
    [(name, conversations)] = datasets([chosen.gate])
    passages = {
        f"{name} {number}": teach([one], empty, model).passages
        for number, one in enumerate(conversations, 1)
    }
    show("gate", Measures._fields, passages)
    if not chosen.surprise:
        fit_confidence(chosen, empty, model)


def fit_confidence(chosen: Namespace, empty: Empty, model: TextModel) -> None:
    """Print the weights of the confidence, and from which on answers are best given."""
    taught: dict[str, Taught] = {}
    for stream, sessions in (*own(chosen.size or [50, 200]), *datasets(chosen.dataset or DEV)):
        taught[stream] = teach(sessions, empty, model)
        print(f"{stream}: {len(taught[stream].recalls.holds):,} questions", flush=True)
    weights = show("confidence", Fit._fields, {name: one.recalls for name, one in taught.items()})
    for name, one in taught.items():
        show_threshold(name, one, weights)


def own(sizes: Sequence[int]) -> Iterator[tuple[str, Sequence[Session]]]:
    """Yield our own suites of the calibration seeds; streams to check on stay unseen."""
    yield from ((name, found) for name, found in streams(sizes, ()) if name[-1].isdigit())


def teach(sessions: Sequence[Session], empty: Empty, model: TextModel) -> Taught:
    """Teach and ask every session; return what the gate and the confidence looked at."""
    seen: list[Row] = []
    told: list[Row] = []
    leads: list[bool] = []
    answerable: list[bool] = []
    for session in sessions:
        gold = {event for item in session.items for event in item.gold_events}
        reader = Reader(model, session.prompt, ReaderOptions())
        with watched(gold) as (passages, fits):
            memory = empty()
            for stage in stages(session):
                teach_events(stage.events, memory)
                asked = [item for item in stage.items if is_known(item)]
                before = len(fits)
                recalls = memory.recall([item.query for item in asked])
                held = reader.best_events(recalls)
                for item, fit, events in zip(asked, fits[before:], held, strict=True):
                    told.append((fit, is_among(item, events or ())))
                leads += [
                    is_among(i, r.traces[0].events) for i, r in zip(asked, recalls, strict=True)
                ]
                answerable += [item.answerable for item in asked]
        seen += passages
    return Taught(sample(seen), sample(told), np.array(leads), np.array(answerable))


@contextmanager
def watched(gold: set[str]) -> Iterator[tuple[list[Row], list[Floats]]]:
    """Note what the gate and the confidence of memories look at meanwhile, in two lists."""
    passages: list[Row] = []
    fits: list[Floats] = []
    weigh, judge, tell = Gate.salience, Gate.judged, recalling.confidence
    told: list[str] = []

    def salience(gate: Gate, event: Event, measures: Measures) -> float:
        told.append(event.id)
        return weigh(gate, event, measures)

    def judged(gate: Gate, measures: Measures) -> dict[str, float]:
        found = judge(gate, measures)
        passages.append((np.array([*found.values()]), told[-1] in gold))
        return found

    def confidence(fit: Fit, params: ConfidenceParams) -> float:
        fits.append(np.array(fit))
        return tell(fit, params)

    with (
        patch.object(Gate, "salience", salience),
        patch.object(Gate, "judged", judged),
        patch.object(recalling, "confidence", confidence),
    ):
        yield passages, fits


def is_among(item: Item, events: Sequence[str]) -> bool:
    """Whether any evidence of a question that has an answer is among events."""
    return item.answerable and not {*item.gold_events}.isdisjoint(events)


def is_known(item: Item) -> bool:
    """Whether it is known if evidence was found: a question whose gold is there, or nothing is."""
    return item.navigation is None and (bool(item.gold_events) or not item.answerable)


def sample(rows: Sequence[Row]) -> Sample:
    """Return rows as arrays."""
    return Sample(np.array([row for row, _ in rows]), np.array([held for _, held in rows], bool))


def show(title: str, names: Sequence[str], samples: Mapping[str, Sample]) -> Floats:
    """Print the weights fitted on all streams, and what the others' fit is worth on each."""
    weights = fit([*samples.values()])
    told = zip((*names, "bias"), weights, strict=True)
    print(f"\n{title}: " + ", ".join(f"{name} {weight:.2f}" for name, weight in told))
    print(f"{'':20}{'rows':>8}{'hold':>8}{'AUROC':>8}{'ECE':>8}{'Brier':>8}   fitted on the others")
    for name, one in samples.items():
        others = fit([other for key, other in samples.items() if key != name])
        told_ = expit(one.features @ others[:-1] + others[-1])
        figures = (
            auroc(told_, one.holds),
            expected_calibration_error(reliability(told_, one.holds)),
            brier_score(told_, one.holds),
        )
        shown = "".join(f"{'-' if value is None else f'{value:.3f}':>8}" for value in figures)
        print(f"{name:20}{len(one.holds):>8,}{one.holds.mean():>8.3f}{shown}")
    return weights


def show_threshold(name: str, taught: Taught, weights: Floats) -> None:
    """Print from which confidence on a stream's questions are best answered at all.

    A leading trace that is evidence counts as right, and silence where nothing is known.
    """
    told = expit(taught.recalls.features @ weights[:-1] + weights[-1])
    right = {
        least: np.where(told >= least, taught.leads, ~taught.answerable).mean()
        for least in np.arange(0, 1, 0.01)
    }
    best = max(right, key=lambda least: right[least])
    print(f"{name:20} nothing known below {best:.2f}: {right[0.0]:.3f} to {right[best]:.3f}")


def fit(samples: Sequence[Sample]) -> Floats:
    """Return weights and bias of a logistic regression with a ridge, streams weighed alike."""
    rows = np.concatenate([one.features for one in samples])
    signs = np.concatenate([np.where(one.holds, 1.0, -1.0) for one in samples])
    weights = np.concatenate([np.full(len(one.holds), 1 / len(one.holds)) for one in samples])
    weights /= weights.sum()

    def loss(w: Floats) -> float:
        wrong = np.logaddexp(0, -signs * (rows @ w[:-1] + w[-1]))
        return float(weights @ wrong + PENALTY * (w[:-1] ** 2).sum())

    found: Floats = minimize(loss, np.zeros(rows.shape[1] + 1)).x
    return found


if __name__ == "__main__":
    main()
