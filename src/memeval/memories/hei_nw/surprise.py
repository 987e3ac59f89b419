"""How unexpected the words of a text are to a language model."""

import numpy as np
import numpy.typing as npt


def salient_surprise(nats: npt.NDArray[np.float32], top_tokens: int) -> float:
    """Return the mean surprise in nats of the most surprising tokens; 0 for no tokens.

    The mean over all tokens does not separate facts from chatter, and the sum grows with length;
    the few most surprising tokens (names, things, places) do separate, at any length.
    """
    if not len(nats):
        return 0.0
    top = min(top_tokens, len(nats))
    return float(np.partition(nats, -top)[-top:].mean())
