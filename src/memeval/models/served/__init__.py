"""Models behind an address: what speaks the HTTP interface of OpenAI, on this machine or elsewhere.

Needs the extra `memeval-bench[served]`; neither torch nor transformers is imported.
"""
