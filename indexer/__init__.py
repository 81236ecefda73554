"""Harvest what a university and its partners publish together into a search index."""

__version__ = "0.1.0"
