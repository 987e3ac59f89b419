"""What lies outside the repository is found wherever the checkout lies."""

from pathlib import Path

import pytest
from beside import shared


@pytest.fixture
def parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of parts beside a checkout `a`, which has a work tree in `b/c`."""
    monkeypatch.delenv("PARTS_DIR", raising=False)
    (tmp_path / "shared/parts").mkdir(parents=True)
    return tmp_path / "shared/parts"


@pytest.mark.parametrize("checkout", ["a", "b/c"])
def test_the_nearest_shared_folder_is_found(parts: Path, checkout: str) -> None:
    """Right beside the checkout, or further up."""
    assert shared("parts", "PARTS_DIR", parts.parents[1] / checkout) == parts


def test_the_environment_goes_first(parts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set and empty is as good as not set."""
    monkeypatch.setenv("PARTS_DIR", "")
    assert shared("parts", "PARTS_DIR", parts.parents[1] / "a") == parts
    monkeypatch.setenv("PARTS_DIR", "elsewhere")
    assert shared("parts", "PARTS_DIR", parts.parents[1] / "a") == Path("elsewhere")


def test_what_is_nowhere_is_named_where_it_should_be(parts: Path) -> None:
    """For the reason that a skipped test tells."""
    checkout = parts.parents[1] / "a"
    assert shared("none", "PARTS_DIR", checkout) == parts.parents[1] / "shared/none"
