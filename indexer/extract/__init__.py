"""Bytes to a `Document`: what a page says, and what it is about."""

from indexer.extract.page import code_version, extract, fingerprint
from indexer.extract.page_links import extract_links

__all__ = ["code_version", "extract", "extract_links", "fingerprint"]
