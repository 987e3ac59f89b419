"""The command line: parse, make one call, render, exit."""
