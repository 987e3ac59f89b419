"""The spatial suite: worlds told as walks."""

from memeval.suites.base import Suite
from memeval.suites.spatial.prompt import SPATIAL
from memeval.suites.spatial.solver import solve_session
from memeval.suites.spatial.stream import MAX_SIZE, SHARES, generate

SUITE = Suite(generate, solve_session, SPATIAL, SHARES, MAX_SIZE)
