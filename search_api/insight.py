"""Counting searches, private by design: no address, no cookie, no click, and no rare query on disk.

A process counts in memory and hands over to `indexer.engine.QueryCounts` a few seconds after the
first search that it has not written yet. What is counted never holds a request up or fails it.
"""

from __future__ import annotations

import datetime as dt
import logging
import re
import secrets
import threading
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import util
from typing import TYPE_CHECKING

from indexer.engine import Counts, EngineError, QueryCounts, as_told, may_be_told, sweep_counts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import falcon

    from indexer.engine import SearchAnswer, Searcher
    from search_api.params import SearchParams
    from search_api.settings import Settings

logger = logging.getLogger(__name__)

WRITE_AFTER_S = 5.0
"""What a process that is killed has counted in the last seconds is lost."""

MOST_TEXTS = 5_000
"""Texts that a process holds until they are written; those beyond are in the sums alone."""

_PROGRAMS = re.compile(
    r"(?<!cu)bot\b|crawl|spider|slurp|monitor|check|preview|scan|uptime", re.IGNORECASE
)
_HOUR_S = 3600.0


class QueryInsight:
    """Counts the searches of one process; without `counts` it counts nothing."""

    def __init__(
        self,
        counts: QueryCounts | None,
        *,
        write_after_s: float = WRITE_AFTER_S,
        today: Callable[[], dt.date] = lambda: dt.datetime.now(dt.UTC).date(),
    ) -> None:
        self._counts = counts
        self._write_after_s = write_after_s
        self._today = today
        self._lock = threading.Lock()
        self._held = Counts()
        self._waiting = False
        self._complaint = ""

    @classmethod
    def of(cls, settings: Settings) -> QueryInsight:
        """Return what counts as the settings say."""
        if not settings.query_insight:
            return cls(None)
        insight = cls(_counts(settings))
        # A worker ends without the interpreter's own farewell; this one is heard in any process.
        util.Finalize(None, insight.write, exitpriority=1)
        return insight

    def count(
        self, req: falcon.Request, params: SearchParams, answer: SearchAnswer, searcher: Searcher
    ) -> None:
        """Count a search that has been answered, if it is one that somebody began."""
        if self._counts is None or not (_begins(params) and _is_of_somebody(req)):
            return
        text = as_told(params.q)
        if not text:
            return
        may_be_known = text in self._held.texts or _may_be_told(params.q, searcher)
        fruitless = answer.total == 0 or answer.alike
        with self._lock:
            held = self._held
            held.searches += 1
            held.without_hits += fruitless
            if may_be_known and (text in held.texts or len(held.texts) < MOST_TEXTS):
                held.texts[text] += 1
                held.fruitless[text] += fruitless
            waiting, self._waiting = self._waiting, True
        if not waiting:
            self._write_later()

    def write(self) -> None:
        """Write what has been counted; what the disk does not take is tried again with the next."""
        with self._lock:
            held, self._held = self._held, Counts()
            self._waiting = False
        if self._counts is None or not held.searches:
            return
        try:
            self._counts.add(held, day=self._today())
            self._complaint = ""
        except (OSError, EngineError) as error:
            self._complain(str(error))
            with self._lock:
                held.add(self._held)
                self._held = held

    def _write_later(self) -> None:
        timer = threading.Timer(self._write_after_s, self.write)
        timer.daemon = True
        timer.start()

    def _complain(self, complaint: str) -> None:
        if complaint != self._complaint:
            self._complaint = complaint
            logger.error("searches are answered, but their counts cannot be written: %s", complaint)


def _counts(settings: Settings) -> QueryCounts:
    # Without `samsok serve` a process is a server of its own.
    key = bytes.fromhex(settings.insight_key) or secrets.token_bytes(32)
    return QueryCounts(settings.insight_directory, min_count=settings.min_count, key=key)


def _begins(params: SearchParams) -> bool:
    """Tell whether this is a search and not the next look at one: a page, a filter, an order."""
    return (
        params.page == 1
        and params.sort == "relevance"
        and params.expand
        and not (params.filters or params.start or params.end)
    )


def _is_of_somebody(req: falcon.Request) -> bool:
    """Tell whether a person may have asked: no HEAD, no prefetching browser, no robot."""
    purpose = req.get_header("Sec-Purpose") or req.get_header("Purpose") or ""
    return not (
        req.context.is_head or "prefetch" in purpose or _PROGRAMS.search(req.user_agent or "")
    )


def _may_be_told(text: str, searcher: Searcher) -> bool:
    try:
        return may_be_told(text, searcher)
    except EngineError:
        # Who is a person of the index cannot be told.
        return False


# --- in the process that starts the others ------------------------------------------------------


def prepared(settings: Settings) -> tuple[Settings, str]:
    """Return the settings with a key for this server's digests, or with insight off and why."""
    if not settings.query_insight:
        return settings, ""
    chosen = replace(settings, insight_key=secrets.token_hex(32))
    try:
        _counts(chosen).prepare()
    except OSError as error:
        return replace(settings, query_insight=False), (
            f"searches are answered but not counted: {settings.insight_directory} cannot be "
            f"written ({error.strerror}). Let the user of `samsok serve` write there, or set "
            "privacy.query_insight to false."
        )
    return chosen, ""


@contextmanager
def housekeeping(settings: Settings) -> Iterator[None]:
    """Delete what has become too old, now and after every midnight, also where nothing is counted.

    Digests go when their day is over, counts after `retention_days`.
    """
    over = threading.Event()
    keeper = threading.Thread(
        target=_keep_house, args=(settings, over), name="insight-sweep", daemon=True
    )
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join()


def _keep_house(settings: Settings, over: threading.Event) -> None:
    complaint = ""
    while True:
        now = dt.datetime.now(dt.UTC)
        complaint = _sweep(settings.insight_directory, now.date(), settings, complaint)
        midnight = dt.datetime.combine(now.date() + dt.timedelta(days=1), dt.time(), dt.UTC)
        # A clock may be set: look every hour.
        if over.wait(min(_HOUR_S, (midnight - now).total_seconds() + 1)):
            return


def _sweep(directory: Path, today: dt.date, settings: Settings, complaint: str) -> str:
    try:
        sweep_counts(directory, today=today, keep_days=settings.retention_days)
    except OSError as error:
        if str(error) != complaint:
            logger.error("old counts of searches cannot be deleted: %s", error)
        return str(error)
    return ""
