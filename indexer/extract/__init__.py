"""Bytes to a `Document`: what a page says, and what it is about."""

from indexer.extract.page import code_version, extract, fingerprint

__all__ = ["code_version", "extract", "fingerprint"]
