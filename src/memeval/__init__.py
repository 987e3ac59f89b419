"""Measure whether a memory helps a language model, what it costs, and which part earns the gain.

The public names are loaded when they are first used, so that importing memeval costs nothing.
"""

from importlib import import_module
from typing import Any

__distribution__ = "memeval-bench"
"""Tells this package from others of its name; `memeval_bench.py` looks for this line."""

_PUBLIC = {
    "Event": "memeval.types",
    "Item": "memeval.types",
    "Example": "memeval.types",
    "Navigation": "memeval.types",
    "PromptFormat": "memeval.types",
    "Query": "memeval.types",
    "Recall": "memeval.types",
    "Session": "memeval.types",
    "Trace": "memeval.types",
    "Usage": "memeval.types",
    "MemevalError": "memeval.errors",
    "Data": "memeval.datasets.dataset",
    "Dataset": "memeval.datasets.dataset",
    "InMemory": "memeval.datasets.in_memory",
    "Memory": "memeval.memories.contract",
    "MemoryParams": "memeval.memories.params",
    "Choice": "memeval.models",
    "Encoder": "memeval.models",
    "Generation": "memeval.models",
    "Message": "memeval.models",
    "Prompt": "memeval.models",
    "TextModel": "memeval.models",
    "CellResult": "memeval.results",
    "Comparison": "memeval.scoring.compare",
    "ReaderOptions": "memeval.config",
    "load_dataset": "memeval.api",
    "open_dataset": "memeval.api",
    "load_model": "memeval.api",
    "load_encoder": "memeval.api",
    "load_memory": "memeval.memories.loading",
    "evaluate": "memeval.evaluating",
    "load_results": "memeval.loading",
    "Results": "memeval.loading",
    "compare": "memeval.api",
}

__all__ = list(_PUBLIC)


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'memeval' has no attribute {name!r}")
    return getattr(import_module(_PUBLIC[name]), name)


def __dir__() -> list[str]:
    return __all__
