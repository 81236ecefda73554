"""From sources to stored documents: what to visit, in which order, and what an answer means."""

from indexer.crawl.archive_import import ArchiveImport, ImportReport, import_lines
from indexer.crawl.crawler import Crawler
from indexer.crawl.duplicates import says_enough
from indexer.crawl.handover import DIRECTORY, Handing
from indexer.crawl.process_reader import ProcessReader
from indexer.crawl.progress import Progress, SourceProgress
from indexer.crawl.reading import PageReader, ThreadReader, read_again, rules_of
from indexer.crawl.reextract import reextract
from indexer.crawl.repetition import learn_repeated
from indexer.crawl.report import (
    CUT_SHORT,
    CrawlReport,
    HostTiming,
    ReasonCount,
    SourceReport,
    crawl_lines,
)
from indexer.crawl.scope import Allowed, Decision, OutOfScope, Scope, scope_of
from indexer.crawl.shard import Shard, Share
from indexer.crawl.store_set import StoreSet

__all__ = [
    "CUT_SHORT",
    "DIRECTORY",
    "Allowed",
    "ArchiveImport",
    "CrawlReport",
    "Crawler",
    "Decision",
    "Handing",
    "HostTiming",
    "ImportReport",
    "OutOfScope",
    "PageReader",
    "ProcessReader",
    "Progress",
    "ReasonCount",
    "Scope",
    "Shard",
    "Share",
    "SourceProgress",
    "SourceReport",
    "StoreSet",
    "ThreadReader",
    "crawl_lines",
    "import_lines",
    "learn_repeated",
    "read_again",
    "reextract",
    "rules_of",
    "says_enough",
    "scope_of",
]
