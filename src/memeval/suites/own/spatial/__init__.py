"""The spatial suite: worlds told as walks."""

from memeval.suites.own.spatial.prompt import SPATIAL
from memeval.suites.own.spatial.solver import solve_session
from memeval.suites.own.spatial.stream import MAX_SIZE, SHARES, generate
from memeval.suites.own.suite import GeneratedSuite

SUITE = GeneratedSuite("spatial", generate, solve_session, SPATIAL, SHARES, MAX_SIZE)
