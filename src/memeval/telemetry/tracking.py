"""Whether what is written to a folder may come to be committed."""

import subprocess
from collections.abc import Collection
from pathlib import Path

BELOW = Path("a/folder/that/is/made")
"""Stands for the folders below one, as a rule may ignore what lies in it alone."""


def is_seen_by_git(folder: Path, names: Collection[str]) -> bool:
    """Whether git would add one of the files of these names in or below a folder, there or not.

    It lies in a git work tree that does not ignore all of them. Where git cannot tell, because it
    is not installed or does not trust the tree, it is seen.
    """
    place = folder.resolve()
    above = [place, *place.parents]
    if not any((one / ".git").exists() for one in above):
        return False
    there = next(one for one in above if one.is_dir())
    files = {str(inside / name) for inside in (place, place / BELOW) for name in names}
    try:
        done = subprocess.run(
            ["git", "-C", str(there), "check-ignore", "-z", "--stdin"],
            input="\0".join(files),
            capture_output=True,
            check=False,
            encoding="utf-8",
            errors="surrogateescape",
        )
    except OSError:
        return True
    return done.returncode != 0 or set(done.stdout.split("\0")) - {""} != files
