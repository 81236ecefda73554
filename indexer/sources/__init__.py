"""Where documents come from: each source says which URLs or records exist."""

from __future__ import annotations

from indexer.sources.base import Seed, Source
from indexer.sources.sitemap import Sitemap, parse_sitemap
from indexer.sources.website import Website

__all__ = ["Seed", "Sitemap", "Source", "Website", "parse_sitemap"]
