"""The episodic suite: who did what, where and when."""

from memeval.suites.base import Suite
from memeval.suites.episodic.prompt import EPISODIC
from memeval.suites.episodic.solver import solve_session
from memeval.suites.episodic.stream import MAX_SIZE, SHARES, generate

SUITE = Suite(generate, solve_session, EPISODIC, SHARES, MAX_SIZE)
