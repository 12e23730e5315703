"""Archives: millions of articles, marked by all cores or by a cluster, a shard at a time.

    cut into shards ─► scan (read, ids, signatures) ─► judge, in order (repeated? a copy?) ─► mark ─► parts, receipt

A *shard* is some articles that stand one after the other. What a shard becomes depends on the inputs, the options and
the shards before it alone, and not on who works on it or when; its parts carry its number and are put in their place
whole, the receipt last. So nothing is lost or written twice, whenever and however often a run is killed.
"""

from annotate.workflow.archive.cluster import mark_on_cluster
from annotate.workflow.archive.options import ArchiveOptions, ArchiveReport
from annotate.workflow.archive.run import mark_archive

__all__ = ["ArchiveOptions", "ArchiveReport", "mark_archive", "mark_on_cluster"]
