"""What a shell may complete: names of presets, suites, models and studies.

A name is looked up only when a shell asks for it. Where none fits, the shell offers files.
"""

from collections.abc import Iterable


def presets(incomplete: str) -> list[str]:
    """Return the presets, and the memories of others, that begin so."""
    from memeval.preset import preset_names
    from memeval.registry import MEMORIES

    others = [name for name, plugin in MEMORIES.plugins().items() if not plugin.is_own]
    return _beginning(incomplete, [*preset_names(), *others])


def suites(incomplete: str) -> list[str]:
    """Return the suites that begin so."""
    from memeval.registry import SUITES

    return _beginning(incomplete, [*SUITES.names(), "all"])


def models(incomplete: str) -> list[str]:
    """Return the registered models that begin so."""
    from memeval.registry import MODELS

    return _beginning(incomplete, MODELS.names())


def encoders(incomplete: str) -> list[str]:
    """Return the registered encoders that begin so."""
    from memeval.registry import ENCODERS

    return _beginning(incomplete, ENCODERS.names())


def studies(incomplete: str) -> list[str]:
    """Return the shipped studies that begin so."""
    from memeval.study import study_names

    return _beginning(incomplete, study_names())


def _beginning(incomplete: str, names: Iterable[str]) -> list[str]:
    return [name for name in names if name.startswith(incomplete)]
