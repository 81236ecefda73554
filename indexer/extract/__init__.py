"""Bytes to a `Document`: what a page says, and what it is about."""

from indexer.extract.boilerplate import block_key
from indexer.extract.page import code_version, extract, fingerprint
from indexer.extract.page_links import extract_links
from indexer.extract.similarity import distance, simhash

__all__ = [
    "block_key",
    "code_version",
    "distance",
    "extract",
    "extract_links",
    "fingerprint",
    "simhash",
]
