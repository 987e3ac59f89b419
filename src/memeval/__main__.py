"""`python -m memeval`, and the console script."""

from memeval.cli.app import main

if __name__ == "__main__":
    main()
