"""Forgets a page or a person: gone from searches at once, and never back.

No lock is waited for: a job that runs goes on, and takes what was forgotten along.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from indexer.engine import open_index
from indexer.erasure import (
    Erasure,
    Redactor,
    erasure_of_page,
    erasure_of_person,
    is_about,
)
from indexer.errors import JobLocked, RequestUnclear, StoreError
from indexer.fetch import canonicalize
from indexer.jobs.erasure import Step, erasing, everything, hide, naming, remember, settle
from indexer.jobs.forgetting import (
    Affected,
    Candidate,
    PageRequest,
    PersonRequest,
    candidates,
    page_request,
)
from indexer.jobs.ledger import LEDGER, write_ledger
from indexer.jobs.lock import job_lock
from indexer.jobs.stores import catch_up, store_files
from indexer.jobs.switch import WHOLE
from indexer.store import DocumentStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from indexer.config import Config
    from indexer.engine import SearchIndex
    from indexer.model import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What forgetting would do: the pages that would go or change, and what to know before."""

    erasure: Erasure
    pages: tuple[Affected, ...]
    hides: frozenset[str]
    warnings: tuple[str, ...] = ()

    def plain(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {
            "subject": self.erasure.subject,
            "pages": [page.plain() for page in self.pages],
            "warnings": list(self.warnings),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What was done. `is_whole`: nothing is left but in generations of before."""

    erasure: Erasure
    hidden: int
    is_whole: bool

    def plain(self) -> dict[str, Any]:
        """Return it as plain JSON values, without the key."""
        return {**told(self.erasure), "hidden": self.hidden, "is_whole": self.is_whole}


def told(erasure: Erasure) -> dict[str, Any]:
    """Return what an audit may know of an erasure: neither who, nor the key."""
    return {
        "id": erasure.id,
        "subject": erasure.subject,
        "at": erasure.at.isoformat(),
        "hash": erasure.asked.hex(),
        "undone_at": erasure.undone_at.isoformat() if erasure.undone_at else None,
        "counts": dict(erasure.counts),
    }


class Forget:
    """What was harvested by one configuration, while something of it is forgotten.

    The first of `stores` is that of the data directory; shards of the crawl have one each. All of
    them hold the whole ledger, so that each is without what was forgotten wherever it goes.
    """

    def __init__(self, config: Config, stores: tuple[DocumentStore, ...]) -> None:
        self._config = config
        self._stores = stores
        self._store = stores[0]
        self._data_dir = config.data_dir
        self._index: SearchIndex = open_index(config.index.plain(), config.data_dir / "index")

    @classmethod
    @contextmanager
    def opened(cls, config: Config) -> Iterator[Forget]:
        """Open the store of a configuration, which may be in use by a job.

        Raises:
            StoreError: If it cannot be opened, or there is none and no directory for one.
        """
        if not config.data_dir.is_dir():
            raise StoreError(
                f"{config.data_dir} is not there: nothing was harvested by {config.path}, so there "
                "is nothing to forget; is it the right configuration?"
            )
        catch_up(config)
        paths = dict.fromkeys((config.data_dir / WHOLE, *store_files(config)))
        with ExitStack() as held:
            stores = tuple(held.enter_context(DocumentStore.open(path)) for path in paths)
            for store in stores:
                remember(store, config.data_dir)
            yield cls(config, stores)

    # --- before ---------------------------------------------------------------------------------

    def page(self, url: str) -> PageRequest:
        """Return what is known of a page."""
        return page_request(self._config, self._stores, url)

    def people(self, who: str) -> list[Candidate]:
        """Return the people whom a name or an e-mail address may mean."""
        return candidates(self._documents(), who)

    def plan(self, request: PageRequest | PersonRequest) -> Plan:
        """Return what forgetting would do; nothing is changed."""
        erasure = self._erasure(request)
        redactor = Redactor([erasure])
        found = naming(self._stores, self._index, redactor)
        pages = [
            Affected(url=one.url, title=one.title, whole=redactor.document(one).document is None)
            for one in found.values()
        ]
        if isinstance(request, PersonRequest) and (own := [it.url for it in pages if it.whole]):
            erasure = self._erasure(request, own_pages=tuple(own))
        return Plan(
            erasure=erasure,
            pages=tuple(sorted(pages, key=lambda page: (not page.whole, page.url))),
            hides=frozenset(found) | self._own(request),
            warnings=request.warnings if isinstance(request, PageRequest) else (),
        )

    def _own(self, request: PageRequest | PersonRequest) -> frozenset[str]:
        """Return the documents of a page that searches may show, found or not."""
        if isinstance(request, PersonRequest):
            return frozenset()
        return request.documents & self._index.suppressed()

    def _documents(self) -> Iterator[Document]:
        return everything(self._stores, self._index)

    def _erasure(
        self, request: PageRequest | PersonRequest, *, own_pages: tuple[str, ...] = ()
    ) -> Erasure:
        key, at = self._store.erasures.key(), self._store.now()
        if isinstance(request, PageRequest):
            return erasure_of_page(
                request.asked, urls=request.urls, contents=request.contents, key=key, at=at
            )
        return erasure_of_person(
            request.asked,
            names=request.names,
            emails=request.emails,
            phones=request.phones,
            own_pages=own_pages,
            evidence=request.evidence,
            key=key,
            at=at,
        )

    def hide(self, request: PageRequest) -> None:
        """Hide a page before anything else: to look for all that mentions it takes a while.

        Raises:
            EngineError: If the index cannot be written.
        """
        with erasing(self._data_dir):
            hide(self._index, request.documents)

    # --- and done -------------------------------------------------------------------------------

    def carry_out(self, plan: Plan, *, step: Step) -> Forgotten:
        """Hide the pages, enter the erasure, and take it out of the store.

        Readers hide the pages when this has hardly begun, whatever stops it then.

        Raises:
            StoreError, EngineError: If store or index cannot be written; what is hidden stays so.
        """
        with erasing(self._data_dir):
            hide(self._index, plan.hides)
            for store in self._stores:
                store.erasures.add(plan.erasure, hides=plan.hides)
            write_ledger(self._store, self._data_dir / LEDGER)
        with ExitStack() as held:
            alone = True
            try:
                held.enter_context(job_lock(self._data_dir))
            except JobLocked:
                alone = False
            settle(self._stores, self._index, self._data_dir, alone=alone, step=step)
        whole = not any(plan.erasure.id in store.erasures.unwiped() for store in self._stores)
        (entered,) = (one for one in self.ledger() if one.id == plan.erasure.id)
        return Forgotten(erasure=entered, hidden=len(plan.pages), is_whole=whole)

    def ledger(self) -> list[Erasure]:
        """Return everything that was forgotten, oldest first."""
        done: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for store in self._stores:
            for one in store.erasures.all():
                done[one.id].update(one.counts)
        return [replace(one, counts=done[one.id]) for one in self._store.erasures.all()]

    def write_ledger(self, path: Path) -> None:
        """Write the ledger to a file, to be kept apart from the backups."""
        write_ledger(self._store, path)

    def undo(self, which: str) -> tuple[Erasure, ...]:
        """Let something come back when it is read again; `which` is an id, a URL or a name.

        Raises:
            RequestUnclear: If nothing of that id, URL or name was forgotten.
        """
        asked = canonicalize(which) or which
        chosen = tuple(
            one
            for one in self.ledger()
            if one.undone_at is None and (which == one.id or is_about(one, asked))
        )
        if not chosen:
            raise RequestUnclear(
                f"nothing that was forgotten is called {which!r}: give an id of "
                "`samsok forget --list`, or the very URL, name or e-mail address that was forgotten"
            )
        with erasing(self._data_dir):
            shown: frozenset[str] = frozenset()
            for one in chosen:
                for store in self._stores:
                    shown |= store.erasures.hiding().get(one.id) or frozenset()
                    store.erasures.undo(one.id, at=store.now())
            others = [ids for store in self._stores for ids in store.erasures.hiding().values()]
            kept = frozenset().union(*(ids for ids in others if ids))
            self._index.suppress(self._index.suppressed() - (shown - kept))
            write_ledger(self._store, self._data_dir / LEDGER)
        return chosen
