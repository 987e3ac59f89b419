"""SGC-RSS, the semantic memory: facts as a graph that is searched for chains."""

from memeval.memories.sgc_rss.memory import SgcRss

__all__ = ["SgcRss"]
