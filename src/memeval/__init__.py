"""Measure whether a memory helps a language model, what it costs, and which part earns the gain.

The public names are loaded when they are first used, so that importing memeval costs nothing.
"""

from importlib import import_module
from typing import Any

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
    "MemevalError": "memeval.errors",
    "Memory": "memeval.memories.base",
    "MemoryParams": "memeval.memories.base",
    "LanguageModel": "memeval.models.base",
    "Prompt": "memeval.models.base",
    "CellResult": "memeval.results",
    "Comparison": "memeval.scoring.compare",
    "ReaderOptions": "memeval.config",
    "load_dataset": "memeval.api",
    "load_model": "memeval.api",
    "load_memory": "memeval.memories.base",
    "load_results": "memeval.loading",
    "Results": "memeval.loading",
    "evaluate": "memeval.runner",
    "compare": "memeval.api",
}

__all__ = list(_PUBLIC)


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'memeval' has no attribute {name!r}")
    return getattr(import_module(_PUBLIC[name]), name)


def __dir__() -> list[str]:
    return __all__
