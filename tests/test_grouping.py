"""How the tests are spread over workers."""

import pytest


@pytest.mark.xdist_group("grouped")
def test_a_group_is_told_apart(request: pytest.FixtureRequest) -> None:
    """pytest-xdist knows a group by its name in the node id; else each worker builds all anew."""
    is_grouping = request.config.getoption("loadgroup", default=False)
    assert request.node.nodeid.endswith("@grouped") == is_grouping
