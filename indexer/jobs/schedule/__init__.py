"""Files that let the system run the job every night, and the search all day."""

from indexer.jobs.schedule.cron import cron_files
from indexer.jobs.schedule.systemd import systemd_files
from indexer.jobs.schedule.values import Installation, TimeOfDay

__all__ = ["Installation", "TimeOfDay", "cron_files", "systemd_files"]
