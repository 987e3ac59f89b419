"""What `openai:NAME@BASE_URL` stands for, told before anything is asked of a server."""

import os
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from memeval.errors import ModelError
from memeval.outside import shown

KIND = "openai"
BASE_URL, KEY = "OPENAI_BASE_URL", "OPENAI_API_KEY"
EXAMPLE = f"{KIND}:NAME@http://localhost:8000/v1"
_BEGINNING = re.compile(r"@(?=https?://)")


@dataclass(frozen=True, slots=True)
class Address:
    """A model by the name that its server knows, and where the server is."""

    model: str
    base_url: str

    def __str__(self) -> str:
        """Return it as the command line takes it."""
        return f"{KIND}:{self.model}@{self.base_url}"


def is_served(name: str) -> bool:
    """Whether a name is that of a served model."""
    return name.startswith(f"{KIND}:")


def read_address(told: str) -> Address:
    """Read what stands behind `openai:`; without an address the environment must give one.

    Raises:
        ModelError: no model is named, or the address is none; one that holds a key is not shown.
    """
    model, *given = _BEGINNING.split(told, maxsplit=1)
    url = given[0] if given else os.environ.get(BASE_URL, "")
    if not given and "@" in told:
        raise _wrong("begin with http:// or https://", shown(told.rpartition("@")[2]))
    if not url:
        raise ModelError(
            f"a served model must be named with its address, got {shown(told)} and no {BASE_URL} "
            f"in the environment; name it as in {EXAMPLE}"
        )
    if not model:
        raise ModelError(
            f"a served model must be named as its server lists it, got no name before {_host(url)};"
            f" name it as in {EXAMPLE}"
        )
    return Address(model, _checked(url))


def _checked(url: str) -> str:
    """Return an address without a slash at its end, refusing what could be a secret."""
    try:
        parts = urlsplit(url)
        is_there = bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise _wrong("be an address", _host(url)) from None
    if parts.scheme not in {"http", "https"}:
        raise _wrong("begin with http:// or https://", _host(url))
    if not is_there:
        raise _wrong("name a host", _host(url))
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ModelError(
            "a server's address must hold no key, user or query, got one that does; put the key "
            f"into {KEY} and leave the address bare"
        )
    return url.rstrip("/")


def _host(url: str) -> str:
    """Show an address as far as it holds no secret."""
    return shown(url.partition("?")[0].rpartition("@")[2])


def _wrong(rule: str, got: str) -> ModelError:
    return ModelError(f"a server's address must {rule}, got {got}; name it as in {EXAMPLE}")
