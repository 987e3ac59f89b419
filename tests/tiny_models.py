"""Tiny randomly initialised models, true to their architectures, with a byte-level tokenizer."""

from pathlib import Path
from typing import Any

ARCHITECTURES = ("llama", "phi3", "qwen2", "gemma3")
BYTES, SPECIAL = 256, ("<bos>", "<eos>", "<pad>")
SIZES = {
    "vocab_size": BYTES + len(SPECIAL),
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 4096,
    "bos_token_id": BYTES,
    "eos_token_id": BYTES + 1,
    "pad_token_id": BYTES + 2,
    "initializer_range": 0.3,  # wide enough that answers differ and ties are rare
}


def save_tiny_model(architecture: str, folder: Path) -> None:
    """Write a tiny random model with its tokenizer, as `save_pretrained` does."""
    import torch
    import transformers

    torch.manual_seed(0)
    model = transformers.AutoModelForCausalLM.from_config(tiny_config(architecture))
    model.save_pretrained(folder)
    byte_tokenizer(adds_bos=architecture in ("llama", "gemma3")).save_pretrained(folder)


def tiny_config(architecture: str) -> Any:
    """Return a configuration with every peculiarity of its architecture, in small."""
    import transformers

    if architecture == "llama":
        return transformers.LlamaConfig(**SIZES)
    if architecture == "qwen2":
        return transformers.Qwen2Config(**SIZES)
    if architecture == "phi3":
        # Phi-3 attends within a sliding window.
        return transformers.Phi3Config(**SIZES, sliding_window=64)
    # Gemma-3 alternates sliding and global layers.
    return transformers.Gemma3TextConfig(
        **SIZES,
        head_dim=8,
        sliding_window=32,
        layer_types=["sliding_attention", "full_attention"],
    )


def byte_tokenizer(*, adds_bos: bool) -> Any:
    """Return a tokenizer with one token a byte."""
    import transformers
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {symbol: i for i, symbol in enumerate(alphabet)}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(list(SPECIAL))
    if adds_bos:
        tokenizer.post_processor = processors.TemplateProcessing(
            single="<bos> $A", special_tokens=[("<bos>", BYTES)]
        )
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<bos>", eos_token="<eos>", pad_token="<pad>"
    )
