"""The generation in service, followed while it changes."""

from __future__ import annotations

import logging
import threading
import time
from contextlib import contextmanager
from hashlib import blake2b
from typing import TYPE_CHECKING

from indexer.engine.query import Query
from indexer.errors import EngineError, IndexMissing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.engine.ports import Searcher, SearchIndex

logger = logging.getLogger(__name__)


class _Loan:
    """A searcher, how many requests use it, and whether it is still the one in service."""

    def __init__(self, searcher: Searcher, version: str) -> None:
        self.searcher = searcher
        self.version = version
        self.users = 0
        self.retired = False


class LiveIndex:
    """Hands out searchers on whatever is published now; a running search keeps the one it has.

    Asks at most every `check_every_s` seconds whether something new is in service, opens and
    warms it, and only then switches. What cannot be opened is logged, and the old generation
    goes on serving. Safe to use from several threads.
    """

    def __init__(self, index: SearchIndex, *, check_every_s: float = 0.25) -> None:
        self._index = index
        self._check_every_s = check_every_s
        self._lock = threading.Lock()
        self._switching = threading.Lock()
        self._checked = float("-inf")
        self._loan: _Loan | None = None

    @property
    def version(self) -> str:
        """Name the generation and the suppressions in service, or "" when there is none.

        Read it before a search whose answer is to carry it: an answer may be newer than its
        version says, never older.
        """
        try:
            self._look()
        except IndexMissing:
            return ""
        loan = self._loan
        return loan.version if loan else ""

    @contextmanager
    def searcher(self) -> Iterator[Searcher]:
        """Lend a searcher for the length of a request.

        Raises:
            IndexMissing: If nothing has been published.
            IndexDamaged: If what is published cannot be read and nothing older is open.
        """
        self._look()
        loan = self._borrow()
        try:
            yield loan.searcher
        finally:
            self._give_back(loan)

    def close(self) -> None:
        """Close the searcher in service; requests that run finish first."""
        with self._lock:
            loan, self._loan = self._loan, None
            self._checked = float("-inf")
        if loan:
            self._retire(loan)

    # --- lending --------------------------------------------------------------------------------

    def _borrow(self) -> _Loan:
        with self._lock:
            if self._loan is None:
                raise IndexMissing("nothing has been published: run `samsok reindex` first")
            self._loan.users += 1
            return self._loan

    def _give_back(self, loan: _Loan) -> None:
        with self._lock:
            loan.users -= 1
            last = loan.retired and not loan.users
        if last:
            loan.searcher.close()

    def _retire(self, loan: _Loan) -> None:
        with self._lock:
            loan.retired = True
            idle = not loan.users
        if idle:
            loan.searcher.close()

    # --- following ------------------------------------------------------------------------------

    def _look(self) -> None:
        if time.monotonic() - self._checked < self._check_every_s:
            return
        # While one thread opens the new generation, the others answer from the old one.
        if self._switching.acquire(blocking=self._loan is None):
            try:
                self._follow()
            finally:
                self._switching.release()

    def _follow(self) -> None:
        if time.monotonic() - self._checked < self._check_every_s and self._loan:
            return
        try:
            version = self._published_version()
            if self._loan is None or version != self._loan.version:
                self._switch(version)
        except EngineError as error:
            if self._loan is None:
                raise
            logger.error("the old generation goes on serving: %s", error)
        self._checked = time.monotonic()

    def _published_version(self) -> str:
        name = self._index.current() or ""
        hidden = self._index.suppressed()
        if not hidden:
            return name
        digest = blake2b("\n".join(sorted(hidden)).encode(), digest_size=4).hexdigest()
        return f"{name}-{digest}"

    def _switch(self, version: str) -> None:
        searcher = self._index.searcher()
        searcher.search(Query(limit=1))
        with self._lock:
            old, self._loan = self._loan, _Loan(searcher, version)
        if old:
            self._retire(old)
        logger.info("serving %s, %d documents", version, searcher.generation.documents)
