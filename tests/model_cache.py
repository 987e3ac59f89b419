"""Where the embedded model lies, for the tests that need it."""

from memeval.config import Settings

CACHE_DIR = Settings().cache_dir  # read when imported, before any test changes the environment
