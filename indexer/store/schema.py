"""The tables of var/crawl.db, as the steps that lead from one version to the next.

A published step is never edited; a change is a new step at the end. Times are UTC in ISO 8601
with microseconds, so that they sort as text.
"""

from __future__ import annotations

APPLICATION_ID = 0x53414D53
"""``SAMS``: tells the file from any other SQLite database."""

_FIRST = """
CREATE TABLE crawls (
    id       INTEGER PRIMARY KEY,
    source   TEXT NOT NULL,
    started  TEXT NOT NULL,
    seeded   INTEGER NOT NULL DEFAULT 0,
    finished TEXT,
    problem  TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX crawls_by_source ON crawls (source, id);

CREATE TABLE frontier (
    id            INTEGER PRIMARY KEY,
    source        TEXT NOT NULL,
    url           TEXT NOT NULL,
    host          TEXT NOT NULL,
    depth         INTEGER NOT NULL,
    referrer      TEXT,
    lastmod       TEXT,
    false_news    INTEGER NOT NULL DEFAULT 0,
    state         TEXT NOT NULL CHECK (state IN ('queued', 'leased', 'done')),
    lease_until   TEXT,
    crawl         INTEGER REFERENCES crawls (id),
    outcome       TEXT,
    reason        TEXT NOT NULL DEFAULT '',
    detail        TEXT NOT NULL DEFAULT '',
    status        INTEGER,
    etag          TEXT,
    last_modified TEXT,
    visited_at    TEXT,
    fetched_at    TEXT,
    interval_h    REAL NOT NULL DEFAULT 0,
    due_at        TEXT,
    missing       INTEGER NOT NULL DEFAULT 0,
    missing_since TEXT,
    fingerprint   TEXT NOT NULL DEFAULT '',
    verdict       TEXT NOT NULL DEFAULT '',
    document_id   TEXT,
    UNIQUE (source, url)
) STRICT;

CREATE INDEX frontier_queue ON frontier (source, host, depth, visited_at, id)
    WHERE state = 'queued';

CREATE INDEX frontier_by_document ON frontier (document_id) WHERE document_id IS NOT NULL;

CREATE TABLE left_out (
    source   TEXT NOT NULL,
    url      TEXT NOT NULL,
    reason   TEXT NOT NULL,
    rule     TEXT NOT NULL,
    referrer TEXT,
    at       TEXT NOT NULL,
    PRIMARY KEY (source, url)
) STRICT, WITHOUT ROWID;

CREATE TABLE listings (
    source        TEXT NOT NULL,
    url           TEXT NOT NULL,
    etag          TEXT,
    last_modified TEXT,
    settings      TEXT NOT NULL,
    PRIMARY KEY (source, url)
) STRICT, WITHOUT ROWID;

CREATE TABLE harvests (
    source   TEXT PRIMARY KEY,
    settings TEXT NOT NULL,
    since    TEXT,
    whole_at TEXT,
    begun    TEXT,
    token    TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE repeated (
    source TEXT NOT NULL,
    key    TEXT NOT NULL,
    sample TEXT NOT NULL,
    PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE bodies (
    page       INTEGER PRIMARY KEY REFERENCES frontier (id) ON DELETE CASCADE,
    url        TEXT NOT NULL,
    media_type TEXT NOT NULL,
    charset    TEXT,
    robots_tag TEXT,
    fetched_at TEXT NOT NULL,
    digest     BLOB NOT NULL,
    size       INTEGER NOT NULL,
    body       BLOB NOT NULL
) STRICT;

CREATE TABLE documents (
    id             TEXT PRIMARY KEY,
    source         TEXT NOT NULL,
    url            TEXT NOT NULL,
    content_hash   TEXT NOT NULL,
    fingerprint    TEXT NOT NULL,
    first_seen     TEXT NOT NULL,
    changed_at     TEXT NOT NULL,
    revision       INTEGER NOT NULL,
    removed_at     TEXT,
    removed_reason TEXT NOT NULL DEFAULT '',
    data           BLOB
) STRICT;

CREATE UNIQUE INDEX documents_by_revision ON documents (revision);

CREATE INDEX documents_by_source ON documents (source) WHERE removed_at IS NULL;

CREATE INDEX documents_by_url ON documents (url);

CREATE INDEX documents_by_content ON documents (content_hash) WHERE removed_at IS NULL;

CREATE TABLE similar (
    band        INTEGER NOT NULL,
    bits        INTEGER NOT NULL,
    document_id TEXT NOT NULL REFERENCES documents (id),
    simhash     INTEGER NOT NULL,
    PRIMARY KEY (band, bits, document_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX similar_by_document ON similar (document_id);

CREATE TABLE history (
    id          INTEGER PRIMARY KEY,
    document_id TEXT NOT NULL,
    event       TEXT NOT NULL CHECK (event IN ('added', 'changed', 'removed')),
    at          TEXT NOT NULL,
    reason      TEXT NOT NULL DEFAULT '',
    source      TEXT NOT NULL,
    url         TEXT NOT NULL,
    title       TEXT NOT NULL
) STRICT;

CREATE INDEX history_by_time ON history (at);

CREATE INDEX history_by_document ON history (document_id);

CREATE TABLE runs (
    id     INTEGER PRIMARY KEY,
    at     TEXT NOT NULL,
    report BLOB NOT NULL
) STRICT;
"""

_WHAT_CHANGED = """
ALTER TABLE history ADD COLUMN difference BLOB;
"""

# An index says which store it was built from; a store that is restored gets another name.
_IDENTITY = """
CREATE TABLE identity (
    name TEXT NOT NULL
) STRICT;

INSERT INTO identity VALUES (lower(hex(randomblob(8))));
"""

_SHARDS = """
CREATE TABLE shard (
    one    INTEGER PRIMARY KEY CHECK (one = 1),
    number INTEGER NOT NULL,
    total  INTEGER NOT NULL
) STRICT;

CREATE TABLE handed_over (
    source   TEXT NOT NULL,
    url      TEXT NOT NULL,
    serial   INTEGER NOT NULL,
    depth    INTEGER NOT NULL,
    referrer TEXT,
    lastmod  TEXT,
    listed   INTEGER NOT NULL,
    at       TEXT NOT NULL,
    PRIMARY KEY (source, url)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX handed_over_by_serial ON handed_over (serial);

CREATE TABLE taken_in (
    store  TEXT NOT NULL,
    source TEXT NOT NULL,
    serial INTEGER NOT NULL,
    PRIMARY KEY (store, source)
) STRICT, WITHOUT ROWID;
"""

_ERASURES = """
CREATE TABLE erasures (
    number    INTEGER PRIMARY KEY,
    id        TEXT NOT NULL UNIQUE,
    erasure   BLOB NOT NULL,
    undone_at TEXT,
    hides     BLOB,
    purged    INTEGER NOT NULL DEFAULT 0,
    wiped     INTEGER NOT NULL DEFAULT 0
) STRICT;
"""

MIGRATIONS: tuple[str, ...] = (_FIRST, _WHAT_CHANGED, _IDENTITY, _SHARDS, _ERASURES)
"""Step N, counted from 1, brings a file of version N - 1 to version N (`PRAGMA user_version`)."""

STORE_VERSION = len(MIGRATIONS)
"""The version of the files that this Samsök writes; it reads all older ones."""
