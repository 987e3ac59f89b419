"""Makes a served model from what stands behind `openai:`."""

from pathlib import Path

from memeval.models.served.address import read_address
from memeval.models.served.endpoint import Endpoint
from memeval.models.served.model import ServedModel
from memeval.models.served.scoring import ScoringModel, why_no_scores

CONCURRENCY = 8


def load(
    argument: str,
    cache_dir: Path,
    concurrency: int | None = None,
    window: int | None = None,
) -> ServedModel:
    """Return the model after its server has listed it, with all that its endpoint can do.

    Raises:
        ModelError: there is no such server or model, or the key is wrong.
    """
    address = read_address(argument)
    endpoint = Endpoint(address, cache_dir)
    about = endpoint.about()
    unscored = why_no_scores(endpoint)
    kind = ServedModel if unscored else ScoringModel
    return kind(
        endpoint,
        about,
        name=str(address),
        concurrency=concurrency or CONCURRENCY,
        window=window,
        unscored=unscored,
    )
