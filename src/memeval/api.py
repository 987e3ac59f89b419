"""The public functions that need the user's settings."""

from collections.abc import Sequence
from pathlib import Path

from memeval import models, suites
from memeval.config import Settings
from memeval.errors import DataError
from memeval.models import TextModel
from memeval.results import CellResult
from memeval.scoring.compare import Comparison, compare_scores
from memeval.types import Session


def load_dataset(
    suite: str,
    *,
    size: int | None = None,
    seed: int | None = None,
    data_dir: Path | None = None,
) -> Session:
    """Load a built-in dataset, building it on first use, or the folder of one's own at a path.

    Size and seed choose among built-in datasets; they are 50 and 1337 unless given.

    Raises:
        ConfigError: no such suite, a size it cannot make, or a size or seed for a folder.
        DataError: a file on disk differs from the manifest, or a folder's data breaks a rule.
    """
    path = suites.folder_named(suite)
    if path is not None:
        suites.folder.check_no_choice(path, size, seed)
        return suites.folder.load(path)[0]
    size = suites.DEFAULT_SIZE if size is None else size
    seed = suites.DEFAULT_SEED if seed is None else seed
    return suites.load(data_dir or Settings().data_dir, suite, size=size, seed=seed)[0]


def load_model(
    name: str, *, device: str = "auto", batch_size: int | None = None, threads: int | None = None
) -> TextModel:
    """Load a model: a registered name, a `.gguf` file, a folder, or a Hugging Face id.

    Raises:
        ModelError: there is no such model, or its weights cannot be used.
        PluginError: a registered model cannot be imported or made, or breaks its contract.
    """
    return models.load_model(
        name, cache_dir=Settings().cache_dir, device=device, batch_size=batch_size, threads=threads
    )


def compare(
    a: CellResult | Sequence[CellResult], b: CellResult | Sequence[CellResult]
) -> Comparison:
    """Compare exact match of two runs, paired on the answerable items both answered.

    Raises:
        DataError: the runs did not answer the same items, or one of them an item twice.
    """
    return compare_scores(_scores(a), _scores(b))


def _scores(results: CellResult | Sequence[CellResult]) -> dict[tuple[str, str], float]:
    cells = [results] if isinstance(results, CellResult) else results
    answered = [record for cell in cells for record in cell.items if record.answerable]
    scores = {(one.session, one.query_id): float(one.exact_match) for one in answered}
    if len(scores) < len(answered):
        raise DataError(
            f"the results of a run must be of different items, got {len(answered)} answers to "
            f"{len(scores)} items; compare one result of each session"
        )
    return scores
