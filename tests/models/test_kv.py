"""Notes kept as keys and values: moved exactly, kept within bounds, never changed."""

import time
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_models import ROTARY, random_model

from memeval.models.local.engine import Engine
from memeval.models.local.kv import Fragment, FragmentCache, Rotation
from memeval.models.local.packing import Pack, Piece
from memeval.models.local.rows import Row
from memeval.models.local.stitching import Stitcher

FREQUENCIES = 1 / 10_000 ** (torch.arange(0, 8, 2) / 8)
PREFIX = tuple(range(10, 40))
NOTE, OTHER, QUESTION = tuple(range(40, 52)), tuple(range(80, 60, -1)), tuple(range(90, 97))


def keys(tokens: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.randn(2, 3, tokens, 10, generator=generator)  # 2 of 10 dimensions do not rotate


def engine(architecture: str, **options: Any) -> Engine:
    model = random_model(architecture)
    return Engine(model, rotation=Rotation.of(model), **options)


def answers(
    made: Engine, rows: list[Row], new: int = 5, *, notes: FragmentCache | None = None
) -> list[list[int]]:
    found = made.generate(
        PREFIX, rows, max_new_tokens=new, is_finished=lambda _: False, notes=notes
    )
    return [answer.tokens for answer in found]


@settings(max_examples=30)
@given(st.integers(-500, 500), st.integers(-500, 500))
def test_moving_twice_is_moving_by_the_sum(p: int, q: int) -> None:
    """R(q) R(p) = R(p + q), and back is where it was."""
    rotation = Rotation(FREQUENCIES.repeat(2, 1))
    start = keys(4)
    twice = rotation.turn(rotation.turn(start, torch.full((4,), p)), torch.full((4,), q))
    once = rotation.turn(start, torch.full((4,), p + q))
    torch.testing.assert_close(twice, once, rtol=1e-3, atol=1e-3)
    back = rotation.turn(rotation.turn(start, torch.full((4,), p)), torch.full((4,), -p))
    torch.testing.assert_close(back, start, rtol=1e-3, atol=1e-3)


def test_moving_keeps_length_and_what_does_not_rotate() -> None:
    """A rotation keeps every key's length; dimensions beyond the rotary part stay."""
    start = keys(4)
    moved = Rotation(FREQUENCIES.repeat(2, 1)).turn(start, torch.tensor([0, 1, 50, -7]))
    torch.testing.assert_close(moved.norm(dim=-1), start.norm(dim=-1))
    assert torch.equal(moved[..., 8:], start[..., 8:])
    assert torch.equal(moved[:, :, 0], start[:, :, 0])


@pytest.mark.parametrize("architecture", ROTARY)
def test_every_rotary_architecture_can_be_stitched(architecture: str) -> None:
    """Partial, scaled and layer-wise different rotations are read from the model and hold."""
    assert Rotation.of(random_model(architecture)) is not None


def test_learned_positions_cannot_be_moved() -> None:
    """GPT-2 adds positions to its tokens, so a note's keys belong where they were read."""
    assert Rotation.of(random_model("gpt2")) is None


@pytest.mark.parametrize("architecture", ROTARY)
def test_one_note_reads_the_same_stitched_and_as_text(architecture: str) -> None:
    """The first note stands where it was read, so nothing but rounding differs."""
    made = engine(architecture)
    stitched = [Row(QUESTION, (NOTE,)), Row(QUESTION, (OTHER,))]
    as_text = [Row((*NOTE, *QUESTION)), Row((*OTHER, *QUESTION))]
    assert answers(made, stitched) == answers(made, as_text)


@pytest.mark.parametrize("architecture", ROTARY)
@torch.inference_mode()
def test_stitched_notes_equal_a_mask_that_parts_them(
    architecture: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Moved fragments give the logits of reading the notes in place, unseen by one another.

    There is no prefix here: a note that is moved away from one keeps what it saw from nearby.
    """
    made, pack = engine(architecture), Pack(random_model(architecture))
    first, second = pack.new_segment(), pack.new_segment()
    question = pack.new_segment([first, second])
    pack.feed([Piece(first, NOTE, 0), Piece(second, OTHER, len(NOTE))])
    expected = pack.feed([Piece(question, QUESTION, len(NOTE) + len(OTHER), 1)])
    feed, seen = made._pack.feed, []
    monkeypatch.setattr(made._pack, "feed", lambda pieces: seen.append(feed(pieces)) or seen[-1])
    row = Row(QUESTION, (NOTE, OTHER))
    made.generate((), [row], max_new_tokens=1, is_finished=lambda _: True)
    torch.testing.assert_close(seen[-1], expected, rtol=1e-3, atol=1e-3)


def test_no_notes_read_the_same_either_way() -> None:
    """An attached but empty memory reproduces the closed book, token for token."""
    made = engine("llama")
    assert (
        answers(made, [Row(QUESTION), Row(NOTE)])
        == answers(made, [Row(QUESTION), Row(NOTE), Row(QUESTION, (NOTE,))])[:2]
    )


def test_a_fragment_that_was_used_is_unchanged() -> None:
    """Generation works on copies; what the cache holds stays as it was read."""
    made, notes = engine("llama"), FragmentCache(2**30)
    rows = [Row(QUESTION, (OTHER, NOTE)), Row(NOTE, (NOTE, OTHER, NOTE))]
    first = answers(made, rows, notes=notes)
    held = {key: f.keys.clone() for key, f in notes._fragments.items()}
    assert answers(made, rows, notes=notes) == first
    assert all(torch.equal(f.keys, held[key]) for key, f in notes._fragments.items())
    assert (notes.misses, len(notes)) == (2, 2)


@pytest.mark.parametrize("max_rows", [1, 2, 3, 32])
def test_the_order_of_rows_never_changes_an_answer(max_rows: int) -> None:
    """Whoever a row shares its pack with, and in whatever order, it gets the same answer."""
    made = engine("gemma3", max_rows=max_rows)
    rows = [Row(QUESTION, (NOTE,)), Row(NOTE), Row(OTHER, (OTHER, NOTE)), Row(QUESTION[:3])]
    forward = answers(made, rows)
    assert answers(made, rows[::-1]) == forward[::-1]


@pytest.mark.parametrize("architecture", ["llama", "gemma3", "phi3", "qwen2"])
@pytest.mark.parametrize(("chunk", "group"), [(1, 1), (3, 50), (7, 10_000), (30, 40)])
def test_chunks_and_groups_never_change_an_answer(
    architecture: str, chunk: int, group: int
) -> None:
    """Rows cut over passes, and rows that wait for one another, are answered alike."""
    rows = [Row(QUESTION, (NOTE,)), Row(NOTE), Row(OTHER, (OTHER, NOTE)), Row(QUESTION[:3])]
    expected = answers(engine(architecture), rows)
    made = engine(architecture)
    made._passes.chunk_tokens, made.max_tokens = chunk, group
    assert answers(made, rows) == expected


def test_stitching_is_charged_to_the_items(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is spent between the passes of a call is part of its items' prefill."""
    made, stitch = engine("llama"), Stitcher.stitch

    def slow(*arguments: Any) -> Any:
        time.sleep(0.2)
        return stitch(*arguments)

    monkeypatch.setattr(Stitcher, "stitch", slow)
    rows = [Row(QUESTION, (NOTE, OTHER))] * 3
    start = time.perf_counter()
    found = made.generate(PREFIX, rows, max_new_tokens=2, is_finished=lambda _: False)
    spent = (time.perf_counter() - start) * 1000
    assert 200 <= sum(answer.prefill_ms for answer in found) <= spent


def test_another_prefix_is_another_fragment() -> None:
    """A note that was read after one prefix is not used after another."""
    made, notes = engine("llama"), FragmentCache(2**30)
    row = [Row(QUESTION, (NOTE,))]
    answers(made, row, notes=notes)
    made.generate(PREFIX[:9], row, max_new_tokens=1, is_finished=lambda _: True, notes=notes)
    assert (notes.hits, notes.misses) == (0, 2)


def test_a_call_that_was_broken_off_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """After an interruption in the middle of a pass, the next call answers as before."""
    made, rows = engine("llama"), [Row(QUESTION, (NOTE,)), Row(OTHER)]
    expected = answers(made, rows)
    layer = made._pack._cache.layers[1]

    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(layer, "update", interrupted)
        answers(made, rows)
    assert len(made._pack) > len(PREFIX)
    assert answers(made, rows) == expected


def fragment(nbytes: int) -> Fragment:
    half = torch.zeros(nbytes // 8)
    return Fragment(half, half)


def test_the_cache_drops_what_was_used_longest_ago() -> None:
    """A bound of three fragments keeps the three used last, and counts what happened."""
    cache = FragmentCache(max_bytes=3 * 80)
    for i in range(3):
        cache.put(((), (i,)), fragment(80))
    assert cache.get(((), (0,))) is not None
    cache.put(((), (3,)), fragment(80))
    assert cache.get(((), (1,))) is None
    assert cache.get(((), (0,))) is not None
    assert (cache.hits, cache.misses, cache.evictions, cache.nbytes) == (2, 1, 1, 240)


def test_ten_thousand_fragments_stay_within_the_bound() -> None:
    """The bound holds at every step, also for a fragment that is larger than it."""
    cache = FragmentCache(max_bytes=10_000)
    for i in range(10_000):
        cache.put(((), (i,)), fragment(8 * (1 + i % 50)))
        assert cache.nbytes <= 10_000
    cache.put(((), (-1,)), fragment(20_000))
    assert cache.get(((), (-1,))) is None
    assert cache.stats()["bytes"] == cache.nbytes > 0


STREAM = tuple(range(40, 200))
ROWS = [Row((*STREAM, *QUESTION, i)) for i in range(3)]


def test_a_stream_that_all_rows_share_is_kept_between_calls() -> None:
    """The second call finds it read, for the first row too; answers are those of a new engine."""
    made = engine("llama")
    first = [
        a.reused_tokens for a in made.generate(PREFIX, ROWS, max_new_tokens=2, is_finished=bool)
    ]
    later = [Row((*STREAM, i, *QUESTION)) for i in range(5, 8)]
    again = [
        a.reused_tokens for a in made.generate(PREFIX, later, max_new_tokens=2, is_finished=bool)
    ]
    shared = len(STREAM) + len(QUESTION)
    assert first == [0, len(PREFIX) + shared, len(PREFIX) + shared]
    assert again == [len(PREFIX) + len(STREAM)] * 3
    assert answers(made, later) == answers(engine("llama"), later)


def test_another_stream_takes_the_place_of_the_one_kept() -> None:
    """What the kept stream and the new one do not share is forgotten."""
    made = engine("llama")
    answers(made, ROWS)
    others = [Row((*STREAM[:50], *reversed(STREAM), i)) for i in range(3)]
    assert answers(made, others) == answers(engine("llama"), others)
    assert answers(made, ROWS) == answers(engine("llama"), ROWS)


def test_a_single_row_finds_the_stream_of_the_call_before() -> None:
    """One walker left over at the last decision does not read everything again."""
    made = engine("llama")
    answers(made, ROWS)
    [answer] = made.generate(PREFIX, ROWS[:1], max_new_tokens=2, is_finished=bool)
    assert answer.reused_tokens >= len(PREFIX) + len(STREAM)


@torch.inference_mode()
def test_options_are_scored_behind_a_kept_stream_as_by_a_new_engine() -> None:
    """Choosing shares what its prompts share, and scores as if it did not."""
    made = engine("llama")
    trunks = [(*STREAM, i, *QUESTION) for i in range(3)]
    branches = [[(1, 2, 3), (1, 4)]] * 3
    for _ in range(2):
        found = made.log_likelihoods(PREFIX, trunks, branches)
        for trunk, scored in zip(trunks, found, strict=True):
            [alone] = engine("llama").log_likelihoods(PREFIX, [trunk], branches[:1])
            for got, expected in zip(scored.log_p, alone.log_p, strict=True):
                torch.testing.assert_close(got, expected, rtol=1e-4, atol=1e-4)
    assert [scored.reused_tokens for scored in found] == [len(PREFIX) + len(STREAM)] * 3
