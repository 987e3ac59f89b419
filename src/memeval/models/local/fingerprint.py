"""What tells one local model from another: everything that its answers rest on."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

SAMPLES_PER_TENSOR = 4096
WHERE_FROM = ("_name_or_path", "_commit_hash", "transformers_version", "_from_model_config")
"""Keys of a configuration that tell where it is from and not what it does."""


def fixed_digest(model: Any, tokenizer: Any) -> str:
    """Return a digest of what stays while a model is loaded: weights, configuration, tokenizer."""
    digest = hashlib.sha256(_weights(model).digest())
    for part in (_configuration(model), _tokenizer(tokenizer)):
        digest.update(json.dumps(part, sort_keys=True).encode())
    return digest.hexdigest()


def whole_digest(fixed: str, tokenizer: Any) -> str:
    """Return a digest of that and of the chat template, which renders alike on every day."""
    return hashlib.sha256(json.dumps([fixed, tokenizer.chat_template]).encode()).hexdigest()


def weights_digest(model: Any, tokenizer: Any) -> str:
    """Return a digest of weights, vocabulary and chat template alone.

    Cells of every version hold it, the first ones as their fingerprint: it tells that a cell which
    is run anew is of the same model as those beside it.
    """
    digest = _weights(model)
    digest.update(json.dumps(sorted(tokenizer.get_vocab().items())).encode())
    if tokenizer.chat_template:
        digest.update(json.dumps(tokenizer.chat_template).encode())
    return digest.hexdigest()


def _weights(model: Any) -> "hashlib._Hash":
    """Return a hash of names, shapes, precision and an even sample of every tensor.

    Reading all weights of a large model would take longer than an evaluation; any training step
    moves nearly every weight, so 4,096 values of each tensor tell models apart.
    """
    digest = hashlib.sha256()
    for key, tensor in sorted(model.state_dict().items()):
        flat = tensor.detach().flatten()
        sample = flat[:: max(1, flat.numel() // SAMPLES_PER_TENSOR)]
        digest.update(f"{key} {tuple(tensor.shape)} {tensor.dtype}".encode())
        digest.update(sample.float().cpu().numpy().tobytes())
    return digest


def _configuration(model: Any) -> list[Any]:
    """Return what config.json and generation_config.json say: window, rope, end tokens and more."""
    told = [json.loads(model.config.to_json_string(use_diff=False))]
    generation = getattr(model, "generation_config", None)
    if generation is not None:
        told.append(json.loads(generation.to_json_string(use_diff=False)))
    return [_without_origin(config) for config in told]


def _without_origin(config: Any) -> Any:
    if isinstance(config, Mapping):
        kept = {key: value for key, value in config.items() if key not in WHERE_FROM}
        return {key: _without_origin(value) for key, value in kept.items()}
    return config


def _tokenizer(tokenizer: Any) -> list[Any]:
    """Return the tokenizer as a whole, or what can be had of one that is written in Python."""
    if tokenizer.is_fast:
        whole = json.loads(tokenizer.backend_tokenizer.to_str())
        for state in ("padding", "truncation"):  # of the last call, and set anew by every one
            whole.pop(state, None)
    else:
        whole = sorted(tokenizer.get_vocab().items())
    special = {name: str(token) for name, token in tokenizer.special_tokens_map.items()}
    cleans = getattr(tokenizer, "clean_up_tokenization_spaces", None)
    return [type(tokenizer).__name__, whole, special, cleans]
