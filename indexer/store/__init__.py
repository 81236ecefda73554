"""The source of truth: URLs, raw bodies, documents and their history in one SQLite file."""

from indexer.store.bodies import StoredBody, body_digest, pack
from indexer.store.codec import document_from_json, document_to_json
from indexer.store.copying import copy_store, fold_log, put_in_place, remove_store, store_facts
from indexer.store.crawls import FailingUrls, LastCrawls
from indexer.store.differences import still_said
from indexer.store.document_store import DocumentStore
from indexer.store.documents import Change, StoredDocument
from indexer.store.erasures import Erasures
from indexer.store.frontier import Crawl, Frontier
from indexer.store.handover import FoundUrl
from indexer.store.harvests import Harvest
from indexer.store.history import HistoryEntry
from indexer.store.inspection import inspect_store, peek_runs, peek_shard, peek_shards_run
from indexer.store.known_url import KnownUrl, NewUrl, Outcome, host_of
from indexer.store.left_out import LeftOut
from indexer.store.listings import Validators
from indexer.store.runs import StoredRun
from indexer.store.schema import STORE_VERSION

__all__ = [
    "STORE_VERSION",
    "Change",
    "Crawl",
    "DocumentStore",
    "Erasures",
    "FailingUrls",
    "FoundUrl",
    "Frontier",
    "Harvest",
    "HistoryEntry",
    "KnownUrl",
    "LastCrawls",
    "LeftOut",
    "NewUrl",
    "Outcome",
    "StoredBody",
    "StoredDocument",
    "StoredRun",
    "Validators",
    "body_digest",
    "copy_store",
    "document_from_json",
    "document_to_json",
    "fold_log",
    "host_of",
    "inspect_store",
    "pack",
    "peek_runs",
    "peek_shard",
    "peek_shards_run",
    "put_in_place",
    "remove_store",
    "still_said",
    "store_facts",
]
