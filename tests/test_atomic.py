"""Files and folders that are either whole or not there, whatever goes wrong on the way."""

import errno
import os
from pathlib import Path

import pytest

from memeval import atomic
from memeval.atomic import new_folder, remove_leftovers, write_text
from memeval.errors import OutputError
from memeval.interruption import INTERRUPTION

DEAD = 2**31 - 1
"""No process has this id."""


class Interrupted(BaseException):
    """Ends a block as Ctrl-C does."""


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every sync to disk fail for lack of room."""

    def no_room(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(atomic, "_sync", no_room)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def fill(folder: Path, text: str) -> None:
    """Put a new folder of two files into a place."""
    with new_folder(folder, ours=["*.txt"]) as unfinished:
        (unfinished / "a.txt").write_text(text)
        (unfinished / "b.txt").write_text(text)


def fill_in_part(folder: Path, error: BaseException) -> None:
    """Fail after the first of two files."""
    with new_folder(folder, ours=["*.txt"]) as unfinished:
        (unfinished / "a.txt").write_text("new")
        raise error


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir()}


def test_write_makes_file_and_folders(tmp_path: Path) -> None:
    """A file is written with the folders it stands in, in UTF-8 and with plain line ends."""
    write_text(tmp_path / "a" / "b" / "file.txt", "é\n")
    assert (tmp_path / "a" / "b" / "file.txt").read_bytes() == b"\xc3\xa9\n"


def test_write_replaces_the_whole_file(tmp_path: Path) -> None:
    """A shorter text leaves nothing of a longer one, and nothing beside the file."""
    write_text(tmp_path / "file.txt", "something long")
    write_text(tmp_path / "file.txt", "short")
    assert contents(tmp_path) == {"file.txt": "short"}


def test_open_reader_keeps_the_old_content(tmp_path: Path) -> None:
    """Who reads while a file is replaced reads the old content to its end."""
    write_text(tmp_path / "file.txt", "old content")
    with (tmp_path / "file.txt").open() as reader:
        assert reader.read(3) == "old"
        write_text(tmp_path / "file.txt", "new")
        assert reader.read() == " content"


def test_written_file_has_the_usual_permissions(tmp_path: Path) -> None:
    """A file written aside gets the permissions of one that was simply opened and written."""
    (tmp_path / "plain.txt").write_text("x")
    write_text(tmp_path / "file.txt", "x")
    modes = [(tmp_path / name).stat().st_mode for name in ("file.txt", "plain.txt")]
    assert modes[0] == modes[1]


@pytest.mark.usefixtures("full_disk")
def test_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    """A write that runs out of room is explained, changes nothing and leaves nothing behind."""
    (tmp_path / "file.txt").write_text("old")
    with pytest.raises(OutputError, match=r"room and permission.*file\.txt': No space left"):
        write_text(tmp_path / "file.txt", "new")
    assert contents(tmp_path) == {"file.txt": "old"}


def test_text_that_cannot_be_encoded_leaves_the_old_file(tmp_path: Path) -> None:
    """An error that is not the disk's passes through, and the old file stays."""
    write_text(tmp_path / "file.txt", "old")
    with pytest.raises(UnicodeEncodeError, match="surrogates not allowed"):
        write_text(tmp_path / "file.txt", "new \ud800")
    assert contents(tmp_path) == {"file.txt": "old"}


def test_unwritable_place_is_explained(tmp_path: Path) -> None:
    """A file where a folder should be is an error that names the place and the next step."""
    (tmp_path / "taken").write_text("x")
    with pytest.raises(OutputError, match=r"got '.*taken/file\.txt': .*; free some space or name"):
        write_text(tmp_path / "taken" / "file.txt", "new")


def test_file_cannot_replace_a_folder(tmp_path: Path) -> None:
    """A folder where the file should be is explained, and nothing is left beside it."""
    (tmp_path / "file.txt").mkdir()
    with pytest.raises(OutputError, match=r"got '.*file\.txt': "):
        write_text(tmp_path / "file.txt", "new")
    assert names_in(tmp_path) == ["file.txt"]


def test_new_folder_appears_when_it_is_complete(tmp_path: Path) -> None:
    """While a folder is filled nothing stands in its place; afterwards it is all there."""
    with new_folder(tmp_path / "runs" / "cell", ours=[]) as unfinished:
        (unfinished / "a.txt").write_text("new")
        assert not (tmp_path / "runs" / "cell").exists()
    assert contents(tmp_path / "runs" / "cell") == {"a.txt": "new"}


def test_new_folder_replaces_the_old_one(tmp_path: Path) -> None:
    """The new folder holds nothing of the old one, and nothing is left beside it."""
    (tmp_path / "cell").mkdir()
    (tmp_path / "cell" / "stale.txt").write_text("old")
    fill(tmp_path / "cell", "new")
    assert contents(tmp_path / "cell") == {"a.txt": "new", "b.txt": "new"}
    assert names_in(tmp_path) == ["cell"]


def test_new_folder_has_the_usual_permissions(tmp_path: Path) -> None:
    """A folder made aside gets the permissions of one that was simply made."""
    (tmp_path / "plain").mkdir()
    fill(tmp_path / "cell", "new")
    modes = [(tmp_path / name).stat().st_mode for name in ("cell", "plain")]
    assert modes[0] == modes[1]


@pytest.mark.parametrize("error", [RuntimeError("stopped"), Interrupted("stopped")])
def test_failing_block_leaves_the_old_folder(tmp_path: Path, error: BaseException) -> None:
    """An error or an interruption passes through; the old folder stays and nothing beside it."""
    fill(tmp_path / "cell", "old")
    with pytest.raises(type(error), match="stopped"):
        fill_in_part(tmp_path / "cell", error)
    assert contents(tmp_path / "cell") == {"a.txt": "old", "b.txt": "old"}
    assert names_in(tmp_path) == ["cell"]


def test_failing_block_leaves_no_folder(tmp_path: Path) -> None:
    """Where nothing stood before, a failing block leaves nothing."""
    with pytest.raises(RuntimeError, match="stopped"):
        fill_in_part(tmp_path / "cell", RuntimeError("stopped"))
    assert names_in(tmp_path) == []


def test_full_disk_leaves_the_old_folder(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """A folder that runs out of room is explained, and the old one stays as it was."""
    fill(tmp_path / "cell", "old")
    request.getfixturevalue("full_disk")
    with pytest.raises(OutputError, match=r"room and permission.*cell': No space left"):
        fill(tmp_path / "cell", "new")
    assert contents(tmp_path / "cell") == {"a.txt": "old", "b.txt": "old"}
    assert names_in(tmp_path) == ["cell"]


def test_failing_swap_puts_the_old_folder_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the new folder cannot take its place, the old one is put back there."""
    fill(tmp_path / "cell", "old")
    rename = Path.rename

    def refuse_the_new(path: Path, target: Path) -> Path:
        if target.name == "cell" and not path.name.endswith("-old"):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuse_the_new)
    with pytest.raises(OutputError, match="Input/output error"):
        fill(tmp_path / "cell", "new")
    assert contents(tmp_path / "cell") == {"a.txt": "old", "b.txt": "old"}
    assert names_in(tmp_path) == ["cell"]


def test_folder_in_an_unwritable_place_is_explained(tmp_path: Path) -> None:
    """A file where the folder's parent should be is an error that names the place."""
    (tmp_path / "taken").write_text("x")
    with pytest.raises(OutputError, match=r"got '.*taken/cell': .*; free some space or name"):
        fill(tmp_path / "taken" / "cell", "new")


def test_a_file_in_the_place_of_a_folder_stays(tmp_path: Path) -> None:
    """It is nobody's to remove, and the way out is said."""
    (tmp_path / "cell").write_text("x")
    with pytest.raises(OutputError, match=r"got the file '.*cell' in its place; move it away"):
        fill(tmp_path / "cell", "new")
    assert (tmp_path / "cell").read_text() == "x"
    assert names_in(tmp_path) == ["cell"]


def test_what_is_not_ours_is_carried_over(tmp_path: Path) -> None:
    """A note, a folder with a picture and a link stay where they are; stale files of ours go."""
    (tmp_path / "cell" / "mine").mkdir(parents=True)
    (tmp_path / "cell" / "stale.txt").write_text("old")
    (tmp_path / "cell" / "note.md").write_text("do not lose")
    (tmp_path / "cell" / "mine" / "a.txt").write_text("mine")
    (tmp_path / "cell" / "link").symlink_to("nowhere")
    fill(tmp_path / "cell", "new")
    assert names_in(tmp_path / "cell") == ["a.txt", "b.txt", "link", "mine", "note.md"]
    assert (tmp_path / "cell" / "note.md").read_text() == "do not lose"
    assert (tmp_path / "cell" / "mine" / "a.txt").read_text() == "mine"
    assert (tmp_path / "cell" / "link").readlink() == Path("nowhere")
    assert names_in(tmp_path) == ["cell"]


def test_a_link_to_a_folder_stays_a_link(tmp_path: Path) -> None:
    """What it leads to is replaced, where it lies."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "cell").symlink_to("elsewhere")
    fill(tmp_path / "cell", "new")
    assert (tmp_path / "cell").is_symlink()
    assert contents(tmp_path / "elsewhere") == {"a.txt": "new", "b.txt": "new"}


def test_what_a_killed_process_had_moved_aside_is_put_back(tmp_path: Path) -> None:
    """Killed between the two renames, it leaves the old folder under a hidden name."""
    old = tmp_path / f".cell-{DEAD}-abcd_123-old"
    old.mkdir()
    (old / "note.md").write_text("do not lose")
    (tmp_path / f".cell-{DEAD}-abcd_123").mkdir()
    fill(tmp_path / "cell", "new")
    assert names_in(tmp_path) == ["cell"]
    assert (tmp_path / "cell" / "note.md").read_text() == "do not lose"


def test_a_hidden_folder_of_somebody_else_is_no_leftover(tmp_path: Path) -> None:
    """It may begin like one of ours."""
    (tmp_path / f".cell-{DEAD}-my notes").mkdir()
    fill(tmp_path / "cell", "new")
    assert names_in(tmp_path) == [f".cell-{DEAD}-my notes", "cell"]


def test_a_folder_may_hold_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands in them is synced like the rest, before the folder takes its place."""
    synced: list[str] = []
    monkeypatch.setattr(atomic, "_sync", lambda file: synced.append(os.read(file, 99).decode()))
    with new_folder(tmp_path / "store", ours=[]) as unfinished:
        (unfinished / "part").mkdir()
        (unfinished / "part" / "a.txt").write_text("inner")
        (unfinished / "b.txt").write_text("outer")
    assert sorted(synced) == ["inner", "outer"]
    assert (tmp_path / "store" / "part" / "a.txt").read_text() == "inner"


def test_a_file_that_a_dead_process_left_unfinished_goes(tmp_path: Path) -> None:
    """Whoever writes the file next removes it; those of others, living or unlike it, stay."""
    left = [f".a.txt-{DEAD}-abcdefg1", f".a.txt-{os.getpid()}-abcdefg1", f".b.txt-{DEAD}-abcdefg1"]
    for name in left:
        (tmp_path / name).touch()
    write_text(tmp_path / "a.txt", "new")
    assert names_in(tmp_path) == sorted(["a.txt", *left[1:]])


def test_leftovers_are_found_at_any_depth(tmp_path: Path) -> None:
    """What was moved aside by a dead process is put back, the rest of it removed."""
    inner = tmp_path / "x" / ".hidden" / "y"
    for name in (f".cell-{DEAD}-abcdefg1", f".cell-{DEAD}-abcdefg1-old", ".cell"):
        (inner / name).mkdir(parents=True)
    (inner / f".cell-{DEAD}-abcdefg1-old" / "a.txt").touch()
    remove_leftovers(tmp_path)
    assert names_in(inner) == [".cell", "cell"]
    assert names_in(inner / "cell") == ["a.txt"]


def test_a_folder_that_was_moved_aside_is_put_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that is left between the two steps has put away both folders, the old one whole."""
    fill(tmp_path / "cell", "old")
    rename = Path.rename

    def interrupted(self: Path, target: Path) -> Path:
        if target == tmp_path / "cell" and not self.name.endswith("-old"):
            for clean in reversed(INTERRUPTION._cleans.copy()):
                clean()
            assert names_in(tmp_path) == ["cell"]
            assert contents(tmp_path / "cell") == {"a.txt": "old", "b.txt": "old"}
            raise Interrupted
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(Interrupted):
        fill(tmp_path / "cell", "new")
    assert contents(tmp_path / "cell") == {"a.txt": "old", "b.txt": "old"}
