"""The embedded default: generations on disk, written and read by Whoosh.

Whoosh keeps the postings and scores a term in a field; what its query classes do slowly (unions,
intersections, filters, facets, sorting) is done here on arrays. Its files are pickles: whoever
can write the index directory can run code, so an index is never taken from elsewhere.
"""

from indexer.engine.whoosh_backend.index import WhooshIndex

__all__ = ["WhooshIndex"]
