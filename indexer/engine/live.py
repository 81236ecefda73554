"""The generation in service, followed while it changes."""

from __future__ import annotations

import logging
import threading
import time
from contextlib import contextmanager
from hashlib import blake2b
from typing import TYPE_CHECKING

from indexer.engine.query import Query
from indexer.engine.upkeep import STATUS_NOTE, Upkeep
from indexer.errors import EngineError, IndexDamaged, IndexMissing, IndexUnreachable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.engine.ports import Searcher, SearchIndex

logger = logging.getLogger(__name__)


class _Loan:
    """A searcher, what it hides, how many requests use it, and whether it is still in service."""

    def __init__(self, searcher: Searcher, hidden: frozenset[str]) -> None:
        self.searcher = searcher
        self.hidden = hidden
        self.version = _version(searcher.generation.name, hidden)
        self.users = 0
        self.retired = False


class LiveIndex:
    """Hands out searchers on whatever is published now; a running search keeps the one it has.

    Asks at most every `check_every_s` seconds whether something new is in service, opens and
    warms it, and only then switches; nobody waits for that, except who comes first after
    `silence_s` seconds without a request. What cannot be opened is logged, and the old generation
    goes on serving. Safe to use from several threads.

    A document that is suppressed is in no search that begins `check_every_s` seconds later:
    requests wait for a generation to be opened if that is what hides it, and only then. When it
    can be opened neither anew nor as it was, nothing is shown rather than what must be hidden.
    """

    def __init__(
        self, index: SearchIndex, *, check_every_s: float = 0.25, silence_s: float = 0.5
    ) -> None:
        self._index = index
        self._check_every_s = check_every_s
        self._silence_s = silence_s
        self._lock = threading.Lock()
        self._switching = threading.Lock()
        self._checked = self._looked = float("-inf")
        self._loan: _Loan | None = None
        self._complaint = ""

    @property
    def index(self) -> SearchIndex:
        """The index that is followed."""
        return self._index

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

    def upkeep(self) -> Upkeep | None:
        """Return what the job that builds the index told of itself, if it can be read."""
        try:
            return Upkeep.read(self._index.note(STATUS_NOTE))
        except EngineError as error:
            logger.warning("the status cannot be read: %s", error)
            return None

    def close(self) -> None:
        """Close the searcher in service; requests that run finish first."""
        with self._switching:
            self._close()

    def _close(self) -> None:
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
        if self._is_fresh():
            return
        before, self._looked = self._looked, time.monotonic()
        if self._looked - before >= self._silence_s or self._must_wait():
            with self._switching:
                self._follow()
        elif self._switching.acquire(blocking=False):
            try:
                if self._is_news():
                    # Opening takes a while; what is in service answers until it is done.
                    threading.Thread(target=self._follow_aside, name="follow", daemon=True).start()
                    return
                self._checked = self._looked
            except BaseException:
                self._switching.release()
                raise
            self._switching.release()

    def _is_fresh(self) -> bool:
        return time.monotonic() - self._checked < self._check_every_s

    def _follow_aside(self) -> None:
        try:
            self._follow()
        except EngineError as error:
            # Nothing may be shown any more: who asks next is told why.
            logger.error("nothing is in service: %s", error)
        finally:
            self._switching.release()

    def _is_news(self) -> bool:
        """Tell whether something else is in service, or whether that cannot be told."""
        try:
            serving = _version(self._index.current() or "", self._index.suppressed())
        except EngineError:
            return True
        return self._loan is None or self._loan.version != serving

    def _must_wait(self) -> bool:
        """Tell whether what there is to answer from would show what must be hidden."""
        loan = self._loan
        return loan is None or not self._hidden(loan) <= loan.hidden

    def _follow(self) -> None:
        # When the look begins: opening takes a while, and what happens meanwhile counts as new.
        begun = time.monotonic()
        loan = self._loan
        if loan and self._is_fresh():
            return
        try:
            name, hidden = self._index.current() or "", self._index.suppressed()
            if loan is None or loan.version != _version(name, hidden):
                self._switch(self._opened(None), hidden)
            self._complaint = ""
        except EngineError as error:
            if loan is None:
                raise
            self._stay(loan, error)
        self._checked = begun

    def _stay(self, loan: _Loan, error: EngineError) -> None:
        """Go on with the old generation, without what has been hidden since it was opened."""
        if str(error) != self._complaint:
            self._complaint = str(error)
            logger.error("the old generation goes on serving: %s", error)
        hidden = self._hidden(loan)
        if hidden <= loan.hidden:
            return
        try:
            self._switch(self._opened(loan.searcher.generation.name), hidden)
        except EngineError:
            self._close()
            raise error from None

    def _hidden(self, loan: _Loan) -> frozenset[str]:
        """Return what must be hidden now; what already is, when that cannot be read."""
        try:
            return self._index.suppressed()
        except EngineError:
            return loan.hidden

    def _opened(self, generation: str | None) -> Searcher:
        searcher = self._index.searcher(generation)
        try:
            searcher.search(Query(limit=1))
            searcher.suggest("a", limit=1)
        except IndexUnreachable:
            searcher.close()
            raise
        except Exception as error:
            searcher.close()
            # Whatever it is, it must not take the place of a generation that answers.
            raise IndexDamaged(
                f"{searcher.generation.name} cannot be searched ({type(error).__name__}: {error})"
            ) from error
        return searcher

    def _switch(self, searcher: Searcher, hidden: frozenset[str]) -> None:
        loan = _Loan(searcher, hidden)
        with self._lock:
            old, self._loan = self._loan, loan
        if old:
            self._retire(old)
        logger.info("serving %s, %d documents", loan.version, searcher.generation.documents)


def _version(generation: str, hidden: frozenset[str]) -> str:
    if not hidden:
        return generation
    digest = blake2b("\n".join(sorted(hidden)).encode(), digest_size=4).hexdigest()
    return f"{generation}-{digest}"
