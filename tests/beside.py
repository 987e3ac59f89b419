"""What lies outside the repository, beside the checkout: shared cases, parts of benchmarks."""

import os
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]


def shared(name: str, variable: str, checkout: Path = CHECKOUT) -> Path:
    """Return the folder of a name in the nearest `shared` above a checkout, there or not.

    So that a work tree further down finds it too. Where the environment's variable says another
    folder, it is that one.
    """
    if told := os.environ.get(variable):
        return Path(told)
    places = [above / "shared" / name for above in checkout.parents]
    return next((place for place in places if place.is_dir()), places[0])


BENCHMARKS = shared("benchmarks", "MEMEVAL_BENCHMARKS_DIR")
CASES = shared("cases", "MEMEVAL_CASES_DIR")
