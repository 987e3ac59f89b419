"""Fits the weights and threshold of HEI-NW's write gate on seeds that no reported run uses.

A logistic regression of "worth remembering" on surprise, novelty and reward gives the weights; they
are scaled so that surprise weighs 0.1 per nat, which leaves tau in familiar numbers. Tau is set
where the predicted odds are one to `exp(0.5)`: a lost fact costs more than a kept line of chatter.
How novel an event is depends on what the gate let through before, so the fit is repeated with the
gate of the round before until nothing changes.
"""

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from memeval import load_memory, load_model
from memeval.memories.hei_nw import memory as hei_nw
from memeval.suites.own import generate

SEEDS = (7, 11, 13)
SIZE = 200
ROUNDS = 4
LOG_ODDS = -0.5
PENALTY = 1e-3
SURPRISE_WEIGHT = 0.1
NAMES = ("surprise", "novelty", "reward")


class ReadOnce:
    """A model that keeps the surprise of every text, because every round reads the same."""

    def __init__(self, model):  # type: ignore[no-untyped-def]
        self._model = model
        self._nats = {}  # type: ignore[var-annotated]

    def __getattr__(self, name: str):  # type: ignore[no-untyped-def]
        return getattr(self._model, name)

    def surprise(self, texts):  # type: ignore[no-untyped-def]
        """Return nats by token, from memory where the text was read before."""
        new = [text for text in dict.fromkeys(texts) if text not in self._nats]
        self._nats.update(zip(new, self._model.surprise(new), strict=True))
        return [self._nats[text] for text in texts]


def main() -> None:
    """Print weights, tau and what they keep, round by round."""
    model = ReadOnce(load_model("smollm2"))
    gate: dict[str, float] = {}
    for _ in range(ROUNDS):
        features, worth = collect(model, gate)
        weights, bias = fit(features, worth)
        scale = SURPRISE_WEIGHT / weights[0]
        gate = dict(zip(NAMES, (weights * scale).tolist(), strict=True))
        gate["tau"] = float((LOG_ODDS - bias) * scale)
        kept = features @ weights + bias > LOG_ODDS
        shown = ", ".join(f"{name} {value:.3f}" for name, value in gate.items())
        print(f"{shown}: keeps {kept.mean():.3f} of the events; "
              f"precision {worth[kept].mean():.3f}, recall {kept[worth].mean():.3f}")  # fmt: skip


def collect(model: ReadOnce, gate: dict[str, float]) -> tuple[np.ndarray, np.ndarray]:
    """Return surprise, novelty and reward of every event, `(events, 3)`, and its label."""
    rows, labels = [], []
    judge = hei_nw.judge

    def watch(event, surprise, novelty, params):  # type: ignore[no-untyped-def]
        rows.append((surprise, novelty, float(event.reward)))
        return judge(event, surprise, novelty, params)

    hei_nw.judge = watch
    for seed in SEEDS:
        session = generate("episodic", size=SIZE, seed=seed)
        memory = load_memory("hei_nw", model=model, gate=gate)
        memory.observe(session.events)
        labels += [event.id in (session.worth or ()) for event in session.events]
    hei_nw.judge = judge
    return np.array(rows), np.array(labels)


def fit(features: np.ndarray, worth: np.ndarray) -> tuple[np.ndarray, float]:
    """Return weights, none below 0, and bias of a logistic regression with a ridge penalty."""

    def loss(w: np.ndarray) -> float:
        p = expit(np.where(worth, 1, -1) * (features @ w[:-1] + w[-1]))
        return float(-np.log(np.maximum(p, 1e-12)).mean() + PENALTY * (w[:-1] ** 2).sum())

    bounds = [(0, None)] * features.shape[1] + [(None, None)]
    found = minimize(loss, np.zeros(features.shape[1] + 1), bounds=bounds).x
    return found[:-1], float(found[-1])


if __name__ == "__main__":
    main()
