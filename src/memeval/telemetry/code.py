"""Which source a result rests on: what a module reaches by imports, and a digest of it."""

import ast
import hashlib
import importlib.util
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from memeval.registry import files

OWN = __name__.partition(".")[0]


@lru_cache(maxsize=32)
def code_hash(*modules: str) -> str:
    """Return a digest of the source behind modules, which decides whether a cell must run again.

    That is all that they import, at whatever depth, of their own top-level packages and of memeval,
    with the data files that lie beside it; of a file of one's own also the modules in its folder.
    What another memory or the report is made of does not count. A module that is imported by a name
    made up at run time is not seen.
    """
    digest = hashlib.sha256()
    for path in source_files(*modules):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def source_files(*modules: str) -> list[Path]:
    """Return the files behind modules, each once."""
    packages = {OWN, *(module.partition(".")[0] for module in modules)}
    folders = {path.parent for name, path in files().items() if name in modules}
    waiting, seen = list(modules), dict[str, Path]()
    while waiting:
        name = waiting.pop()
        path = None if name in seen else _source(name)
        if path is None:
            continue
        seen[name] = path
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        imported = {name.rpartition(".")[0], *_imports(package, path.read_bytes())}
        tops = {other.partition(".")[0] for other in imported}
        packages |= {top for top in tops - packages if folders and _place(top) in folders}
        waiting += [other for other in imported if other.partition(".")[0] in packages]
    inner = {path.parent for path in seen.values() if path.name == "__init__.py"}
    data = {file for folder in inner for file in _data_files(folder)}
    return sorted({*seen.values(), *data})


def _place(top: str) -> Path | None:
    """Return the folder that a top-level module or package lies in."""
    path = _source(top) if top else None
    if path is None:
        return None
    return path.parent.parent if path.name == "__init__.py" else path.parent


def _source(module: str) -> Path | None:
    """Return a module's file; None for what is no module: a name inside one, or a C extension.

    Nothing is imported, not even the packages above: some of them take seconds.
    """
    top, *below = module.split(".")
    try:
        spec = importlib.util.find_spec(top)
    except ValueError:  # a script, which is no package's
        spec = None
    if spec is None or spec.origin is None:
        return None
    origin = Path(spec.origin)
    if not below:
        return origin if origin.suffix == ".py" else None
    place = origin.parent.joinpath(*below)
    found = (place.with_suffix(".py"), place / "__init__.py")
    return next((path for path in found if path.is_file()), None)


@lru_cache(maxsize=1024)  # what parts rest on is much the same, and to parse it takes long
def _imports(package: str, source: bytes) -> frozenset[str]:
    """Return the names of modules, and of what may be modules, that a file imports anywhere."""
    found = set[str]()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                base = importlib.util.resolve_name("." * node.level + base, package)
            found |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
    return frozenset(found)


def _data_files(package: Path) -> Iterator[Path]:
    """Yield a package's files that are no code, with those in folders that are no packages."""
    for entry in package.iterdir():
        if entry.is_dir() and entry.name != "__pycache__" and not (entry / "__init__.py").exists():
            yield from (path for path in entry.rglob("*") if path.is_file())
        elif entry.is_file() and entry.suffix not in (".py", ".pyc", ".so"):
            yield entry
