"""Which document a reading makes, and how it is filed: under which address, beside which twin."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from indexer.crawl.duplicates import goes_before, twin
from indexer.crawl.scope import FORGOTTEN, Allowed, OutOfScope, Scope
from indexer.model import document_id

if TYPE_CHECKING:
    from indexer.crawl.duplicates import DuplicateWatch
    from indexer.crawl.links import LinkSelector
    from indexer.crawl.standing import Standing
    from indexer.crawl.tally import Tally
    from indexer.model import Document, Extraction, Page
    from indexer.store import DocumentStore, KnownUrl

UNREADABLE = frozenset(
    {
        "extraction_crashed",
        "extraction_memory",
        "extraction_timeout",
        "parse_error",
        "parse_limit",
    }
)
"""Reasons of an `Extraction` that are our failure: nothing follows for the document."""

_DECIDED = frozenset({"follow_only", FORGOTTEN, "noindex"})


class Filing:
    """Files what was understood of one source's pages."""

    def __init__(
        self,
        *,
        store: DocumentStore,
        source: str,
        scope: Scope,
        links: LinkSelector,
        fingerprint: str,
        tally: Tally,
        standing: Standing,
        watch: DuplicateWatch,
    ) -> None:
        self._store = store
        self._source = source
        self._scope = scope
        self._links = links
        self._fingerprint = fingerprint
        self._tally = tally
        self._standing = standing
        self._watch = watch

    def canonical(self, visited: KnownUrl, extraction: Extraction) -> str:
        """Return the URL that a page goes by: the one it claims, if this source has that page."""
        if not extraction.canonical:
            return visited.url
        place = self._links.place(extraction.canonical, base=visited.url)
        return place.url if isinstance(place, Allowed) and place.index else visited.url

    def file(self, visited: KnownUrl, extraction: Extraction, *, url: str, changed: bool) -> None:
        """File what a page turned out to be under `url`; `changed`: it has links not seen before.

        The URL's row is settled here, with everything that follows for documents.
        """
        if verdict := self._verdict(visited, extraction):
            self.without_document(visited, verdict, changed=changed)
        elif extraction.document is not None:
            named = dataclasses.replace(
                extraction.document, id=document_id(url), url=url, source=self._source
            )
            if self._is_forgotten(visited, named, claims=extraction.canonical):
                self.without_document(visited, FORGOTTEN, changed=changed)
                return
            self._with_document(visited, named, extraction.simhash, changed=changed)

    def file_record(self, visited: KnownUrl, extraction: Extraction) -> None:
        """File a record of a repository: its identifier names it, and its address is as it says."""
        if extraction.document is None:
            self.without_document(visited, extraction.reason or "no_content", changed=False)
            return
        named = dataclasses.replace(
            extraction.document, id=document_id(visited.url), source=self._source
        )
        if self._is_forgotten(visited, named):
            self.without_document(visited, FORGOTTEN, changed=False)
            return
        self._put(visited, named, extraction.simhash, changed=False)

    def without_document(self, visited: KnownUrl, verdict: str, *, changed: bool) -> None:
        """Record that a page gives no document, and why."""
        judged = dataclasses.replace(visited, verdict=verdict, reason=verdict)
        if verdict in UNREADABLE:
            self._tally.failed.add(verdict, visited.url)
            self._standing.settle(self._standing.present(judged), was=visited.document_id)
            return
        self._tally.skipped.add(verdict, visited.url)
        if verdict in _DECIDED:
            settled = dataclasses.replace(self._standing.present(judged), document_id=None)
            self._standing.settle_read(
                settled, was=visited.document_id, why=verdict, changed=changed
            )
        else:
            self._standing.settle_missing(judged, why=verdict)

    def _is_forgotten(
        self, visited: KnownUrl, document: Document, *, claims: str | None = None
    ) -> bool:
        """Whether somebody had the page forgotten, or the one that it claims to be.

        Or the whole of it is about somebody who was.
        """
        redactor = self._store.erasures.redactor()
        if redactor.is_idle:
            return False
        claimed = self._links.place(claims, base=visited.url) if claims else None
        if isinstance(claimed, OutOfScope) and claimed.reason == FORGOTTEN:
            return True
        return redactor.forbids(visited.url) or redactor.document(document).document is None

    def may_keep(self, known: KnownUrl, page: Page, extraction: Extraction) -> bool:
        """Whether nothing in the body of a page that was filed was erased."""
        redactor = self._store.erasures.redactor()
        if redactor.is_idle:
            return True
        filed = self._store.frontier.get(known.id)
        if filed is None or filed.verdict == FORGOTTEN:
            return False
        return redactor.may_keep(page, extraction.document)

    def _verdict(self, visited: KnownUrl, extraction: Extraction) -> str:
        place = self._scope.decide(visited.url, visited.depth)
        if extraction.noindex:
            return "noindex"
        if isinstance(place, Allowed) and not place.index:
            return "follow_only"
        return "" if extraction.document is not None else extraction.reason or "no_content"

    def _with_document(
        self, visited: KnownUrl, document: Document, simhash: int | None, *, changed: bool
    ) -> None:
        other = twin(self._store, document, simhash)
        self._watch.read(visited.url, is_twin=other is not None)
        if other is None:
            self._put(visited, document, simhash, changed=changed)
        elif goes_before(document, other):
            self._put(visited, document, simhash, changed=changed)
            self._tally.skipped.add("duplicate", other.url)
            self._standing.move(other.id, to=document, why="duplicate")
        else:
            self._stand_for(visited, other, why="duplicate", changed=changed)

    def _put(
        self, visited: KnownUrl, document: Document, simhash: int | None, *, changed: bool
    ) -> None:
        if self._standing.is_spoken_for(visited, document):
            self._stand_for(visited, document, why="canonical_changed", changed=changed)
            return
        change = self._store.put(document, fingerprint=self._fingerprint)
        if change != "unchanged":
            self._store.similar.put(document.id, simhash)
        self._tally.changes[change] += 1
        if change == "changed":
            self._standing.reread_others(visited, document)
        settled = dataclasses.replace(
            self._standing.present(visited), verdict="", document_id=document.id
        )
        self._standing.settle_read(
            settled,
            was=visited.document_id,
            why="canonical_changed",
            changed=changed or change != "unchanged",
        )

    def _stand_for(self, visited: KnownUrl, document: Document, *, why: str, changed: bool) -> None:
        """Let a page stand for a document that another URL supplies."""
        self._tally.skipped.add("duplicate", visited.url)
        settled = dataclasses.replace(
            self._standing.present(visited),
            verdict="",
            reason="duplicate",
            detail=document.url,
            document_id=document.id,
        )
        self._standing.settle_read(settled, was=visited.document_id, why=why, changed=changed)
