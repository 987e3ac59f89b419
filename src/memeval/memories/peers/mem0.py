"""mem0 in this process: a Qdrant folder, the project's encoder, its own model where it infers."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import Field

from memeval.memories.peers.chat import NO_KEY, ChatParams, Meter, Writer, chat_of
from memeval.memories.peers.listed import FolderPeer
from memeval.memories.peers.peer import Found, PeerParams
from memeval.models import Encoder
from memeval.types import Usage

ALL = 2**31 - 1


class Mem0Params(PeerParams):
    """Whether a chat model turns what is told into facts, and which one."""

    infer: bool = Field(default=False, description="whether its own model extracts facts")
    threshold: float = Field(default=0.0, ge=0, description="score that a result must have")
    chat: ChatParams = ChatParams()


class Mem0(FolderPeer):
    """Adds every event as a user's message; what comes back is its text, or the facts in it."""

    needs: ClassVar[tuple[str, ...]] = ("encoder",)
    uses: ClassVar[tuple[str, ...]] = ("writer",)
    packages: ClassVar[dict[str, str]] = {"mem0ai": ">=2,<3"}

    class Params(Mem0Params):
        """The shared ones, and its own."""

    def __init__(
        self, params: Mem0Params, *, seed: int, encoder: Encoder, writer: Writer = None
    ) -> None:
        self._encoder = encoder
        self._meter = Meter(chat_of(params.chat, writer) if params.infer else params.chat)
        super().__init__(params, seed=seed)

    def usage(self) -> Usage:
        """Return what its own model calls have cost."""
        return self._meter.usage()

    def _begin(self, folder: Path) -> None:
        os.environ["MEM0_TELEMETRY"] = "False"
        os.environ["MEM0_DIR"] = str(folder)
        from mem0 import Memory

        self._memory = Memory.from_config(self._config(folder))
        self._memory.embedding_model = _Embedder(self._encoder)

    def _config(self, folder: Path) -> dict[str, Any]:
        store = {
            "collection_name": "memories",
            "path": str(folder / "qdrant"),
            "embedding_model_dims": self._encoder.width,
            "on_disk": True,
        }
        model = {
            "model": self._meter.model or NO_KEY,
            "openai_base_url": self._meter.url,
            "api_key": NO_KEY,
            "temperature": 0.0,
        }
        return {
            "vector_store": {"provider": "qdrant", "config": store},
            "llm": {"provider": "openai", "config": model},
            "embedder": {"provider": "openai", "config": {"api_key": NO_KEY}},
            "history_db_path": str(folder / "history.db"),
        }

    def _add(self, key: str, text: str, _at: str) -> None:
        message = [{"role": "user", "content": text}]
        known = {"metadata": {"key": key}, "infer": self.params.infer}
        self._memory.add(message, user_id=self.user, **known)

    def _search(self, text: str) -> Iterable[Found]:
        mine, least = {"user_id": self.user}, self.params.threshold
        told = self._memory.search(text, top_k=self.params.k, filters=mine, threshold=least)
        return [_found(one) for one in told["results"]]

    def _listed(self) -> Iterable[Found]:
        told = self._memory.get_all(filters={"user_id": self.user}, top_k=ALL)
        return [_found(one) for one in told["results"]]

    def _close(self) -> None:
        self._meter.close()
        self._memory.vector_store.client.close()
        self._memory.close()
        super()._close()


class _Embedder:
    """The project's encoder as mem0 asks for it."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def embed(self, text: str, memory_action: str = "add") -> list[float]:
        return self.embed_batch([text], memory_action)[0]

    def embed_batch(self, texts: list[str], memory_action: str = "add") -> list[list[float]]:
        kind: Literal["event", "query"] = "query" if memory_action == "search" else "event"
        vectors: list[list[float]] = self._encoder.encode(texts, kind=kind).tolist()
        return vectors


def _found(one: dict[str, Any]) -> Found:
    key = (one.get("metadata") or {}).get("key")
    return Found(one["memory"], (key,) if key else (), one.get("score"))
