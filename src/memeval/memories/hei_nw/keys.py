"""What traces are found by: their words, and the vector of their text.

Each gives every trace a score for a cue; `cues.py` makes one ranking of both.
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Key = tuple[str, ...]
"""The words of a stored trace that its code is made of."""
