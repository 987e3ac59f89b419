"""Graphiti against a Neo4j that runs somewhere: a graph of facts that its own model draws."""

import os
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any, ClassVar

from pydantic import Field

from memeval.memories.peers.chat import NO_KEY, ChatParams, Meter, Writer, chat_of
from memeval.memories.peers.listed import ListedPeer
from memeval.memories.peers.peer import Found, PeerParams
from memeval.models import Encoder
from memeval.types import Usage


class GraphitiParams(PeerParams):
    """Where the graph is, whose password is read from the environment, and the chat model."""

    uri: str = Field(default="", description="the address of Neo4j, bolt://HOST:7687")
    user: str = Field(default="neo4j", description="its user")
    password_env: str = Field(default="NEO4J_PASSWORD", description="variable with the password")
    chat: ChatParams = ChatParams()


class Graphiti(ListedPeer):
    """Adds every event as an episode; what comes back are facts, with the episodes they rest on."""

    needs: ClassVar[tuple[str, ...]] = ("encoder",)
    uses: ClassVar[tuple[str, ...]] = ("writer",)
    packages: ClassVar[dict[str, str]] = {"graphiti-core": ">=0.31,<0.32"}

    class Params(GraphitiParams):
        """The shared ones, and its own."""

    def __init__(
        self, params: GraphitiParams, *, seed: int, encoder: Encoder, writer: Writer = None
    ) -> None:
        self._encoder = encoder
        self._meter = Meter(chat_of(params.chat, writer))
        self._keys: dict[str, str] = {}
        super().__init__(params, seed=seed)

    def usage(self) -> Usage:
        """Return what its own model calls have cost."""
        return self._meter.usage()

    def _open(self) -> None:
        os.environ["GRAPHITI_TELEMETRY_ENABLED"] = "false"
        os.environ["EMBEDDING_DIM"] = str(self._encoder.width)
        from anyio.from_thread import start_blocking_portal
        from graphiti_core import Graphiti as Graph
        from graphiti_core.llm_client.config import LLMConfig
        from graphiti_core.llm_client.openai_generic_client import OpenAIGenericClient

        name = self._meter.model
        model = LLMConfig(NO_KEY, name, self._meter.url, temperature=0.0, small_model=name)
        clients = (OpenAIGenericClient(model), *_clients(self._encoder))
        place = self.params.uri, self.params.user, os.environ.get(self.params.password_env, "")
        with ExitStack() as begun:
            self._portal = begun.enter_context(start_blocking_portal())
            self._graph = Graph(*place, *clients)
            begun.callback(self._portal.call, self._graph.close)
            self._portal.call(self._graph.build_indices_and_constraints)
            self._held = begun.pop_all()

    def _add(self, key: str, text: str, at: str) -> None:
        told = datetime.fromisoformat(at or "1970-01-01")
        when = told if told.tzinfo else told.replace(tzinfo=UTC)
        add = partial(self._graph.add_episode, reference_time=when, group_id=self.user)
        self._keys[self._portal.call(add, key, text, "what was said").episode.uuid] = key

    def _search(self, text: str) -> Iterable[Found]:
        search = partial(self._graph.search, group_ids=[self.user], num_results=self.params.k)
        return map(self._found, self._portal.call(search, text))

    def _listed(self) -> Iterable[Found]:
        from graphiti_core.edges import EntityEdge
        from graphiti_core.errors import GroupsEdgesNotFoundError

        told: list[Any] = []
        with suppress(GroupsEdgesNotFoundError):
            told = self._portal.call(EntityEdge.get_by_group_ids, self._graph.driver, [self.user])
        return map(self._found, told)

    def _found(self, edge: Any) -> Found:
        return Found(edge.fact, tuple(self._keys[one] for one in edge.episodes or ()))

    def _close(self) -> None:
        from graphiti_core.utils.maintenance.graph_data_operations import clear_data

        self._portal.call(clear_data, self._graph.driver, [self.user])
        self._held.close()
        self._meter.close()


def _clients(encoder: Encoder) -> tuple[Any, Any]:
    """Return the project's encoder as Graphiti asks for it, and a reranker that changes nothing."""
    from graphiti_core.cross_encoder.client import CrossEncoderClient
    from graphiti_core.embedder.client import EmbedderClient

    class Encoded(EmbedderClient):  # type: ignore[misc]
        async def create(self, input_data: Any) -> list[float]:
            texts = [input_data] if isinstance(input_data, str) else list(input_data)
            return (await self.create_batch(texts))[0]

        async def create_batch(self, input_data_list: list[str]) -> list[list[float]]:
            return encoder.encode(input_data_list, kind="event").tolist()  # type: ignore[no-any-return]

    class Unranked(CrossEncoderClient):  # type: ignore[misc]
        async def rank(self, _query: str, passages: list[str]) -> list[tuple[str, float]]:
            return [(passage, 1 / (i + 1)) for i, passage in enumerate(passages)]

    return Encoded(), Unranked()
