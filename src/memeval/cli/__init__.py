"""The command line: parse, make one call, render, exit."""

import memeval_bench

memeval_bench.check()  # whichever way the command was started: somebody else's may lead here too
