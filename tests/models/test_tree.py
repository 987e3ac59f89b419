"""A tree of tokens holds texts, each once."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from memeval.models.local.rows import Tokens
from memeval.models.local.tree import Node, batches, tree_of

ROOT = 9
TEXTS = st.lists(st.lists(st.integers(0, 2), max_size=6), min_size=1, max_size=12).map(
    lambda texts: sorted((ROOT, *text) for text in texts)
)


def path(nodes: list[Node], number: int | None) -> Tokens:
    """Return the tokens from the root to the end of a node."""
    if number is None:
        return ()
    return (*path(nodes, nodes[number].parent), *nodes[number].tokens)


@given(TEXTS)
def test_every_text_is_the_path_to_where_it_ends(texts: list[Tokens]) -> None:
    """The tokens of a text stand on the way from the root to the node that names it."""
    nodes = tree_of(texts)
    found = {text: path(nodes, number) for number, node in enumerate(nodes) for text in node.texts}
    assert [found[text] for text in range(len(texts))] == texts


@given(TEXTS)
def test_what_texts_begin_with_alike_stands_once(texts: list[Tokens]) -> None:
    """There are as many tokens in a tree as there are different beginnings of its texts."""
    beginnings = {text[: i + 1] for text in texts for i in range(len(text))}
    assert sum(len(node.tokens) for node in tree_of(texts)) == len(beginnings)


@given(TEXTS)
def test_parents_come_first_and_know_their_children(texts: list[Tokens]) -> None:
    """A node is read after its parent, whose list it is in, and begins where that one ends."""
    nodes = tree_of(texts)
    assert nodes[0].parent is None
    for number, node in enumerate(nodes[1:], 1):
        assert node.parent is not None
        assert node.parent < number
        assert number in nodes[node.parent].children
        assert node.depth == len(path(nodes, node.parent))


def test_many_texts_that_each_go_on_from_the_last() -> None:
    """A chain as deep as there are texts needs no recursion."""
    texts = [(ROOT,) * length for length in range(1, 3000)]
    assert len(tree_of(texts)) == len(texts)


@given(TEXTS, st.integers(1, 12))
def test_batches_are_all_texts_in_order_and_no_larger_than_allowed(
    texts: list[Tokens], most: int
) -> None:
    """A batch has one text, or a tree of at most `most` tokens that the next text would exceed."""
    found = list(batches(texts, most))
    assert [i for batch in found for i in batch] == list(range(len(texts)))

    def size(numbers: range) -> int:
        return sum(len(node.tokens) for node in tree_of([texts[i] for i in numbers]))

    assert all(len(batch) == 1 or size(batch) <= most for batch in found)
    assert all(size(range(one.start, two.start + 1)) > most for one, two in pairwise(found))
