"""Conversations that are kept as a tree of messages, as `conversations.json` of ChatGPT keeps them.

One record, in short; an edited question or a second answer is another child of the same parent:

    {"title": "Trip", "create_time": 1772475000, "current_node": "b", "mapping": {
     "a": {"message": {"author": {"role": "user"}, "content": {"parts": ["Where to?"]},
           "create_time": 1772475000}, "parent": null, "children": ["b"]},
     "b": {"message": {"author": {"role": "assistant"}, "content": {"parts": ["To Porto."]},
           "create_time": 1772475004}, "parent": "a", "children": []}}}
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from memeval.datasets.importing.fields import Record, value_at
from memeval.datasets.importing.values import text_of, texts_of

TREE = "mapping"
NAMES = ("conversation_id", "id", "title")
"""What a conversation may go by, the first that it has: a title need not be the only one."""


def unfolded(records: list[Any], left_out: Counter[str]) -> list[Any]:
    """Return records, each tree of messages as the chat that its last branch is."""
    seen: Counter[str] = Counter()
    return [_chat(one, seen, left_out) if _is_tree(one) else one for one in records]


def _is_tree(record: Any) -> bool:
    nodes = record.get(TREE) if isinstance(record, Mapping) else None
    return (
        isinstance(nodes, Mapping)
        and len(nodes) > 0
        and all(
            isinstance(node, Mapping) and {"message", "parent"} <= node.keys()
            for node in nodes.values()
        )
    )


def _chat(tree: Record, seen: Counter[str], left_out: Counter[str]) -> Record:
    branch = _branch(tree)
    messages = [_message(name, message) for name, message in branch if _is_shown(message)]
    left_out["messages that the chat hides"] += len(branch) - len(messages)
    whole = [one for one in tree[TREE].values() if isinstance(one["message"], Mapping)]
    left_out["messages of other branches"] += len(whole) - len(branch)
    name = next(filter(None, (text_of(tree.get(field)).strip() for field in NAMES)), "")
    seen[name] += 1
    numbered = f"{name} {seen[name]}" if name and seen[name] > 1 else name
    return {"session": numbered, "title": text_of(tree.get("title")), "messages": messages}


def _branch(tree: Record) -> list[tuple[str, Record]]:
    """Return the messages from the root to the node that the chat was left at, with their ids."""
    nodes = tree[TREE]
    found: dict[str, Any] = {}
    left_at = tree.get("current_node")
    name: Any = left_at if _is_name(left_at, nodes) else _latest_leaf(nodes)
    while _is_name(name, nodes) and name not in found:
        found[name] = nodes[name]["message"]
        name = nodes[name]["parent"]
    return [(name, told) for name, told in reversed(found.items()) if isinstance(told, Mapping)]


def _is_name(name: Any, nodes: Mapping[str, Any]) -> bool:
    return isinstance(name, str) and name in nodes


def _latest_leaf(nodes: Mapping[str, Any]) -> str | None:
    parents = {node["parent"] for node in nodes.values() if isinstance(node["parent"], str)}
    leaves = [name for name in nodes if name not in parents]
    return max(leaves, key=lambda name: _seconds(nodes[name]["message"]), default=None)


def _seconds(message: Any) -> float:
    at = message.get("create_time") if isinstance(message, Mapping) else None
    return float(at) if isinstance(at, int | float) else 0.0


def _is_shown(message: Record) -> bool:
    return value_at(message, "metadata.is_visually_hidden_from_conversation") is not True


def _message(name: str, message: Record) -> Record:
    """Return a message by usual names; of its parts pictures and the like have no text."""
    return {
        "id": name,
        "role": text_of(value_at(message, "author.role")),
        "content": "\n".join(_texts(message)),
        "create_time": message.get("create_time"),
    }


def _texts(message: Record) -> Iterator[str]:
    content = message.get("content")
    if isinstance(content, Mapping):
        yield from texts_of(content.get("parts") or content.get("text"))
