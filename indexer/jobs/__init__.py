"""What a scheduled job does: crawl, build, look, publish, report."""

from indexer.jobs.explain import Explanation, explain
from indexer.jobs.lock import job_lock
from indexer.jobs.reindex import Reindex, ReindexReport
from indexer.jobs.status import Status, status

__all__ = [
    "Explanation",
    "Reindex",
    "ReindexReport",
    "Status",
    "explain",
    "job_lock",
    "status",
]
