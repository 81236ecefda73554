"""What the outcome of a visit means: for the URL, its document, and the URLs it points to.

Each outcome is one transaction, so that a process killed at any moment leaves either all of it
or nothing. The rules of removal, in short:

1. 410 removes at once; 404, and a page that lost its content, when seen in two crawls in a row.
2. A page that asks not to be indexed, that robots.txt denies, that moved, or that left the scope,
   is removed at once: somebody decided that.
3. Anything else that goes wrong removes nothing: a site that is down loses no page.
4. A document goes when the last URL that stands for it is gone.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from indexer.crawl.duplicates import DuplicateWatch
from indexer.crawl.filing import Filing
from indexer.crawl.host_queues import LEASE
from indexer.crawl.queueing import Queueing
from indexer.crawl.scope import FORGOTTEN
from indexer.crawl.standing import Standing
from indexer.model import CrawlRequest, Denied, Extraction, Failed, Link, NotModified, Page
from indexer.store import Crawl, DocumentStore, FoundUrl, KnownUrl, LeftOut, Outcome, body_digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from indexer.crawl.links import LinkSelector
    from indexer.crawl.reading import Reading
    from indexer.crawl.recrawl import RecrawlSchedule
    from indexer.crawl.scope import OutOfScope, Scope
    from indexer.crawl.tally import Tally

_OK = 200
_NOT_MODIFIED = 304
_NOT_FOUND = 404
_GONE = 410

DECIDED_BY_THE_SITE = frozenset({"robots_disallowed"})
"""Reasons of a `Denied` that are the site's decision, and not trouble on the way to it."""


class Recorder:
    """Writes the outcomes of one source into the store and counts them.

    Without a `crawl` it works on what is stored, outside any crawl: nothing is marked as done.
    `of_records`: what is visited are the records of a repository, which have identifiers and no
    links. `on_queued` hears of the URLs that were queued, once they are.
    """

    def __init__(
        self,
        *,
        store: DocumentStore,
        source: str,
        scope: Scope,
        links: LinkSelector,
        fingerprint: str,
        tally: Tally,
        crawl: Crawl | None = None,
        schedule: RecrawlSchedule | None = None,
        watch: DuplicateWatch | None = None,
        of_records: bool = False,
        on_queued: Callable[[Iterable[str]], None] | None = None,
    ) -> None:
        self._store = store
        self._source = source
        self._fingerprint = fingerprint
        self._tally = tally
        self._of_records = of_records
        self._queueing = Queueing(
            store=store,
            source=source,
            links=links,
            tally=tally,
            crawl=crawl,
            on_queued=on_queued,
        )
        self._one_transaction = self._queueing.transaction
        self._standing = Standing(store=store, tally=tally, crawl=crawl, schedule=schedule)
        self._filing = Filing(
            store=store,
            source=source,
            scope=scope,
            links=links,
            fingerprint=fingerprint,
            tally=tally,
            standing=self._standing,
            watch=watch or DuplicateWatch(),
        )

    # --- what may come back from a visit --------------------------------------------------------

    def is_unchanged(self, known: KnownUrl, page: Page) -> bool:
        """Whether the body is the one that this very extraction has read already."""
        return known.fingerprint == self._fingerprint and (
            self._store.bodies.digest(known.id) == body_digest(page)
        )

    def page(self, known: KnownUrl, page: Page, reading: Reading) -> None:
        """Record a page that was fetched and read."""
        with self._one_transaction():
            self._understood(self._fetched(known, page), reading.extraction)
            if self._filing.may_keep(known, page, reading.extraction):
                self._store.bodies.put(known.id, reading.body)
            else:
                self._store.bodies.drop(known.id)

    def unchanged(self, known: KnownUrl, result: Page | NotModified) -> None:
        """Record a page that is as we last read it: by its word (304) or by comparison."""
        with self._one_transaction():
            visited = (
                self._fetched(known, result)
                if isinstance(result, Page)
                else self._not_modified(known)
            )
            if known.verdict:
                self._filing.without_document(visited, known.verdict, changed=False)
                return
            if known.reason == "duplicate":
                visited = dataclasses.replace(visited, reason=known.reason, detail=known.detail)
            self._tally.changes["unchanged"] += 1
            self._standing.settle_read(
                self._standing.present(visited), was=known.document_id, changed=False
            )

    def read_again(self, known: KnownUrl, extraction: Extraction, *, revisited: bool) -> None:
        """Record a new reading of a stored body: after a 304, or without having asked."""
        with self._one_transaction():
            self._tally.reextracted += 1
            visited = self._not_modified(known) if revisited else known
            self._understood(visited, extraction)

    def redirected(self, known: KnownUrl, target: str) -> None:
        """Record that a URL leads to another of this source, and queue that one."""
        with self._one_transaction():
            self._tally.skipped.add("redirected", known.url)
            self._queueing.links([Link(url=target)], depth=known.depth, referrer=known.url)
            visited = self._visited(known, "skipped", reason="redirected", detail=target)
            emptied = self._standing.empty(self._standing.present(visited))
            if known.document_id is not None:
                # A site that sends everybody to a login page is looked at again the next night.
                self._standing.settle(emptied, was=known.document_id, why="redirected")
            else:
                self._standing.settle_read(emptied, was=None, changed=False)

    def take(self, url: str) -> KnownUrl | None:
        """Take a URL out of the queue because its visit is under way; None if it is not in it."""
        return self._store.frontier.take(self._source, url, until=self._store.now() + LEASE)

    def left_scope(self, known: KnownUrl, refusal: OutOfScope, target: str) -> None:
        """Record a URL that now redirects to somewhere outside of the source.

        It is treated as missing: a site under repair often sends everybody to another host.
        """
        with self._one_transaction():
            reason = f"redirect_{refusal.reason}"
            self._tally.skipped.add(reason, known.url)
            told = "" if refusal.reason == FORGOTTEN else target
            visited = self._visited(known, "skipped", reason=reason, detail=told)
            self._standing.settle_missing(visited, why=reason)

    def denied(self, known: KnownUrl, result: Denied) -> None:
        """Record a URL that we may not fetch."""
        if result.reason not in DECIDED_BY_THE_SITE:
            self.inconclusive(known, result)
            return
        with self._one_transaction():
            self._tally.denied.add(result.reason, known.url)
            visited = self._visited(known, "denied", reason=result.reason, detail=result.detail)
            emptied = self._standing.empty(self._standing.present(visited))
            self._standing.settle(emptied, was=known.document_id, why=result.reason)

    def failed(self, known: KnownUrl, result: Failed) -> None:
        """Record a URL that could not be fetched."""
        if result.status not in {_GONE, _NOT_FOUND}:
            self.inconclusive(known, result)
            return
        with self._one_transaction():
            self._tally.failed.add(result.reason, known.url)
            visited = self._visited(
                known, "failed", reason=result.reason, detail=result.detail, status=result.status
            )
            gone = result.status == _GONE
            self._standing.settle_missing(visited, why=result.reason, at_once=gone)

    def inconclusive(self, known: KnownUrl, result: Denied | Failed) -> None:
        """Record an answer from which nothing follows for the document: it stays as it is."""
        with self._one_transaction():
            if isinstance(result, Denied):
                self._tally.denied.add(result.reason, known.url)
                visited = self._visited(known, "denied", reason=result.reason, detail=result.detail)
            else:
                self._tally.failed.add(result.reason, known.url)
                visited = self._visited(
                    known,
                    "failed",
                    reason=result.reason,
                    detail=result.detail,
                    status=result.status,
                )
            self._standing.settle(visited, was=known.document_id)

    def internal_error(self, known: KnownUrl, detail: str) -> None:
        """Record a URL whose visit ended in an error of ours."""
        with self._one_transaction():
            self._tally.failed.add("internal_error", known.url)
            visited = self._visited(known, "failed", reason="internal_error", detail=detail)
            self._standing.settle(visited, was=known.document_id)

    def out_of_scope(self, known: KnownUrl, refusal: OutOfScope) -> None:
        """Forget a known URL that the configuration no longer allows, or gives to another shard."""
        with self._one_transaction():
            if refusal.reason == "other_shard":
                self._queueing.links([Link(url=known.url)], depth=known.depth, referrer=None)
            self._standing.forget(known, f"scope_{refusal.reason}")

    def trapped(self, known: KnownUrl, rule: str) -> None:
        """Leave out a URL that was queued before its pattern or folder proved to be a trap."""
        left_out = LeftOut(
            source=self._source,
            url=known.url,
            reason="duplicate_pattern",
            rule=rule,
            referrer=known.referrer,
            at=self._store.now(),
        )
        with self._one_transaction():
            self._tally.skipped.add(left_out.reason, known.url)
            self._store.frontier.drop(known.id)
            self._store.left_out.add([left_out])

    def queue(self, seeds: Iterable[CrawlRequest]) -> None:
        """Queue URLs that the source itself names, if they are in scope and not known yet.

        A known one is queued too if the list that names it says that it has changed since.
        """
        with self._one_transaction():
            for seed in seeds:
                self._queueing.seed(seed)

    def take_in(self, found: FoundUrl) -> None:
        """Queue a URL that another shard of the crawl found, as if a page here had led to it."""
        with self._one_transaction():
            self._queueing.found(found)

    def visit_again(self, url: str) -> None:
        """Queue a known URL that is not due, unless this crawl has visited it."""
        self._queueing.visit_again(url)

    # --- steps ----------------------------------------------------------------------------------

    def _fetched(self, known: KnownUrl, page: Page) -> KnownUrl:
        self._tally.answered(page.url, size=len(page.body), elapsed_s=page.elapsed_s)
        return dataclasses.replace(
            self._visited(known, "page", status=_OK),
            etag=page.etag,
            last_modified=page.last_modified,
            fetched_at=page.fetched_at,
        )

    def _not_modified(self, known: KnownUrl) -> KnownUrl:
        self._tally.not_modified += 1
        return self._visited(known, "not_modified", status=_NOT_MODIFIED)

    def _visited(
        self,
        known: KnownUrl,
        outcome: Outcome,
        *,
        reason: str = "",
        detail: str = "",
        status: int | None = None,
    ) -> KnownUrl:
        # Another visit may have marked this URL meanwhile; see `Frontier.mark_unread`.
        current = self._store.frontier.get(known.id) or known
        return dataclasses.replace(
            current,
            outcome=outcome,
            reason=reason,
            detail=detail,
            status=status,
            visited_at=self._store.now(),
        )

    def _understood(self, visited: KnownUrl, extraction: Extraction) -> None:
        visited = dataclasses.replace(visited, fingerprint=self._fingerprint)
        if self._of_records:
            self._filing.file_record(visited, extraction)
            return
        self._tally.read_by_rule(visited.url, rule=extraction.rule, missed=extraction.missed)
        url = self._filing.canonical(visited, extraction)
        changed = False
        if not extraction.nofollow:
            links = (*extraction.links, Link(url=url))
            changed = self._queueing.links(links, depth=visited.depth + 1, referrer=visited.url)
        self._filing.file(visited, extraction, url=url, changed=changed)
