"""Reading published files once, for as long as they stay what they are."""

import json
import os
from pathlib import Path

import pytest
from made_stepgame import FIRST, written

from memeval.errors import DataError
from memeval.suites.choosing import dataset_named
from memeval.suites.public import published

AGED = 1_600_000_000


def test_a_file_of_old_is_read_through_once(tmp_path: Path) -> None:
    """A hundred megabytes are gone through for the size, and not again for the sessions."""
    path = written(tmp_path, FIRST)
    os.utime(path, (AGED, AGED))
    before = published._read_once.cache_info()
    dataset_named(f"stepgame:{path}").open()
    dataset_named(f"stepgame:{path}").open()
    after = published._read_once.cache_info()
    assert (after.misses - before.misses, after.hits - before.hits) == (1, 3)


def test_a_file_that_was_changed_is_read_again(tmp_path: Path) -> None:
    """Also where its size and its time are the same, as those of a file just written may be."""
    path = written(tmp_path, FIRST)
    found = path.stat()
    first = dataset_named(f"stepgame:{path}").open()
    path.write_text(json.dumps(FIRST).replace("A is above", "F is above"))
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))
    assert dataset_named(f"stepgame:{path}").open().digest != first.digest


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    """Between finding and opening it a day may pass."""
    path = written(tmp_path, FIRST)
    dataset = dataset_named(f"stepgame:{path}")
    path.unlink()
    with pytest.raises(DataError, match=r"must stay where it was found, got '.*qa1_test\.json'"):
        dataset.open()
