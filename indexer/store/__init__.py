"""The source of truth: URLs, raw bodies, documents and their history in one SQLite file."""

from indexer.store.bodies import StoredBody, body_digest, pack
from indexer.store.codec import document_from_json, document_to_json
from indexer.store.document_store import DocumentStore
from indexer.store.documents import Change, HistoryEntry, StoredDocument
from indexer.store.frontier import Crawl, Frontier, KnownUrl, NewUrl, Outcome
from indexer.store.runs import StoredRun

__all__ = [
    "Change",
    "Crawl",
    "DocumentStore",
    "Frontier",
    "HistoryEntry",
    "KnownUrl",
    "NewUrl",
    "Outcome",
    "StoredBody",
    "StoredDocument",
    "StoredRun",
    "body_digest",
    "document_from_json",
    "document_to_json",
    "pack",
]
