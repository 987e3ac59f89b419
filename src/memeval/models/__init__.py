"""Language models: one protocol, and one function that finds a model by name.

torch and transformers are imported by the modules below, and those only when a model is loaded.
"""

from pathlib import Path

from memeval.models.base import Choice, Generation, LanguageModel, Progress, Prompt

EMBEDDED = "smollm2"
SCRIPTED = "scripted"


def load_model(
    name: str,
    *,
    cache_dir: Path,
    device: str = "auto",
    batch_size: int = 16,
) -> LanguageModel:
    """Load a model by name.

    `name` is "smollm2" (embedded, no hub), "scripted" (a fake), a `.gguf` file, a local folder or
    a Hugging Face id.

    Raises:
        ModelError: there is no such model, or its weights cannot be used.
    """
    if name == SCRIPTED:
        from memeval.models.scripted import ScriptedModel

        return ScriptedModel()
    from memeval.models.loading import load

    return load(_source(name, cache_dir), name=name, device=device, batch_size=batch_size)


def _source(name: str, cache_dir: Path) -> str | Path:
    if name == EMBEDDED:
        from memeval.models.embedded import smollm2_folder

        return smollm2_folder(cache_dir)
    if name.endswith(".gguf"):
        from memeval.models.gguf import converted

        return converted(Path(name).resolve(), cache_dir)
    return Path(name) if Path(name).is_dir() else name


__all__ = ["Choice", "Generation", "LanguageModel", "Progress", "Prompt", "load_model"]
