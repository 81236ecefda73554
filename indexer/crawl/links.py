"""From the links of a page to the URLs that are new and worth a visit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.crawl.scope import Allowed, Decision, OutOfScope, Scope
from indexer.crawl.traps import PatternBudget, url_pattern
from indexer.fetch import canonicalize
from indexer.store import KnownUrl, NewUrl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from indexer.crawl.tally import Tally
    from indexer.model import Link

_REMEMBERED = 50_000
_NO_WEB_ADDRESS = "not_a_web_address"


class LinkSelector:
    """Chooses what to follow; remembers what it chose, because most links are seen many times.

    A URL that is left out counts once in the report, with its reason.
    """

    def __init__(self, scope: Scope, *, pattern_budget: int, tally: Tally) -> None:
        self._scope = scope
        self._budget = PatternBudget(pattern_budget)
        self._tally = tally
        self._depths: dict[str, int] = {}
        self._decided: dict[str, Decision] = {}
        self._left_out: set[str] = set()

    def enter(self, known: KnownUrl) -> None:
        """Take note of a URL that the frontier holds already."""
        self._depths[known.url] = known.depth
        self._budget.enter(known.url)

    def knows(self, url: str) -> bool:
        """Whether the frontier holds this canonical URL."""
        return url in self._depths

    def place(self, url: str, *, base: str | None = None) -> Decision:
        """Decide on a URL as a page writes it, whatever its depth."""
        decision = self._decided.get(url) if base is None else None
        if decision is None:
            canonical = canonicalize(url, base)
            decision = (
                self._scope.decide(canonical)
                if canonical is not None
                else OutOfScope(reason=_NO_WEB_ADDRESS)
            )
            if base is None:
                self._remember(url, decision)
        return decision

    def select(self, links: Iterable[Link], *, depth: int, referrer: str | None) -> list[NewUrl]:
        """Return the URLs to queue, each once: new ones, and known ones that lie less deep now."""
        chosen: list[NewUrl] = []
        for link in links:
            place = self.place(link.url)
            refusal = place if isinstance(place, OutOfScope) else self._refusal(place, link, depth)
            if refusal is not None:
                self._leave_out(link.url, refusal.reason)
            elif isinstance(place, Allowed) and depth < self._depths.get(place.url, depth + 1):
                self._depths[place.url] = depth
                chosen.append(NewUrl(url=place.url, depth=depth, referrer=referrer))
        return chosen

    def forget(self, urls: Iterable[NewUrl]) -> None:
        """Take back a selection that could not be stored."""
        for new in urls:
            if self._depths.pop(new.url, None) is not None:
                self._budget.withdraw(new.url)

    @property
    def spent_patterns(self) -> dict[str, int]:
        """The URL patterns whose budget is spent, with the number of URLs left out."""
        return self._budget.spent

    def _refusal(self, place: Allowed, link: Link, depth: int) -> OutOfScope | None:
        """Return why a URL of the source is not to be queued; a known one needs no reason."""
        if place.url in self._depths:
            return None
        if link.nofollow:
            return OutOfScope(reason="nofollow", rule="rel")
        decision = self._scope.decide(place.url, depth)
        if isinstance(decision, OutOfScope):
            return decision
        if not self._budget.admit(place.url):
            return OutOfScope(reason="pattern_budget", rule=url_pattern(place.url))
        return None

    def _leave_out(self, url: str, reason: str) -> None:
        if url in self._left_out or reason == _NO_WEB_ADDRESS:
            # A mail address or a telephone number: personal data, which no report may show.
            return
        if len(self._left_out) < _REMEMBERED:
            self._left_out.add(url)
        self._tally.skipped.add(reason, url)

    def _remember(self, url: str, decision: Decision) -> None:
        if len(self._decided) >= _REMEMBERED:
            self._decided.clear()
        self._decided[url] = decision
