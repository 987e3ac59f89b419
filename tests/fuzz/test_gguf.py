"""A damaged GGUF file is converted, or is one kind of error: never another, and never for ever."""

import random
from pathlib import Path

import numpy as np
from fuzz.mutating import mutated, time_limit
from gguf import GGUFWriter

from memeval.errors import ModelError
from memeval.models.local.gguf import check_complete, converted

MUTATIONS = 1000
CONVERTED = 50  # one in so many goes on to transformers, which takes longer
WIDTH, WORDS, CONTEXT = 8, 5, 64


def tiny_gguf(path: Path) -> bytes:
    """Return a whole Llama of one layer, with a tokenizer of a few words."""
    writer = GGUFWriter(path, "llama")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(WIDTH)
    writer.add_head_count(2)
    writer.add_head_count_kv(2)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(WORDS)
    writer.add_tokenizer_model("gpt2")
    writer.add_token_list(["<s>", "</s>", "a", "b", "ab"])
    writer.add_token_merges(["a b"])
    writer.add_bos_token_id(0)
    writer.add_eos_token_id(1)
    rng = np.random.default_rng(0)
    square = [f"blk.0.{name}.weight" for name in ("attn_q", "attn_k", "attn_v", "attn_output")]
    square += [f"blk.0.{name}.weight" for name in ("ffn_gate", "ffn_up", "ffn_down")]
    for name in square:
        writer.add_tensor(name, rng.standard_normal((WIDTH, WIDTH), np.float32))
    for name in ("blk.0.attn_norm.weight", "blk.0.ffn_norm.weight", "output_norm.weight"):
        writer.add_tensor(name, np.ones(WIDTH, np.float32))
    for name in ("token_embd.weight", "output.weight"):
        writer.add_tensor(name, rng.standard_normal((WORDS, WIDTH), np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path.read_bytes()


def refusal(file: Path, *, whole: bool) -> str:
    """Return what is said against a file's head, or all of it; nothing if it is as it should be."""
    try:
        check_complete(file)
        if whole:
            converted(file, file.parent / "cache")
    except ModelError as error:
        return str(error)
    return ""


def test_a_damaged_file_is_converted_or_refused(tmp_path: Path) -> None:
    """Whatever is cut, flipped, doubled or put in."""
    file = tmp_path / "model.gguf"
    whole = tiny_gguf(file)
    assert converted(file, tmp_path / "cache").is_dir()  # what it imports is not counted
    for seed in range(MUTATIONS):
        file.write_bytes(mutated(whole, random.Random(seed)))
        with time_limit():
            refused = refusal(file, whole=seed % CONVERTED == 0)
        assert "did not end" not in refused, seed  # the limit is an error as any other
