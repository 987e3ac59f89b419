"""The semantic suite: relations between entities, and chains of them."""

from memeval.suites.own.semantic.prompt import SEMANTIC
from memeval.suites.own.semantic.solver import solve_session
from memeval.suites.own.semantic.stream import MAX_SIZE, SHARES, generate
from memeval.suites.own.suite import GeneratedSuite

SUITE = GeneratedSuite("semantic", generate, solve_session, SEMANTIC, SHARES, MAX_SIZE)
