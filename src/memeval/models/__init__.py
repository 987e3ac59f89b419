"""Language models: one protocol, and one function that finds a model by name.

torch and transformers are imported by the modules below, and those only when a model is loaded.
"""

from difflib import get_close_matches
from pathlib import Path

from memeval.errors import ModelError, unknown_name
from memeval.models.base import Choice, Generation, LanguageModel, Message, Progress, Prompt

EMBEDDED = "smollm2"
SCRIPTED = "scripted"
BUILT_IN = (EMBEDDED, SCRIPTED)


def load_model(
    name: str,
    *,
    cache_dir: Path,
    device: str = "auto",
    batch_size: int | None = None,
    threads: int | None = None,
) -> LanguageModel:
    """Load a model by name.

    `name` is "smollm2" (embedded, no hub), "scripted" (a fake), a `.gguf` file, a local folder or
    a Hugging Face id. `threads` pins the CPU threads of a forward pass.

    Raises:
        ConfigError: this machine has no such device.
        ModelError: there is no such model, or its weights cannot be used.
    """
    if name == SCRIPTED:
        from memeval.models.scripted import ScriptedModel

        return ScriptedModel()
    from memeval.models.local.loading import checked_device, load

    checked_device(device)
    if threads:
        import torch

        torch.set_num_threads(threads)
    return load(_source(name, cache_dir), name=name, device=device, batch_size=batch_size)


def _source(name: str, cache_dir: Path) -> str | Path:
    if name == EMBEDDED:
        from memeval.models.local.embedded import smollm2_folder

        return smollm2_folder(cache_dir)
    if name.endswith(".gguf"):
        from memeval.models.local.gguf import converted

        return converted(Path(name).resolve(), cache_dir)
    if Path(name).is_dir() and name:
        return Path(name)
    if not name or get_close_matches(name, BUILT_IN, cutoff=0.7):
        raise ModelError(unknown_name("a model", name, BUILT_IN))
    return name


__all__ = [
    "Choice",
    "Generation",
    "LanguageModel",
    "Message",
    "Progress",
    "Prompt",
    "load_model",
]
