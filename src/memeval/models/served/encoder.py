"""Sentence vectors from an endpoint."""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from memeval.models.served.address import read_address
from memeval.models.served.asking import each
from memeval.models.served.endpoint import Endpoint
from memeval.models.served.loading import CONCURRENCY
from memeval.outside import shown

AT_ONCE = 64
"""Texts of one request."""
EMBEDDINGS = "/embeddings"


class ServedEncoder:
    """Asks a server for vectors, and brings them to length 1. Events and queries are told alike.

    Its vectors are kept by whoever loads it, so replies are not.
    """

    def __init__(self, endpoint: Endpoint, about: Mapping[str, Any], concurrency: int) -> None:
        self.name = str(endpoint.address)
        self._endpoint = endpoint
        self._concurrency = concurrency
        self._root = str(about.get("root", ""))
        self.width = len(self._vectors(["a"])[0])

    def encode(
        self,
        texts: Sequence[str],
        *,
        kind: Literal["event", "query"],  # noqa: ARG002 - the endpoint knows no difference
    ) -> npt.NDArray[np.float32]:
        """Return unit vectors, `(texts, width) float32`.

        Raises:
            CallError: the server did not give them.
        """
        parts = [texts[start : start + AT_ONCE] for start in range(0, len(texts), AT_ONCE)]
        told = each(self._vectors, parts, concurrency=self._concurrency)
        return np.concatenate([np.empty((0, self.width), np.float32), *told])

    def fingerprint(self) -> str:
        """Return a digest of address, name and what the server says it is."""
        return hashlib.sha256(json.dumps([self.name, self._root]).encode()).hexdigest()

    def _vectors(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        body = {"input": [text or " " for text in texts], "encoding_format": "float"}
        reply = self._endpoint.ask(EMBEDDINGS, body, check=lambda told: _wrong(told, len(texts)))
        rows = sorted(reply.content["data"], key=lambda row: row.get("index", 0))
        vectors = np.array([row["embedding"] for row in rows], np.float32)
        unit: npt.NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit


def load(argument: str, concurrency: int | None = None) -> ServedEncoder:
    """Return the encoder after its server has given a first vector.

    Raises:
        ModelError: there is no such server or model, or the key is wrong.
    """
    endpoint = Endpoint(read_address(argument), None)
    return ServedEncoder(endpoint, endpoint.about(), concurrency or CONCURRENCY)


def _wrong(content: Mapping[str, Any], count: int) -> str | None:
    """Say what is wrong with a reply that should hold one vector a text, none of length 0."""
    try:
        rows = [row["embedding"] for row in content["data"]]
        is_whole = len(rows) == count and len({len(row) for row in rows}) == 1
        is_whole = is_whole and all(0 < math.hypot(*row) < math.inf for row in rows)
    except (KeyError, TypeError):
        is_whole = False
    return None if is_whole else f"no {count} vectors in {shown(content)}"
