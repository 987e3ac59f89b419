"""Chroma, a vector store as people deploy it for retrieval: one collection, and cosines."""

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from memeval.memories.peers.listed import FolderPeer
from memeval.memories.peers.peer import Found, PeerParams
from memeval.models import Encoder


class Chroma(FolderPeer):
    """A collection in a folder, with vectors of the encoder that is named, and not of Chroma's."""

    needs: ClassVar[tuple[str, ...]] = ("encoder",)
    packages: ClassVar[dict[str, str]] = {"chromadb": ">=1,<2"}

    def __init__(self, params: PeerParams, *, seed: int, encoder: Encoder) -> None:
        self._encoder = encoder
        super().__init__(params, seed=seed)

    def _begin(self, folder: Path) -> None:
        import chromadb

        settings = chromadb.Settings(anonymized_telemetry=False)
        self._client = chromadb.PersistentClient(str(folder), settings)
        self._collection = self._client.create_collection(
            self.user, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
        )

    def _add(self, key: str, text: str, _at: str) -> None:
        vectors = self._encoder.encode([text], kind="event")
        self._collection.add(ids=[key], embeddings=vectors, documents=[text])

    def _search(self, text: str) -> Iterable[Found]:
        asked = self._encoder.encode([text], kind="query")
        count = min(self.params.k, self._collection.count())
        told = self._collection.query(asked, n_results=count, include=["documents", "distances"])
        [keys], [texts], [distances] = told["ids"], told["documents"] or [], told["distances"] or []
        return [Found(t, (k,), 1 - d) for k, t, d in zip(keys, texts, distances, strict=True)]

    def _listed(self) -> Iterable[Found]:
        told = self._collection.get(include=["documents"])
        return [Found(t, (k,)) for k, t in zip(told["ids"], told["documents"] or [], strict=True)]

    def _close(self) -> None:
        self._client.delete_collection(self.user)
        self._client.close()
        super()._close()
