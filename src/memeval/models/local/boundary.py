"""Where transformers meets a model's files: whatever it raises about them is one kind of error."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from memeval.errors import MemevalError, ModelError
from memeval.outside import shown, shown_text

PANIC = "PanicException"
"""How an error of a library in Rust is named; it is no `Exception`, and no module has its class."""


@contextmanager
def reading(rule: str, source: object, next_step: str) -> Iterator[None]:
    """Say whose files they were that could not be read, and why, in one sentence.

    Everything is caught, because loading runs through transformers, tokenizers and the code of an
    architecture, which raise what they like about a broken file: `KeyError`, `AttributeError`, or
    plain `Exception`.

    Raises:
        ModelError: something was raised.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of files that nobody has said to be good
            yield
    except MemevalError:
        raise
    except ImportError as error:
        step = "install what is missing, or take a model that does not need it"
        raise ModelError(_told(rule, source, error, step)) from error
    except Exception as error:
        raise ModelError(_told(rule, source, error, next_step)) from error
    except BaseException as error:
        if type(error).__name__ != PANIC:
            raise
        raise ModelError(_told(rule, source, error, next_step)) from error


def _told(rule: str, source: object, error: BaseException, next_step: str) -> str:
    cause = shown_text(" ".join(str(error).split()).rstrip(".") or type(error).__name__)
    return f"{rule}, got {shown(str(source))}: {cause}; {next_step}"
