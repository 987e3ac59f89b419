"""Stands before pandas in tests, as for most users, who have none.

pyarrow imports it where it can, though nothing here asks for it: a second for every process.
"""

raise ImportError("pandas is hidden in tests; the fixture `pandas` shows it")
