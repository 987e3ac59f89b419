"""Whether what is written to a folder may come to be committed."""

import subprocess
from pathlib import Path


def is_seen_by_git(folder: Path) -> bool:
    """Whether a folder, there or to be made, lies in a git work tree that does not ignore it.

    Where git cannot tell, because it is not installed or does not trust the tree, it is.
    """
    above = [folder.resolve(), *folder.resolve().parents]
    if not any((one / ".git").exists() for one in above):
        return False
    there = next(one for one in above if one.is_dir())
    inside = folder.resolve() / "meta.json"  # a rule may ignore a folder alone, not its name
    try:
        done = subprocess.run(
            ["git", "-C", str(there), "check-ignore", "--quiet", "--", str(inside)],
            capture_output=True,
            check=False,
        )
    except OSError:
        return True
    return done.returncode != 0
