"""Fits what SGC-RSS's confidence weighs, on dev parts and calibration seeds.

python benchmarks/calibrate_sgc_rss.py [--dataset NAME[:PATH]]... [--size 200]...
    [--knobs KNOB=VALUE,...]

As HEI-NW's, it is fitted to what reports hold it against: any evidence among the notes that the
reader's budget holds, and none where nothing is to be known. Every stream weighs the same. Printed
are the weights, and for every stream how well they do on it when they are fitted on the others;
then how often a chain of facts leads, and is evidence.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from unittest.mock import patch

import numpy as np
from calibrate_hei_nw import DEV, Row, Sample, is_among, is_known, own, sample, show
from evidence import Empty, datasets, load, options

from memeval.config import ReaderOptions
from memeval.memories.checked import Checked
from memeval.memories.sgc_rss import recalling
from memeval.memories.sgc_rss.confidence import Fit
from memeval.memories.sgc_rss.params import ConfidenceParams
from memeval.models import TextModel
from memeval.reader import Reader
from memeval.runner import stages, teach_events
from memeval.types import Session

STEP = 1e-9
"""A recall is told the place of its fit, in these, as its confidence."""


def main() -> None:
    """Print the weights, stream by stream and over all."""
    parser = options(__doc__)
    parser.add_argument("--knobs", default="", help="of SGC-RSS, as in schema.join=false")
    chosen = parser.parse_args()
    model, contenders = load(chosen, [f"sgc_rss:{chosen.knobs}" if chosen.knobs else "sgc_rss"])
    [empty] = contenders.values()
    taught: dict[str, Sample] = {}
    for stream, sessions in (*own(chosen.size or [50, 200]), *datasets(chosen.dataset or DEV)):
        if stream not in taught:
            taught[stream] = teach(sessions, empty, model)
            print(f"{stream}: {len(taught[stream].holds):,} recalls", flush=True)
    taught = {name: one for name, one in taught.items() if len(one.holds)}
    show("confidence", Fit._fields, taught)
    for name, one in taught.items():
        leads = one.features[:, Fit._fields.index("facts")] > 0
        share = f"{one.holds[leads].mean():.3f}" if leads.any() else "-"
        print(f"{name:20} a chain leads {leads.sum():,} of {len(leads):,}, evidence of {share}")


def teach(sessions: Sequence[Session], empty: Empty, model: TextModel) -> Sample:
    """Teach and ask every session; return what spoke for each recall, and whether it held."""
    told: list[Row] = []
    for session in sessions:
        reader = Reader(model, session.prompt, ReaderOptions())
        with watched() as fits:
            memory = Checked(empty())
            for stage in stages(session):
                teach_events(stage.events, memory)
                asked = [item for item in stage.items if is_known(item)]
                recalls = memory.recall([item.query for item in asked])
                held = reader.best_events(recalls)
                for item, recall, events in zip(asked, recalls, held, strict=True):
                    if recall.confidence is not None:
                        fit = fits[round(recall.confidence / STEP)]
                        told.append((np.array(fit), is_among(item, events or ())))
    return sample(told)


@contextmanager
def watched() -> Iterator[list[Fit]]:
    """Note what the confidence of recalls looks at meanwhile, and tell each the place of it."""
    fits: list[Fit] = []

    def place(fit: Fit, _params: ConfidenceParams) -> float:
        fits.append(fit)
        return (len(fits) - 1) * STEP

    with patch.object(recalling, "confidence", place):
        yield fits


if __name__ == "__main__":
    main()
