"""LangMem in this process: a background manager that writes to a store with an index of vectors."""

import os
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, ClassVar

from pydantic import Field

from memeval.memories.peers.chat import NO_KEY, ChatParams, Meter, Writer, chat_of
from memeval.memories.peers.listed import ListedPeer
from memeval.memories.peers.peer import Found, PeerParams
from memeval.models import Encoder
from memeval.types import Usage

PAGE = 10_000


class LangMemParams(PeerParams):
    """The chat model of the manager, which must call tools, and what it may do."""

    deletes: bool = Field(default=True, description="whether the manager may delete")
    query_limit: int = Field(default=5, ge=1, description="memories it is shown with what is told")
    chat: ChatParams = ChatParams()


class LangMem(ListedPeer):
    """Shows the manager every event; what comes back are the memories it has made of them.

    A memory rests on the events that were shown when it was made, and each time it was changed.
    """

    needs: ClassVar[tuple[str, ...]] = ("encoder",)
    uses: ClassVar[tuple[str, ...]] = ("writer",)
    packages: ClassVar[dict[str, str]] = {
        "langmem": ">=0.0.30,<0.1",
        "langchain-openai": ">=1,<2",
    }

    class Params(LangMemParams):
        """The shared ones, and its own."""

    def __init__(
        self, params: LangMemParams, *, seed: int, encoder: Encoder, writer: Writer = None
    ) -> None:
        self._encoder = encoder
        self._meter = Meter(chat_of(params.chat, writer))
        self._behind: dict[str, tuple[str, ...]] = defaultdict(tuple)
        super().__init__(params, seed=seed)

    def usage(self) -> Usage:
        """Return what its own model calls have cost."""
        return self._meter.usage()

    def _open(self) -> None:
        os.environ["LANGSMITH_TRACING"] = os.environ["LANGCHAIN_TRACING_V2"] = "false"
        from langchain_openai import ChatOpenAI
        from langgraph.store.memory import InMemoryStore
        from langmem import create_memory_store_manager

        meter = self._meter
        model = ChatOpenAI(model=meter.model, base_url=meter.url, api_key=NO_KEY, temperature=0.0)
        index: Any = {"dims": self._encoder.width, "embed": _embeddings(self._encoder)}
        self._space = ("memories", self.user)
        self._store = InMemoryStore(index=index)
        self._manager = create_memory_store_manager(
            model,
            namespace=self._space,
            store=self._store,
            enable_deletes=self.params.deletes,
            query_limit=self.params.query_limit,
        )

    def _add(self, key: str, text: str, _at: str) -> None:
        told = {"messages": [{"role": "user", "content": text}]}
        for put in self._manager.invoke(told, config={"configurable": {}}):
            self._behind[put["key"]] += (key,)

    def _search(self, text: str) -> Iterable[Found]:
        found = self._store.search(self._space, query=text, limit=self.params.k)
        return [self._found(one) for one in found]

    def _listed(self) -> Iterable[Found]:
        return [self._found(one) for one in self._store.search(self._space, limit=PAGE)]

    def _found(self, one: Any) -> Found:
        content = one.value["content"]
        text = content.get("content", content) if isinstance(content, dict) else content
        return Found(str(text), self._behind[one.key], getattr(one, "score", None))

    def _close(self) -> None:
        self._meter.close()


def _embeddings(encoder: Encoder) -> Any:
    """Return the project's encoder as LangChain asks for it."""
    from langchain_core.embeddings import Embeddings

    class Encoded(Embeddings):  # type: ignore[misc]
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            vectors: list[list[float]] = encoder.encode(texts, kind="event").tolist()
            return vectors

        def embed_query(self, text: str) -> list[float]:
            vector: list[float] = encoder.encode([text], kind="query")[0].tolist()
            return vector

    return Encoded()
