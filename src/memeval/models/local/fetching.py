"""Asks the Hub for a model once, before transformers does so for each file, again and again.

transformers tries a file several times, seconds apart, and then says that it could not connect:
a minute for a folder whose name was mistyped.
"""

from memeval.errors import ModelError
from memeval.models.places import is_cached
from memeval.outside import shown

RULE = "a model must be a hub id or folder that transformers loads"
PATIENCE_S = 5
CHECK = "check the name, or the network"


def check_on_hub(name: str) -> None:
    """Refuse a hub id that is not in the cache and cannot be fetched; other errors show later.

    Raises:
        ModelError: the Hub must not be asked, does not answer, or has no such model.
    """
    from huggingface_hub import constants, get_hf_file_metadata, hf_hub_url
    from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError

    if is_cached(name):
        return
    if constants.HF_HUB_OFFLINE:
        raise _refused(name, "it is not in the Hub's cache, where HF_HUB_OFFLINE keeps to", CHECK)
    try:
        get_hf_file_metadata(hf_hub_url(name, "config.json"), timeout=PATIENCE_S)
    except RepositoryNotFoundError as error:
        step = "check the name, or log in for a gated model"
        raise _refused(name, "the Hub shows no such model", step) from error
    except HfHubHTTPError:
        return  # it answers; what it has against a file is told where that is read
    except Exception as error:  # of whichever HTTP library huggingface_hub is built on
        raise _refused(name, "the Hub could not be reached", CHECK) from error


def _refused(name: str, why: str, next_step: str) -> ModelError:
    return ModelError(
        f"{RULE}, got {shown(name)}: no folder of that name is here, and {why}; {next_step}"
    )
