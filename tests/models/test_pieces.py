"""The pieces of a prompt are read as the text that they are, whatever tokenizes them."""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tiny_models import random_model, save_tiny_model
from tokenizers import (
    Regex,
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
    trainers,
)

from memeval.config import ReaderOptions
from memeval.models import CAPABILITIES, Prompt, load_model, missing
from memeval.models.local.huggingface import model_of
from memeval.models.local.pieces import Pieces, beginning
from memeval.reader import Reader
from memeval.types import PromptFormat, Query, Recall, Trace

SPECIAL = ["<unk>", "<s>", "</s>"]
BYTES = [f"<0x{byte:02X}>" for byte in range(256)]
PROMPT = Prompt(
    "Read this.\nNotes:\n",
    ("- Omar lives in Lima.\n", "- The cat is  2 metres.\n"),
    "Question: Who lives in Lima?\nAnswer:",
)
OPTIONS = [" north", " Omar and the cat", ""]


def wrapped(tokenizer: Tokenizer) -> Any:
    import transformers

    names = dict(zip(("unk_token", "bos_token", "eos_token"), SPECIAL, strict=True))
    return transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer, **names)


def trained(
    model: Any, trainer: Any, *, special: Sequence[str] = SPECIAL, size: int = 150, **parts: Any
) -> Any:
    """Return a tokenizer that has read a few words, none of them with a newline."""
    tokenizer = Tokenizer(model)
    for name, part in parts.items():
        setattr(tokenizer, name, part)
    words = f"{PROMPT.text} north".split() * 3
    sizes = {} if trainer is trainers.WordLevelTrainer else {"vocab_size": size}
    unk = {"unk_token": "<unk>"} if trainer is trainers.UnigramTrainer else {}
    told = trainer(special_tokens=list(special), show_progress=False, **sizes, **unk)
    tokenizer.train_from_iterator(words, told)
    return tokenizer


def unigram(scheme: str, normalizer: Any = None) -> Tokenizer:
    return trained(
        models.Unigram(),
        trainers.UnigramTrainer,
        size=70,
        **({"normalizer": normalizer} if normalizer else {}),
        pre_tokenizer=pre_tokenizers.Metaspace(prepend_scheme=scheme),
        decoder=decoders.Metaspace(prepend_scheme=scheme),
    )


def llama2() -> Tokenizer:
    """Return SentencePiece's BPE as Llama 2 has it: the normalizer puts a space before a text."""
    space = decoders.Replace("▁", " ")
    prepend = [normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")]
    parts = [space, decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    return trained(
        models.BPE(byte_fallback=True, unk_token="<unk>", fuse_unk=True),
        trainers.BpeTrainer,
        special=[*SPECIAL, *BYTES],
        size=350,
        normalizer=normalizers.Sequence(prepend),
        decoder=decoders.Sequence(parts),
    )


def word_piece() -> Tokenizer:
    parts = {
        "normalizer": normalizers.BertNormalizer(),
        "pre_tokenizer": pre_tokenizers.BertPreTokenizer(),
        "decoder": decoders.WordPiece(),
    }
    return trained(models.WordPiece(unk_token="<unk>"), trainers.WordPieceTrainer, **parts)


def word_level() -> Tokenizer:
    spaces = pre_tokenizers.Whitespace()
    model = models.WordLevel(unk_token="<unk>")
    return trained(model, trainers.WordLevelTrainer, pre_tokenizer=spaces)


def byte_level(*, adds_space: bool) -> Tokenizer:
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    vocabulary = {symbol: i for i, symbol in enumerate([*SPECIAL, *sorted(alphabet)])}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.add_special_tokens(SPECIAL)
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=adds_space)
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def folding_space() -> Tokenizer:
    """Return one to which a newline is a space, and many spaces are one."""
    fold = [normalizers.Nmt(), normalizers.Replace(Regex(" {2,}"), " ")]
    return unigram("always", normalizers.Sequence(fold))


TOKENIZERS: dict[str, Callable[[], Tokenizer]] = {
    "unigram": lambda: unigram("always"),
    "unigram, first": lambda: unigram("first"),
    "unigram, never": lambda: unigram("never"),
    "llama2": llama2,
    "word piece": word_piece,
    "word level": word_level,
    "byte level": lambda: byte_level(adds_space=False),
    "byte level with a space": lambda: byte_level(adds_space=True),
    "folding space": folding_space,
}
AS_TEXT = {"folding space"}  # none of their pieces ends as the text does there


@cache
def tokenizer_of(name: str) -> Any:
    return wrapped(TOKENIZERS[name]())


@cache
def model_with(name: str) -> Any:
    return model_of(random_model("llama"), tokenizer_of(name), name=name)


def own(name: str, text: str) -> list[int]:
    ids: list[int] = tokenizer_of(name)(text, add_special_tokens=False)["input_ids"]
    return ids


@pytest.mark.parametrize("name", TOKENIZERS)
def test_a_prompt_is_read_as_its_text_is(name: str) -> None:
    """Prefix, notes and suffix are together the tokens of the text, in pieces or as a whole."""
    prefix, notes, suffix = model_with(name)._encode(PROMPT)
    assert [*prefix, *(token for note in notes for token in note), *suffix] == own(
        name, PROMPT.text
    )
    assert len(notes) == (0 if name in AS_TEXT else 2)


@pytest.mark.parametrize("name", TOKENIZERS)
@pytest.mark.parametrize("option", OPTIONS)
def test_an_option_is_read_as_the_text_goes_on(name: str, option: str) -> None:
    """No space is put before what stands behind the prompt."""
    whole = own(name, PROMPT.text + option)
    added = model_with(name)._encoding.option(PROMPT, option)
    assert [*own(name, PROMPT.text), *added] == whole


@pytest.mark.parametrize("name", TOKENIZERS)
def test_a_piece_has_the_same_tokens_wherever_it_stands(name: str) -> None:
    """So a note that was read once is found again; only what begins a text may differ."""
    pieces = Pieces(tokenizer_of(name))
    turned = dict(zip(PROMPT.pieces[:0:-1], pieces.continuing(PROMPT.pieces[:0:-1]), strict=True))
    assert pieces.continuing(PROMPT.pieces[1:]) == [turned[piece] for piece in PROMPT.pieces[1:]]


@pytest.mark.parametrize("name", TOKENIZERS)
def test_what_is_counted_is_what_is_read(name: str) -> None:
    """However many notes there are, those that are chosen fit the window, with an answer."""
    model = model_with(name)
    prompt = PromptFormat((), note="{text}\n")
    reader = Reader(model, prompt, ReaderOptions(traces=None))
    query = Query("q", "Who lives in Lima?", 9)
    recall = Recall(tuple(Trace("Lima Lima", 1.0, (f"e{i}",)) for i in range(3000)))
    [read] = reader.cut([query], [recall])
    [asked] = reader.prompts([query], [read])
    assert len(read.traces) > 0 < read.left_out
    assert model._encode(asked).length + prompt.max_new_tokens <= model.window


def test_a_piece_is_counted_as_long_as_it_is_anywhere() -> None:
    """Behind another it may be longer than alone; where bytes are tokens it never is."""
    text = "Lima Lima\n"
    pieces = Pieces(tokenizer_of("llama2"))
    assert [len(pieces.tokenize([text])[0]), *pieces.lengths([text])] == [3, 4]
    assert model_with("byte level").piece_lengths([text, ""]) == [len(text), 0]


class Counting:
    """A tokenizer that counts how often it is called."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self.calls = 0

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.calls += 1
        return self._tokenizer(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tokenizer, name)


def test_pieces_that_are_found_are_not_tokenized_again() -> None:
    """Behind a newline nearly all are; one call is enough."""
    tokenizer = Counting(tokenizer_of("llama2"))
    pieces = Pieces(tokenizer)
    tokenizer.calls = 0
    pieces.continuing(PROMPT.pieces[1:])
    assert tokenizer.calls == 1


def test_a_piece_that_melts_into_what_stands_before_is_read_behind_another() -> None:
    """Behind a newline, a newline may be half of a token; behind a colon it is one."""
    vocabulary = {token: i for i, token in enumerate(["<unk>", "▁", "\n", ":", "a", "\n\n"])}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[("\n", "\n")], unk_token="<unk>"))
    tokenizer.normalizer = normalizers.Prepend("▁")
    pieces = Pieces(wrapped(tokenizer))
    assert pieces.continuing(["\na"]) == [[2, 4]]


@pytest.mark.parametrize("name", sorted(AS_TEXT))
def test_a_model_whose_pieces_are_not_the_text_reads_no_notes_apart(name: str) -> None:
    """It answers and chooses as any other."""
    model = model_with(name)
    assert missing(model, CAPABILITIES) == ["stitch"]
    assert not Reader(model, None, ReaderOptions(kind="kv")).stitched
    [answer] = model.generate([PROMPT], max_new_tokens=2, stop=["\0"])
    assert answer.prompt_tokens == len(own(name, PROMPT.text))
    assert len(model.choose([PROMPT], [OPTIONS[:2]])[0].log_likelihoods) == 2


def begun(single: str) -> Any:
    """Return a tokenizer that writes tokens around every text."""
    tokenizer = byte_level(adds_space=False)
    named = [(token, SPECIAL.index(token)) for token in SPECIAL if token in single]
    tokenizer.post_processor = processors.TemplateProcessing(single=single, special_tokens=named)
    return wrapped(tokenizer)


@pytest.mark.parametrize(
    ("single", "begin"),
    [("$A", []), ("<s> $A", [1]), ("<unk> </s> $A", [0, 2]), ("<s> $A </s>", [1]), ("$A </s>", [])],
)
def test_a_prompt_begins_with_what_the_tokenizer_puts_before_a_text(
    single: str, begin: list[int]
) -> None:
    """However many tokens, whatever their names; what it puts behind a text is not there."""
    tokenizer = begun(single)
    model: Any = model_of(random_model("llama"), tokenizer, name="begun")
    assert beginning(tokenizer) == begin
    prefix, _, suffix = model._encode(PROMPT)
    assert prefix[: len(begin) + 1] == (*begin, *own("byte level", "R"))
    assert suffix[-1:] == tuple(own("byte level", ":"))
    [answer] = model.generate([PROMPT], max_new_tokens=1, stop=[])
    assert answer.prompt_tokens == len(begin) + len(PROMPT.text)


def test_surprise_is_told_behind_all_that_begins_a_text(tmp_path: Path) -> None:
    """Two tokens before a text are both read, and neither is told of."""
    import torch

    save_tiny_model("llama", tmp_path)
    begun("<unk> </s> $A").save_pretrained(tmp_path)
    model: Any = load_model(str(tmp_path), cache_dir=tmp_path)
    ids = [0, 2, *own("byte level", "Hi")]
    with torch.inference_mode():
        log_p = model._model(torch.tensor([ids])).logits[0].log_softmax(-1)
    expected = [-float(log_p[1, ids[2]]), -float(log_p[2, ids[3]])]
    assert model.surprise(["Hi"])[0].tolist() == pytest.approx(expected, rel=1e-4)
