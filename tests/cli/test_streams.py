"""Words that are shown for a while."""

import io

import pytest

from memeval.cli import streams


class Terminal(io.StringIO):
    """A stream that passes for a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "told"), [(Terminal(), "\r\x1b[2Ka\r\x1b[2K"), (io.StringIO(), "")]
)
def test_a_passing_word_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, told: str
) -> None:
    """On a terminal the next one takes its place; elsewhere nothing is said."""
    monkeypatch.setattr("sys.stderr", stream)
    streams.passing("a")
    streams.passing()
    assert stream.getvalue() == told
