"""What a scheduled job does: crawl, build, look, publish, report."""

from indexer.jobs.explain import Explanation, explain
from indexer.jobs.lock import job_lock
from indexer.jobs.reindex import Reindex, ReindexReport
from indexer.jobs.status import Status, status
from indexer.jobs.stores import opened_shard, opened_stores, refuse_shards, store_files
from indexer.jobs.vocabulary import Proposal, suggestions

__all__ = [
    "Explanation",
    "Proposal",
    "Reindex",
    "ReindexReport",
    "Status",
    "explain",
    "job_lock",
    "opened_shard",
    "opened_stores",
    "refuse_shards",
    "status",
    "store_files",
    "suggestions",
]
