"""Fits the weights and threshold of HEI-NW's write gate on seeds that no reported run uses.

Every event of the calibration streams is scored with a gate that lets all of it through. A logistic
regression of "worth remembering" on surprise, novelty and reward gives the weights; they are scaled
so that surprise weighs 0.1 per nat, which leaves tau in familiar numbers. Tau is then set where the
predicted odds are one to `exp(1.5)`: a lost fact costs more than a kept line of chatter.
"""

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from memeval import load_memory, load_model
from memeval.memories.hei_nw import memory as hei_nw
from memeval.suites import generate

SEEDS = (7, 11, 13)
SIZE = 200
LOG_ODDS = -1.5
PENALTY = 1e-3
SURPRISE_WEIGHT = 0.1


def main() -> None:
    """Print the fitted weights and tau."""
    features, worth = collect()
    weights, bias = fit(features, worth)
    scale = SURPRISE_WEIGHT / weights[0]
    names = ("surprise", "novelty", "reward")
    for name, weight in zip(names, weights * scale, strict=True):
        print(f"gate.{name:9} {weight:.3f}")
    print(f"gate.tau       {(LOG_ODDS - bias) * scale:.3f}")
    kept = features @ weights + bias > LOG_ODDS
    print(f"kept {kept.mean():.3f} of the events; precision {worth[kept].mean():.3f}, "
          f"recall {kept[worth].mean():.3f}")  # fmt: skip


def collect() -> tuple[np.ndarray, np.ndarray]:
    """Return surprise, novelty and reward of every event, `(events, 3)`, and its label."""
    model = load_model("smollm2")
    rows, labels = [], []
    judge = hei_nw.judge

    def watch(event, surprise, novelty, params):  # type: ignore[no-untyped-def]
        rows.append((surprise, novelty, float(event.reward)))
        return judge(event, surprise, novelty, params)

    hei_nw.judge = watch
    for seed in SEEDS:
        session = generate("episodic", size=SIZE, seed=seed)
        memory = load_memory("hei_nw", model=model, gate={"tau": -1.0})
        memory.observe(session.events)
        labels += [event.id in (session.worth or ()) for event in session.events]
    hei_nw.judge = judge
    return np.array(rows), np.array(labels)


def fit(features: np.ndarray, worth: np.ndarray) -> tuple[np.ndarray, float]:
    """Return weights and bias of a logistic regression with a small ridge penalty."""

    def loss(w: np.ndarray) -> float:
        p = expit(np.where(worth, 1, -1) * (features @ w[:-1] + w[-1]))
        return float(-np.log(np.maximum(p, 1e-12)).mean() + PENALTY * (w[:-1] ** 2).sum())

    found = minimize(loss, np.zeros(features.shape[1] + 1)).x
    return found[:-1], float(found[-1])


if __name__ == "__main__":
    main()
