"""Renders chat templates in a process of its own, which can be ended.

A template is a program that comes with a model. Its sandbox keeps it from files and from other
code, but not from loops without end or texts without bound. It is told the same day whenever it
asks for the date, so that a prompt is the same on every day.
"""

import atexit
import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from functools import cache
from typing import IO, Any, cast

LIMIT_S = 10.0
MAX_CHARACTERS = 2**20
MAX_BYTES = 4 * 2**30
DAY = datetime(2024, 7, 26)
"""The day that the template of Llama 3 falls back to."""
Turn = dict[str, str]

_one_at_a_time = threading.Lock()


class RenderingError(ValueError):
    """A template that cannot tell these turns; the message says why."""


def rendered(tokenizer: Any, turns: Sequence[Turn], *, begins_answer: bool, **options: bool) -> str:
    """Return turns as a tokenizer's template writes them; options are the template's own.

    Raises:
        RenderingError: the template raised, or did not end in time or within memory.
    """
    try:
        template = tokenizer.get_chat_template()
    except ValueError as error:  # several, and none of them is the one to take
        raise RenderingError(str(error)) from error
    asked = {
        "chat_template": template,
        "conversations": [list(turns)],
        "add_generation_prompt": begins_answer,
        **options,
        **{name: str(token) for name, token in tokenizer.special_tokens_map.items()},
    }
    with _one_at_a_time:
        reply = _reply(json.dumps(asked))
    if not reply:
        raise RenderingError(f"no end within {LIMIT_S:g} s and {MAX_BYTES // 2**30} GiB")
    answer: dict[str, str] = json.loads(reply)
    if "error" in answer:
        raise RenderingError(answer["error"])
    return answer["text"]


def _reply(request: str) -> str:
    """Ask the process; return nothing where it had to be ended, or ended itself."""
    process = _process(os.getpid())
    to, back = cast("IO[str]", process.stdin), cast("IO[str]", process.stdout)
    limit = threading.Timer(LIMIT_S, process.kill)
    limit.start()
    reply = ""
    with suppress(OSError):  # a pipe that nobody reads any more
        to.write(f"{request}\n")
        to.flush()
        reply = back.readline()
    limit.cancel()
    if not reply:
        _end(process)
        _process.cache_clear()
    return reply


@cache
def _process(_pid: int) -> "subprocess.Popen[str]":
    """Start the process that renders for this one; a fork has another.

    It takes no modules from the folder that it is started in, which may be a model's.
    """
    command = [sys.executable, "-P", "-m", "memeval.models.local.rendering"]
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True, encoding="utf-8"
    )
    atexit.register(_end, process)
    cast("IO[str]", process.stdout).readline()  # it is ready: what it imports is not counted
    return process


def _end(process: "subprocess.Popen[str]") -> None:
    process.kill()
    with suppress(OSError):
        process.communicate()
    atexit.unregister(_end)


def _serve() -> None:
    """Answer requests, one a line, until nobody asks any more."""
    from transformers.utils import chat_template_utils

    class FixedDay(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:  # noqa: ARG003 - as the original has it
            return DAY

    chat_template_utils.datetime = FixedDay
    _bound_memory()
    _say("")
    for line in sys.stdin:
        _say(json.dumps(_answer(chat_template_utils, json.loads(line))))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _answer(templates: Any, asked: dict[str, Any]) -> dict[str, str]:
    try:
        [text], _ = templates.render_jinja_template(**asked)
    except Exception as error:  # a template is a program, and may raise anything
        return {"error": str(error) or type(error).__name__}
    if len(text) > MAX_CHARACTERS:
        return {"error": f"a text of {len(text):,} characters"}
    return {"text": text}


def _bound_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (MAX_BYTES, MAX_BYTES))


if __name__ == "__main__":
    _serve()
