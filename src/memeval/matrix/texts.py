"""Whether a cell keeps the texts of its data, and what is told where it does not."""

import re
import traceback
from collections.abc import Iterator
from typing import Any

from memeval.datasets.dataset import Data
from memeval.errors import DataError
from memeval.matrix.cells import Context
from memeval.outside import shown
from memeval.results import CELL_FILES
from memeval.telemetry.tracking import is_seen_by_git
from memeval.types import Session

CODE = re.compile(r"\S{1,80}")
"""An id that is no text."""
SILENCE = (
    "its message is not kept, as it may hold text of data that may not be passed on; run again "
    "with --keep-text where git does not look to read it"
)


def wanted_texts(data: Data, context: Context) -> bool | None:
    """Return whether a cell must hold texts or must hold none; None where either will do.

    Data that may not be passed on leaves none where they might be committed.
    """
    if context.keep_text is not None:
        return context.keep_text
    return False if data.private and is_seen_by_git(context.runs_dir, CELL_FILES) else None


def check_codes(session: Session) -> None:
    """Refuse a session whose ids could hold text, where no text may be kept.

    Raises:
        DataError: an id is longer than a code is, or has spaces.
    """
    ids = [session.id, *session.parts.values(), *(event.id for event in session.events)]
    for id_ in [*ids, *(item.query.id for item in session.items)]:
        if not CODE.fullmatch(id_):
            raise DataError(
                "ids must be codes where no text is kept: at most 80 characters, no spaces, got "
                f"{shown(id_)}; give others, or keep texts with --keep-text"
            )


def told_without_text(error: BaseException) -> str:
    """Return a traceback that says what failed and where, without a word of its messages."""
    return "\n".join(_links(error))


def _links(error: BaseException) -> Iterator[str]:
    earlier = error.__cause__ or error.__context__
    if earlier is not None:
        yield from _links(earlier)
    yield "".join(traceback.format_tb(error.__traceback__)).rstrip("\n")
    yield f"{type(error).__name__}: {SILENCE}"


def names_only(command: str) -> str:
    """Return a command in which paths are told by their last part."""
    return re.sub(r"(?:^|(?<=[\s:='\"]))[~./][^\s:='\"]*/(?=[^\s/'\"])", "", command)


def without_places(content: Any) -> Any:
    """Return what JSON can hold with every path in it told by its last part."""
    if isinstance(content, dict):
        return {name: without_places(value) for name, value in content.items()}
    if isinstance(content, list):
        return [without_places(value) for value in content]
    return names_only(content) if isinstance(content, str) else content
