"""The public functions that need the user's settings."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from memeval import encoders, models
from memeval.config import Settings
from memeval.datasets.dataset import Data
from memeval.errors import ConfigError
from memeval.models import Encoder, TextModel
from memeval.results import CellResult, primary_scores, shared_primary
from memeval.scoring.compare import Comparison, compare_scores
from memeval.suites.choosing import dataset_named
from memeval.types import Session


def open_dataset(
    suite: str,
    *,
    size: int | None = None,
    seed: int | None = None,
    data_dir: Path | None = None,
    **options: Any,
) -> Data:
    """Open a dataset: of a suite, building it on first use, or the folder of one's own at a path.

    Size and seed choose among what a generating suite makes, and draw from any other; options are
    those that the suite takes, as `--set data.NAME=VALUE`.

    Raises:
        ConfigError: no such suite, or a size, seed or option that it does not take.
        DataError: a file on disk differs from the manifest, or a folder's data breaks a rule.
    """
    name = suite if data_dir is None else f"{suite}:{data_dir}"
    return dataset_named(name, size, seed, **options).open()


def load_dataset(
    suite: str,
    *,
    size: int | None = None,
    seed: int | None = None,
    data_dir: Path | None = None,
) -> Session:
    """Return the session of a dataset that has but one; see `open_dataset`.

    Raises:
        ConfigError: no such suite, a size or seed it cannot make, or several sessions.
        DataError: a file on disk differs from the manifest, or a folder's data breaks a rule.
    """
    data = open_dataset(suite, size=size, seed=seed, data_dir=data_dir)
    if len(data.sessions) > 1:
        raise ConfigError(
            f"a dataset to be loaded as a session must have but one, got {len(data.sessions)} in "
            f"{suite!r}; take memeval.open_dataset, which gives them all"
        )
    return data.sessions[0]


def load_model(
    name: str,
    *,
    device: str = "auto",
    precision: str = "auto",
    batch_size: int | None = None,
    threads: int | None = None,
    concurrency: int | None = None,
    window: int | None = None,
) -> TextModel:
    """Load a model: a registered name, a `.gguf` file, a folder, a Hugging Face id, a served one.

    Raises:
        ModelError: there is no such model, or its weights cannot be used.
    """
    return models.load_model(
        name,
        cache_dir=Settings().cache_dir,
        device=device,
        precision=precision,
        batch_size=batch_size,
        threads=threads,
        concurrency=concurrency,
        window=window,
    )


def load_encoder(name: str, *, device: str = "auto", threads: int | None = None) -> Encoder:
    """Load an encoder: a registered name, `path/to/file.py:Class`, or a local folder.

    Raises:
        ConfigError: no such encoder, or this machine has no such device.
        ModelError: its weights cannot be fetched or used.
        PluginError: it cannot be imported or made, or is no encoder.
    """
    settings = Settings()
    return encoders.load_encoder(
        name,
        cache_dir=settings.cache_dir,
        device=device,
        threads=threads,
        vector_cache=settings.vector_cache,
    )


def compare(
    a: CellResult | Sequence[CellResult], b: CellResult | Sequence[CellResult]
) -> Comparison:
    """Compare the primary score of two runs, paired on the answerable items both answered.

    Raises:
        DataError: the runs have different primary scores, did not answer the same items, or one of
            them an item twice.
    """
    ours, theirs = ([one] if isinstance(one, CellResult) else list(one) for one in (a, b))
    shared_primary([*ours, *theirs])
    return compare_scores(primary_scores(ours), primary_scores(theirs))
