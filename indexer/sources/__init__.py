"""Where documents come from: each source says which URLs or records exist."""

from __future__ import annotations

from indexer.sources.base import Listing, Seed, Source
from indexer.sources.feed import Entry, Feed, parse_feed
from indexer.sources.oai_pmh import BAD_RECORD, RESTART_REASONS, OaiPmh, Record, RecordBatch
from indexer.sources.oai_response import Identity
from indexer.sources.sitemap import Sitemap, SitemapEntry, parse_sitemap
from indexer.sources.website import Website

__all__ = [
    "BAD_RECORD",
    "RESTART_REASONS",
    "Entry",
    "Feed",
    "Identity",
    "Listing",
    "OaiPmh",
    "Record",
    "RecordBatch",
    "Seed",
    "Sitemap",
    "SitemapEntry",
    "Source",
    "Website",
    "parse_feed",
    "parse_sitemap",
]
