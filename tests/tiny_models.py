"""Tiny randomly initialised models, true to their architectures, with a byte-level tokenizer."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

ARCHITECTURES = ("llama", "phi3", "qwen2", "gemma3")  # that run the whole road
ROTARY = (*ARCHITECTURES, "qwen3", "mistral", "phi3_longrope", "llama3")
PACKABLE = (*ROTARY, "gpt2")
UNPACKABLE = ("bloom", "mamba")  # ALiBi; a recurrent state
TURNS = (
    "{% for m in messages %}[{{ m['role'] }}]{{ m['content'] | trim }}<eos>\n{% endfor %}"
    "{% if add_generation_prompt %}[assistant]{% endif %}"
)
REFUSES_SYSTEM = (
    "{% if messages[0]['role'] == 'system' %}{{ raise_exception('No system role') }}{% endif %}"
)
CHAT_TEMPLATES = {  # with the peculiarities of the real ones
    "llama": "{{ bos_token }}" + TURNS,
    "gemma3": "{{ bos_token }}" + REFUSES_SYSTEM + TURNS,
    "phi3": TURNS.replace("in messages", "in messages if m['role'] != 'system'"),
    "qwen2": TURNS,
    "bloom": TURNS,
}
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
    random_model(architecture).save_pretrained(folder)
    tokenizer = byte_tokenizer(adds_bos=architecture in ("llama", "gemma3"))
    tokenizer.chat_template = CHAT_TEMPLATES.get(architecture)
    tokenizer.save_pretrained(folder)


@cache
def random_model(architecture: str) -> Any:
    """Return a tiny random model, always the same, and fit to be saved whoever asks first."""
    import torch
    import transformers

    torch.manual_seed(0)
    with torch.inference_mode(mode=False):
        return transformers.AutoModelForCausalLM.from_config(tiny_config(architecture)).eval()


def tiny_config(architecture: str) -> Any:
    """Return a configuration with every peculiarity of its architecture, in small."""
    import transformers as t

    other_names = {"vocab_size": SIZES["vocab_size"], "n_layer": 2, "n_head": 4}
    ends = {name: SIZES[name] for name in ("bos_token_id", "eos_token_id", "pad_token_id")}
    makers: dict[str, Callable[[], Any]] = {
        "llama": lambda: t.LlamaConfig(**SIZES),
        "llama3": lambda: t.LlamaConfig(**SIZES, rope_parameters=LLAMA3_ROPE),
        "qwen2": lambda: t.Qwen2Config(**SIZES),
        "qwen3": lambda: t.Qwen3Config(**SIZES, head_dim=8),
        "mistral": lambda: t.MistralConfig(**SIZES, sliding_window=32),
        "phi3": lambda: t.Phi3Config(**SIZES, sliding_window=64),
        "phi3_longrope": lambda: t.Phi3Config(
            **{**SIZES, "hidden_size": 64},
            partial_rotary_factor=0.75,
            original_max_position_embeddings=2048,
            rope_parameters=LONGROPE,
        ),
        "gemma3": lambda: t.Gemma3TextConfig(
            **SIZES,
            head_dim=8,
            sliding_window=32,
            layer_types=["sliding_attention", "full_attention"],
        ),
        "gpt2": lambda: t.GPT2Config(**other_names, **ends, n_embd=32, initializer_range=0.3),
        "bloom": lambda: t.BloomConfig(**other_names, **ends, hidden_size=32),
        "mamba": lambda: t.MambaConfig(
            vocab_size=SIZES["vocab_size"], **ends, hidden_size=32, num_hidden_layers=2
        ),
    }
    return makers[architecture]()


LLAMA3_ROPE = {
    "rope_type": "llama3",
    "rope_theta": 10_000.0,
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 512,
}
LONGROPE = {
    "rope_type": "longrope",
    "rope_theta": 10_000.0,
    "partial_rotary_factor": 0.75,
    "factor": 2.0,
    "long_factor": [2.0] * 6,
    "short_factor": [1.1] * 6,
    "original_max_position_embeddings": 2048,
}


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


def saying_model(steps: dict[str, str], *, window: int = 4096) -> Any:
    """Return a model that says one character after another, by the last one alone.

    `steps` leads from each character to the next; from any other the answer ends.
    """
    import torch
    import transformers

    ids = {chr(byte): id_ for byte, id_ in _ids_of_ascii().items()}
    width = 264
    sizes = {"vocab_size": width, "hidden_size": width, "max_position_embeddings": window}
    model = transformers.LlamaForCausalLM(transformers.LlamaConfig(**SIZES | sizes))
    layers = model.model.layers
    with torch.no_grad():
        model.model.embed_tokens.weight.copy_(torch.eye(width))
        model.lm_head.weight.zero_()
        model.lm_head.weight[SIZES["eos_token_id"]] = 0.1
        for before, after in steps.items():
            model.lm_head.weight[ids[after], ids[before]] = 1.0
        for layer in layers:
            layer.self_attn.o_proj.weight.zero_()
            layer.mlp.down_proj.weight.zero_()
    return model


def _ids_of_ascii() -> dict[int, int]:
    tokenizer = byte_tokenizer(adds_bos=False)
    return {byte: tokenizer(chr(byte))["input_ids"][0] for byte in range(128)}
