"""A tiny randomly initialised sentence encoder, as sentence-transformers saves one."""

import json
from pathlib import Path
from typing import Any

from tiny_models import SIZES, byte_tokenizer

WIDTH = 16
MODULES = [
    {"path": "", "type": "sentence_transformers.models.Transformer"},
    {"path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
    {"path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
]
POOLING = {"word_embedding_dimension": WIDTH, "pooling_mode_mean_tokens": True}
LENGTH = {"max_seq_length": 24, "do_lower_case": False}
PROMPTS = {"prompts": {"query": "ask: ", "passage": ""}}


def save_tiny_encoder(folder: Path, **changed: Any) -> Path:
    """Write a tiny random encoder; `changed` are the contents of its files by their stems."""
    import torch
    import transformers

    torch.manual_seed(0)
    config = transformers.BertConfig(
        vocab_size=SIZES["vocab_size"],
        hidden_size=WIDTH,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        max_position_embeddings=64,
        pad_token_id=SIZES["pad_token_id"],
        initializer_range=0.3,
    )
    transformers.BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    byte_tokenizer(adds_bos=False).save_pretrained(folder)
    (folder / "1_Pooling").mkdir()
    for name, content in {
        "modules": MODULES,
        "1_Pooling/config": POOLING,
        "sentence_bert_config": LENGTH,
        "config_sentence_transformers": PROMPTS,
        **changed,
    }.items():
        (folder / f"{name}.json").write_text(json.dumps(content))
    return folder
