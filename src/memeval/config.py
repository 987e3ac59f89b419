"""Settings from the environment, and how traces reach the model."""

import re
from pathlib import Path
from typing import Annotated, Literal, get_args

import platformdirs
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from memeval.errors import ConfigError, unknown_name
from memeval.outside import encodable, path_of, shown

PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
BUDGET_TOKENS = 256
"""Of the best notes of a recall: what is read of them by default, and where evidence counts."""
Folder = Annotated[Path, AfterValidator(lambda path: path_of(str(path)))]
"""A path in which `~` is the user's home."""


class Settings(BaseSettings):
    """Where things lie, whether vectors are kept below `cache_dir`, how long a server may take.

    Each can be set in the environment, as in `MEMEVAL_DATA_DIR=...`.
    """

    model_config = SettingsConfigDict(env_prefix="MEMEVAL_")

    data_dir: Folder = Path("data")
    runs_dir: Folder = Path("runs")
    reports_dir: Folder = Path("reports")
    benchmarks_dir: Folder | None = None
    cache_dir: Folder = Path(platformdirs.user_cache_dir("memeval"))
    vector_cache: bool = True
    request_timeout_s: float = Field(default=120.0, gt=0)


class ReaderOptions(BaseModel):
    """How traces reach the model: as memory tokens or as text, how many, the best one where.

    What is read are the best `traces`, as far as they fit `budget_tokens`, so that memories which
    recall notes of different lengths are read alike.

    A recall whose confidence is told and lies below `unknown_below` is answered as one with nothing
    known; null leaves that to the prompt of the data, 0 heeds no confidence.

    `style` is how the prompt is told: as a text to be continued, or as turns of the model's own
    chat template.

    The defaults are measured: a small model answers from the note that stands next to the question,
    so a second trace costs more than it brings (docs/performance.md).
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    kind: Literal["kv", "text"] = "kv"
    style: Literal["completion", "chat"] = "completion"
    traces: int | None = Field(default=1, ge=1, description="traces read; null reads all")
    budget_tokens: int | None = Field(
        default=BUDGET_TOKENS, ge=1, description="tokens of traces read; null reads all"
    )
    order: Literal["best_last", "best_first"] = "best_last"
    kv_cache_mb: int = Field(default=1024, ge=0, description="bound of notes kept as keys")
    unknown_below: float | None = Field(
        default=None, ge=0, le=1, description="less confident recalls are answered as nothing known"
    )


def reader_options(kind: str) -> ReaderOptions:
    """Return a reader's default options.

    Raises:
        ConfigError: no such reader.
    """
    known = get_args(ReaderOptions.model_fields["kind"].annotation)
    if kind not in known:
        raise ConfigError(unknown_name("a reader", kind, known))
    return ReaderOptions.model_validate({"kind": kind})


def run_folder(root: Path, run: str) -> Path:
    """Return the folder of a run by its name, a date unless it was given another, below a root.

    Raises:
        ConfigError: the name could leave the folder, or the folder's is one that Parquet files
            cannot be written to.
    """
    if not PLAIN_NAME.fullmatch(run):
        raise ConfigError(
            f"a run's name must be made of letters, digits, '.', '_' and '-', got {shown(run)}; "
            "for example 2026-01-31"
        )
    root = path_of(str(root))
    if encodable(str(root)) != str(root):
        raise ConfigError(
            f"runs must lie in a folder whose name is UTF-8, got {str(root)!r}; name another"
        )
    return root / run
