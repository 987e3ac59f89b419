"""The project's chores, each in an environment of its own: `nox -s NAME`."""

import nox

nox.options.sessions = ["lint", "types", "tests"]
nox.options.reuse_existing_virtualenvs = True
PINS = ("-c", "constraints.txt")
DEMO_PRESETS = ("baselines/closed_book", "baselines/core", "baselines/oracle", "memory/hei_nw")


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and formatting."""
    session.install(*PINS, "ruff")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Check types, strictly."""
    session.install(*PINS, "-e", ".[types]")
    session.run("mypy")


@nox.session
def tests(session: nox.Session) -> None:
    """Run all tests; the embedded model is fetched first, the tests need no network."""
    session.install(*PINS, "-e", ".[test,plots]")
    session.run("python", "-m", "memeval.models.embedded")
    session.run("pytest", "-n", "2", *session.posargs, env={"HF_HUB_OFFLINE": "1"})


@nox.session
def docs(session: nox.Session) -> None:
    """Check that the pages' links lead somewhere and their commands exist."""
    session.install(*PINS, "-e", ".[test]")
    session.run("pytest", "tests/test_docs.py")


@nox.session
def golden(session: nox.Session) -> None:
    """Write the golden files anew; look at the difference before committing it."""
    session.install(*PINS, "-e", ".[test]")
    session.run("pytest", "tests", "-m", "golden", env={"MEMEVAL_REGENERATE_GOLDEN": "1"})


@nox.session
def demo(session: nox.Session) -> None:
    """Measure a memory against floor, core and ceiling on the embedded model."""
    session.install(*PINS, "-e", ".[plots]")
    session.run("memeval", "datasets", "build", "--suite", "episodic", "--size", "50",
                "--seed", "1337")  # fmt: skip
    presets = [word for name in DEMO_PRESETS for word in ("--preset", name)]
    session.run("memeval", "eval", *presets, "--model", "smollm2", "--suite", "episodic",
                "--size", "50", "--seed", "1337", "--date", "demo", "--threads", "2")  # fmt: skip
    session.run("memeval", "report", "demo")


@nox.session
def bench(session: nox.Session) -> None:
    """Time what users wait for."""
    session.install(*PINS, "-e", ".")
    session.run("python", "benchmarks/startup.py")
