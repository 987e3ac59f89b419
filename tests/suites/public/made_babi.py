"""Small files in bAbI's form, of invented people and places."""

from pathlib import Path

PLACES = """\
1 Olga walked to the harbour.
2 Victor ran to the library.
3 Where is Olga? \tharbour\t1
4 Olga ran to the library.
5 Where is Olga? \tlibrary\t4
1 Victor walked to the harbour.
2 Where is Victor?\tharbour\t1
"""
LISTS = """\
1 Olga took the lamp.
2 Olga took the rope.
3 What is Olga carrying? \tlamp,rope\t1 2
"""
PATHS = """\
1 The mill is west of the barn.
2 The tower is south of the mill.
3 How do you go from the barn to the tower?\tw,s\t1 2
"""
FILES = {
    "qa1_single-supporting-fact_test.txt": PLACES,
    "qa8_lists-sets_test.txt": LISTS,
    "qa19_path-finding_test.txt": PATHS,
}


def made_babi(folder: Path) -> Path:
    """Write the benchmark's files below a folder, as the archive has them."""
    for name, text in FILES.items():
        written(folder / "en", name, text)
    return folder


def written(folder: Path, name: str, text: str) -> Path:
    """Write a file, and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(text.encode())
    return path
