"""The episodic suite: who did what, where and when."""

from memeval.suites.own.episodic.prompt import EPISODIC
from memeval.suites.own.episodic.solver import solve_session
from memeval.suites.own.episodic.stream import MAX_SIZE, SHARES, generate
from memeval.suites.own.suite import GeneratedSuite

SUITE = GeneratedSuite("episodic", generate, solve_session, EPISODIC, SHARES, MAX_SIZE)
