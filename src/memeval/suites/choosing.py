"""From what stands behind `--suite` to datasets."""

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any

from memeval.config import PLAIN_NAME
from memeval.datasets.dataset import Dataset
from memeval.datasets.folder import Folder
from memeval.errors import ConfigError, PluginError, blaming
from memeval.outside import path_of, shown
from memeval.registry import SUITES
from memeval.suites.suite import FromFiles, Sized, Suite
from memeval.trial import TRIAL

ALL = "all"
Options = Mapping[str, Any]
"""What a suite is told besides size, seed and path, by name."""
NO_OPTIONS: Options = {}
GIVES = "a suite must give a dataset or say what is wrong"


def suite_named(name: str) -> Suite:
    """Return a registered suite.

    Raises:
        ConfigError: no such suite.
        PluginError: it cannot be imported, or is no suite.
    """
    made = SUITES.load(name)
    if isinstance(made, type):
        with _tried(name, suite_named, name):
            made = made()
    if not isinstance(made, Suite):
        raise PluginError(
            "a suite must have prompt, primary and dataset(size, seed, path), got "
            f"{type(made).__name__} from {SUITES.plugin(name)}; add what is missing"
        )
    if isinstance(made, Sized) and not (_are_counts(made.sizes) and _are_counts(made.seeds)):
        raise PluginError(
            "a suite's sizes and seeds must be tuples of whole numbers, got "
            f"{shown(made.sizes)} and {shown(made.seeds)} from {SUITES.plugin(name)}; mend them"
        )
    return made


def folder_named(name: str) -> Path | None:
    """Return the folder of one's own that a suite's name stands for, None if it is no path.

    A registered suite goes before a folder of that name, which can be written `./name`.
    """
    if name.partition(":")[0] in SUITES.names():
        return None
    path = path_of(name)
    is_path = os.sep in name or "/" in name or path.is_dir()
    return path if is_path and ".py:" not in name else None


def suite_names(chosen: Sequence[str]) -> list[str]:
    """Return the names asked for, each once; `all` stands for every suite that has sizes.

    Raises:
        ConfigError: no such suite.
        PluginError: one cannot be imported.
    """
    names = [name for one in chosen for name in (sized_suites() if one == ALL else [one])]
    for name in names:
        if folder_named(name) is None:
            suite_named(_split(name)[0])
    return list(dict.fromkeys(names))


def sized_suites() -> list[str]:
    """Return the suites that make datasets of any size, which need nothing of the user's."""
    return [name for name in SUITES.names() if isinstance(suite_named(name), Sized)]


def has_files(name: str) -> bool:
    """Whether a name is that of a suite that reads files which others published."""
    return name in SUITES.names() and isinstance(suite_named(name), FromFiles)


def datasets_named(
    name: str,
    sizes: Sequence[int] = (),
    seeds: Sequence[int] = (),
    *,
    is_matrix: bool = False,
    options: Options = NO_OPTIONS,
) -> list[Dataset]:
    """Return the datasets of a name in every size and seed.

    Where none are given, a suite that has sizes gives its default, or all of its run matrix, and
    any other gives all there is.

    Raises:
        ConfigError: no such suite, or a size, seed or option that it does not take.
        DataError: files that are missing or broken.
        PluginError: it is no dataset that comes back.
    """
    if folder_named(name) is None:
        suite = suite_named(_split(name)[0])
        if isinstance(suite, Sized):
            last = None if is_matrix else 1
            sizes, seeds = sizes or suite.sizes[:last], seeds or suite.seeds[:last]
    every_size: Sequence[int | None] = sizes or (None,)
    every_seed: Sequence[int | None] = seeds or (None,)
    return [
        dataset_named(name, size, seed, **options) for size in every_size for seed in every_seed
    ]


def ablation_datasets(
    chosen: Sequence[str],
    sizes: Sequence[int] = (),
    seeds: Sequence[int] = (),
    options: Options = NO_OPTIONS,
) -> list[Dataset]:
    """Return the datasets that parts of a memory are judged on: each suite's second size.

    They are of all seeds of its run matrix, unless sizes or seeds are given.
    """
    found = []
    for name in suite_names(chosen):
        suite = None if folder_named(name) else suite_named(_split(name)[0])
        many: tuple[Sequence[int], Sequence[int]] = (sizes, seeds)
        if isinstance(suite, Sized):
            many = sizes or suite.sizes[1:2], seeds or suite.seeds
        found += datasets_named(name, *many, options=options)
    return found


def dataset_named(
    name: str, size: int | None = None, seed: int | None = None, /, **options: Any
) -> Dataset:
    """Return one dataset: of a registered suite, of `NAME:PATH`, or of a folder of one's own.

    Raises:
        ConfigError: no such suite, or a size, seed or option that it does not take.
        DataError: files that are missing or broken.
        PluginError: it is no dataset that comes back.
    """
    if size is not None and size < 1:
        raise ConfigError(f"--size must be at least 1, got {size}; leave it out for the usual size")
    folder = folder_named(name)
    if folder is not None:
        if options:
            raise ConfigError(
                f"a folder of one's own takes no options, got {', '.join(sorted(options))}; leave "
                "them out"
            )
        return Folder.at(folder, size=size, seed=seed)
    if taken := {"size", "seed", "path"} & set(options):
        raise ConfigError(
            f"an option of data must have a name of its own, got {', '.join(sorted(taken))}; give "
            "--size, --seed, or --suite NAME:PATH"
        )
    plain, path = _split(name)
    suite = suite_named(plain)
    if isinstance(suite, Sized):
        size = suite.sizes[0] if size is None else size
        seed = suite.seeds[0] if seed is None else seed
    with _tried(plain, partial(dataset_named, name, size, seed, **options)):
        made = suite.dataset(size=size, seed=seed, path=path, **options)
        return _checked(made, plain)


def _tried(
    name: str, function: Callable[..., object], *arguments: object
) -> AbstractContextManager[None]:
    """Name the suite that raises, or that a trial of a call of ours shows to end its process."""
    rule, whose, next_step = GIVES, SUITES.plugin(name), "mend the suite"
    if not whose.is_own and (found := TRIAL.verdict_of_call({}, function, *arguments)):
        found.refuse(rule, whose, next_step)
    return blaming(rule, whose, next_step, doing="dataset")


def _checked(made: object, name: str) -> Dataset:
    """Return a dataset if results can lie below its suite, size and seed.

    Raises:
        PluginError: it is none, or its names are no names of folders.
    """
    if not isinstance(made, Dataset):
        rule, got = "have suite, size, seed and open()", type(made).__name__
    elif not (isinstance(made.suite, str) and PLAIN_NAME.fullmatch(made.suite)):
        rule, got = "have a suite made of letters, digits, '.', '_' and '-'", repr(made.suite)
    elif not (_is_count(made.size) and made.size and _is_count(made.seed)):
        rule, got = "have a size above 0 and a seed", f"size {made.size!r}, seed {made.seed!r}"
    elif not _is_hashable(made):
        rule, got = "be hashable, as a frozen dataclass is", type(made).__name__
    else:
        return made
    raise PluginError(
        f"a dataset must {rule}, got {got} from {SUITES.plugin(name)}; mend its method dataset"
    )


def _are_counts(values: object) -> bool:
    return isinstance(values, tuple) and bool(values) and all(map(_is_count, values))


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_hashable(made: object) -> bool:
    try:
        hash(made)
    except TypeError:
        return False
    return True


def _split(name: str) -> tuple[str, Path | None]:
    """Return a suite's name and the path behind its colon; a file's `FILE.py:NAME` stays whole."""
    if name in SUITES.names() or ".py:" in name:
        return name, None
    plain, colon, path = name.partition(":")
    if plain in SUITES.names() and colon and not path:
        raise ConfigError(
            f"a path must stand behind the colon of a suite, got {shown(name)}; name the file or "
            f"folder, as in {name}PATH, or leave the colon out"
        )
    return (plain, path_of(path)) if colon and path else (name, None)
