"""What `meta.json` and `metrics.json` must hold for a cell to be read."""

import sys
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from memeval.outside import UnreadableError
from memeval.results.cell import scores_of
from memeval.results.figures import flatten

TEXTS = ("primary", "read_as")
"""The metrics that are words."""


class _Model(BaseModel):
    model_config = ConfigDict(strict=True)
    name: str
    asked: str | None = None
    fingerprint: str = ""
    weights: str = ""


class _Config(BaseModel):
    model_config = ConfigDict(strict=True)
    limit: int | None = None


class _Meta(BaseModel):
    """The part of `meta.json` that plans and reports stand on."""

    model_config = ConfigDict(strict=True)
    identity: str
    identity_parts: dict[str, Any] | None = None
    preset: str
    model: _Model
    suite: str
    size: int
    seed: int
    config: _Config
    config_hash: str
    role: str | None = None
    overrides: dict[str, Any] = {}
    data: dict[str, Any] | None = None
    dataset_sha256: str | None = None
    code_hash: str | None = None
    memory_code_hash: str | None = None
    git: dict[str, Any] | None = None
    packages: dict[str, Any] | None = None
    machine: dict[str, Any] | None = None


class _Metrics(BaseModel):
    """The part of `metrics.json` that a report stands on."""

    model_config = ConfigDict(strict=True)
    n: int
    exact_match: float | None
    n_sessions: int = 1
    scores: dict[str, float | None]
    slices: dict[str, dict[str, float | dict[str, float | None] | None]]
    memory: dict[str, float | bool | None]


def check_shape(meta: Mapping[str, Any], metrics: Mapping[str, Any]) -> None:
    """Raise `UnreadableError` where a key is missing, or holds something of another kind."""
    for name, value in flatten(metrics):
        if name not in TEXTS and not _is_figure(value):
            raise UnreadableError(f"a metric must be finite or null, got {name} = {value!r:.40}")
    try:
        _Meta.model_validate(meta)
        _Metrics.model_validate({**metrics, "scores": scores_of(metrics)})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise UnreadableError(f"{where}: {first['msg']}") from error


def _is_figure(value: object) -> bool:
    return value is None or (
        isinstance(value, int | float) and abs(value) <= sys.float_info.max  # not so NaN
    )
