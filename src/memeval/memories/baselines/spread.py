"""Mean and standard deviation of all products of a query with many vectors, from moments alone."""

import numpy as np
import numpy.typing as npt

LEAST = 1e-9
"""What is nearer to one another than single precision tells is the same."""

Floats = npt.NDArray[np.float64]


class Spread:
    """Mean and scatter of vectors, which grow with them (Chan, Golub and LeVeque 1979).

    The products of a query q have the mean q'm and the variance q'Sq / n: no product is needed, and
    they do not depend on how products are rounded.
    """

    def __init__(self, width: int) -> None:
        self._count = 0
        self._mean: Floats = np.zeros(width)
        self._scatter: Floats = np.zeros((width, width))

    def __len__(self) -> int:
        return self._count

    def add(self, rows: npt.NDArray[np.float32]) -> None:
        """Take in vectors, `(rows, width)`."""
        wide = rows.astype(np.float64)
        mean = wide.mean(axis=0)
        wide -= mean
        apart, total = mean - self._mean, self._count + len(wide)
        self._scatter += wide.T @ wide
        self._scatter += np.outer(apart, apart) * (self._count * len(wide) / total)
        self._mean += apart * (len(wide) / total)
        self._count = total

    def of(self, query: npt.NDArray[np.float32]) -> tuple[float, float]:
        """Return mean and standard deviation of the products with a query, 0 where all agree."""
        wide = query.astype(np.float64)
        variance = float(wide @ self._scatter @ wide) / max(1, self._count)
        deviation = float(np.sqrt(max(0.0, variance)))
        return float(wide @ self._mean), deviation if deviation > LEAST else 0.0
