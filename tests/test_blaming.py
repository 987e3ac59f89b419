"""Whatever a plugin raises is told as its own fault, with what to do about it."""

import asyncio
from pathlib import Path

import pytest

from memeval.errors import CALLS, ConfigError, PluginError, blaming


class UnspeakableError(Exception):
    """Fails at being told."""

    def __str__(self) -> str:
        raise RuntimeError("no words")


def blamed(error: BaseException) -> str:
    """Return what is said of a memory that raises an error."""
    with (
        pytest.raises(PluginError) as caught,
        blaming("a memory must not raise", "memory 'm'", "mend the class"),
    ):
        raise error
    return str(caught.value)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (SystemExit(3), "got SystemExit: 3 from memory 'm'; mend the class"),
        (asyncio.CancelledError(), "got CancelledError:  from memory 'm'; mend the class"),
        (UnspeakableError(), "got UnspeakableError: an error that cannot be shown from"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_error_of_any_kind_names_the_plugin(error: BaseException, told: str) -> None:
    """It need not be an `Exception`, nor be able to say what it is."""
    assert told in blamed(error)


@pytest.mark.parametrize(
    "error",
    [MemoryError(), RuntimeError("CUDA out of memory."), RuntimeError("can't allocate memory: 9")],
)
def test_where_memory_runs_out_the_advice_is_to_take_less(error: BaseException) -> None:
    """Mending the class would not help."""
    assert blamed(error).endswith("give a smaller --batch-size, or take fewer --workers")


def test_a_message_without_end_is_cut() -> None:
    """A plugin's error may hold all that it was given."""
    assert len(blamed(ValueError("x" * 10**6))) < 300


@pytest.mark.parametrize("error", [ConfigError("a rule, got 3; mend it"), KeyboardInterrupt()])
def test_what_is_not_the_plugins_is_passed_on(error: BaseException) -> None:
    """An error of memeval's says by itself what to do, and Ctrl-C is the user's."""
    with pytest.raises(type(error)) as caught, blaming("a rule", "memory 'm'", "mend it"):
        raise error
    assert caught.value is error


def test_the_working_directory_outlives_a_plugin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Paths of a command are relative to where it was given."""
    monkeypatch.chdir(tmp_path)
    with blaming("a rule", "memory 'm'", "mend it"):
        monkeypatch.chdir("/")
    assert Path.cwd() == tmp_path


def test_the_innermost_call_is_known_while_it_lasts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A memory may call an encoder; what comes back gives the word back."""
    seen: list[str] = []
    monkeypatch.setattr(CALLS, "innermost", "")
    monkeypatch.setattr(CALLS, "on_change", seen.append)
    with (
        blaming("a rule", "memory 'm'", "mend it", doing="teach"),
        blaming("a rule", "encoder 'e'", "mend it", doing="encode"),
    ):
        pass
    assert seen == ["teach of memory 'm'", "encode of encoder 'e'", "teach of memory 'm'", ""]
