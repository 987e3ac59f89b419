"""Two streams in words of their own, for checking that no memory lives on a generator's templates.

Nothing is fitted on them. `python benchmarks/streams FOLDER` writes them as datasets.
"""

from collections.abc import Callable, Mapping

from memeval.types import Session
from streams import conversation, logbook

STREAMS: Mapping[str, Callable[[int], Session]] = {
    "conversation": conversation.session,
    "logbook": logbook.session,
}
"""What generates the session of a seed, by name."""
