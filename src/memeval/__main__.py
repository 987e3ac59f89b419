"""`python -m memeval`, and the console script."""

from memeval.interruption import INTERRUPTION


def main() -> None:
    """Run the command line, which Ctrl-C may end before it has been imported."""
    with INTERRUPTION.heard():
        from memeval.cli.app import main as run

        run()


if __name__ == "__main__":
    main()
