"""From sources to stored documents: what to visit, in which order, and what an answer means."""

from indexer.crawl.crawler import Crawler
from indexer.crawl.progress import Progress, SourceProgress
from indexer.crawl.reextract import reextract
from indexer.crawl.report import CrawlReport, HostTiming, ReasonCount, SourceReport
from indexer.crawl.scope import Allowed, Decision, OutOfScope, Scope

__all__ = [
    "Allowed",
    "CrawlReport",
    "Crawler",
    "Decision",
    "HostTiming",
    "OutOfScope",
    "Progress",
    "ReasonCount",
    "Scope",
    "SourceProgress",
    "SourceReport",
    "reextract",
]
