"""Packages that a memory rests on and that memeval does not bring: looked for, never imported."""

from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version

from packaging.specifiers import SpecifierSet

from memeval.errors import ConfigError
from memeval.naming import DISTRIBUTION


def packages_of(kind: object) -> Mapping[str, str]:
    """Return the distributions that a memory's class says it rests on, with their versions."""
    told: Mapping[str, str] = getattr(kind, "packages", {})
    return told


def check_installed(name: str, kind: object) -> None:
    """Refuse a memory whose packages are not there, or are of another version than it is made for.

    Raises:
        ConfigError: it names the extra that brings them.
    """
    for package, wanted in packages_of(kind).items():
        found = _version(package)
        if found is None or not SpecifierSet(wanted).contains(found, prereleases=True):
            raise ConfigError(
                f"memory {name!r} needs the package {package} {wanted}, got {found or 'none'}; "
                f"install it with pip install '{DISTRIBUTION}[{name}]'"
            )


def is_installed(kind: object) -> bool:
    """Whether the packages of a memory are there, of versions that it is made for."""
    try:
        check_installed("", kind)
    except ConfigError:
        return False
    return True


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
