"""What a scheduled job does: crawl, build, look, publish, report."""

from indexer.jobs.lock import job_lock
from indexer.jobs.reindex import Reindex, ReindexReport
from indexer.jobs.status import Status, status

__all__ = ["Reindex", "ReindexReport", "Status", "job_lock", "status"]
