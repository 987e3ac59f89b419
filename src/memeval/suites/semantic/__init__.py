"""The semantic suite: relations between entities, and chains of them."""

from memeval.suites.base import Suite
from memeval.suites.semantic.prompt import SEMANTIC
from memeval.suites.semantic.solver import solve_session
from memeval.suites.semantic.stream import MAX_SIZE, SHARES, generate

SUITE = Suite(generate, solve_session, SEMANTIC, SHARES, MAX_SIZE)
