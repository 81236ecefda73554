"""When a page is visited again: sooner where it changes often, later where it does not.

The interval halves when a visit finds a change and doubles when it does not, within the bounds of
the configuration (J. Cho and H. Garcia-Molina, "Effective page refresh policies for web crawlers",
ACM TODS 28, 2003, on why a page should be visited in step with its rate of change). Pages that are
there for their links are visited in every run: what is new is found there.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from indexer.config import RecrawlSettings
    from indexer.store import KnownUrl


class RecrawlSchedule:
    """Says when a visited URL is due again."""

    def __init__(self, settings: RecrawlSettings) -> None:
        self._least_h = settings.min_hours
        self._most_h = max(settings.max_days * 24, settings.min_hours)

    def after(self, visited: KnownUrl, *, changed: bool, news: bool = False) -> KnownUrl:
        """Return a URL that was read, with its next visit; `news`: a list had said it changed."""
        if visited.depth == 0 or visited.visited_at is None:
            return self.at_once(visited)
        if not visited.interval_h:
            interval = self._least_h
        else:
            interval = visited.interval_h * (0.5 if changed else 2)
        interval = min(max(interval, self._least_h), self._most_h)
        return dataclasses.replace(
            visited,
            interval_h=interval,
            due_at=visited.visited_at + dt.timedelta(hours=interval),
            false_news=0 if changed else visited.false_news + news,
        )

    def at_once(self, visited: KnownUrl) -> KnownUrl:
        """Return a URL that the next run visits: it failed, is missing, or leads to others."""
        return dataclasses.replace(visited, due_at=None)
