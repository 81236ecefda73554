"""The archive of a backup: a plain tar, whose first member lists the others with their checksums.

    manifest.json                versions, sizes, checksums
    crawl_config.yaml            as it was; vocabulary.yaml too, where it has a file of its own
    crawl.db                     the store
    crawl-2-of-4.db              and that of each shard, where several crawls share the hosts
    index/suppressed.json        what readers hide
    index/gen-000042/…           the generation in service, if it was wanted

`tar` reads it. We read it header by header and not by `tarfile`: what is not a plain file with a
name and a size that the manifest lists is refused when it is met, and nothing that an archive says
of itself decides how much memory is taken.
"""

from indexer.jobs.archive.contents import (
    CONFIG,
    MANIFEST,
    SUPPRESSED,
    VOCABULARY,
    Contents,
    HeldGeneration,
    Told,
    is_store,
)
from indexer.jobs.archive.reader import Archive
from indexer.jobs.archive.writer import described, write_archive

__all__ = [
    "CONFIG",
    "MANIFEST",
    "SUPPRESSED",
    "VOCABULARY",
    "Archive",
    "Contents",
    "HeldGeneration",
    "Told",
    "described",
    "is_store",
    "write_archive",
]
