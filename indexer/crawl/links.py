"""From the links of a page to the URLs that are new and worth a visit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.crawl.scope import Allowed, Decision, OutOfScope, Scope
from indexer.crawl.traps import PatternBudget, url_pattern
from indexer.fetch import canonicalize
from indexer.store import FoundUrl, KnownUrl, LeftOut, NewUrl

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from indexer.crawl.duplicates import DuplicateWatch
    from indexer.crawl.shard import Share
    from indexer.crawl.tally import Tally
    from indexer.model import Link

_REMEMBERED = 50_000
_NO_WEB_ADDRESS = "not_a_web_address"
_EXPLAINED = frozenset({"duplicate_pattern", "max_depth", "nofollow", "pattern_budget"})
"""Why a URL is left out that its address and the configuration alone would allow."""


class LinkSelector:
    """Chooses what to follow; remembers what it chose, because most links are seen many times.

    A URL that is left out counts once in the report, with its reason; of `room` many the reason is
    remembered for `samsok explain`. What is at a host of another shard than that of `share` is not
    queued, but kept for it.
    """

    def __init__(
        self,
        scope: Scope,
        *,
        source: str,
        pattern_budget: int,
        tally: Tally,
        watch: DuplicateWatch | None = None,
        room: int = 0,
        share: Share | None = None,
    ) -> None:
        self._scope = scope
        self._source = source
        self._watch = watch
        self._room = room
        self._share = share
        self._budget = PatternBudget(pattern_budget)
        self._tally = tally
        self._depths: dict[str, int] = {}
        self._decided: dict[str, Decision] = {}
        self._left_out: set[str] = set()
        self._to_remember: dict[str, tuple[OutOfScope, str | None]] = {}
        self._handed: dict[str, int] = {}
        self._to_hand_over: list[FoundUrl] = []

    def enter(self, known: KnownUrl) -> None:
        """Take note of a URL that the frontier holds already."""
        self._depths[known.url] = known.depth
        self._budget.enter(known.url)

    def knows(self, url: str) -> bool:
        """Whether the frontier holds this canonical URL."""
        return url in self._depths

    def known_as(self, url: str) -> str | None:
        """Return the canonical URL that the frontier holds for a URL, or None."""
        place = self.place(url)
        return place.url if isinstance(place, Allowed) and place.url in self._depths else None

    def is_ours(self, url: str) -> bool:
        """Whether a URL of the source is this shard's to visit."""
        return self._share is None or self._share.owns(url)

    def take_handed_over(self) -> list[FoundUrl]:
        """Return what was found for other shards since the last call."""
        taken, self._to_hand_over = self._to_hand_over, []
        return taken

    def take_left_out(self, at: dt.datetime) -> list[LeftOut]:
        """Return what was left out since the last call, for `samsok explain`."""
        taken = [
            LeftOut(
                source=self._source,
                url=url,
                reason=refusal.reason,
                rule=refusal.rule,
                referrer=referrer,
                at=at,
            )
            for url, (refusal, referrer) in self._to_remember.items()
        ]
        self._to_remember.clear()
        return taken

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

    def select(
        self,
        links: Iterable[Link],
        *,
        depth: int,
        referrer: str | None,
        listed: bool = False,
        lastmod: dt.datetime | None = None,
    ) -> list[NewUrl]:
        """Return the URLs to queue, each once: new ones, and known ones that lie less deep now.

        What is `listed` by the source itself is no trap, however many of it are alike; `lastmod` is
        what the list says of their last change.
        """
        chosen: list[NewUrl] = []
        for link in links:
            place = self.place(link.url)
            refusal = (
                place
                if isinstance(place, OutOfScope)
                else self._refusal(place, link, depth, listed=listed)
            )
            if refusal is not None:
                self._leave_out(link.url, place, refusal, referrer)
            elif isinstance(place, Allowed) and not self.is_ours(place.url):
                self._hand_over(
                    FoundUrl(
                        source=self._source,
                        url=place.url,
                        depth=depth,
                        referrer=referrer,
                        lastmod=lastmod,
                        listed=listed,
                    )
                )
            elif isinstance(place, Allowed) and depth < self._depths.get(place.url, depth + 1):
                self._depths[place.url] = depth
                chosen.append(
                    NewUrl(url=place.url, depth=depth, referrer=referrer, lastmod=lastmod)
                )
        return chosen

    def forget(self, urls: Iterable[NewUrl]) -> None:
        """Take back a selection that could not be stored."""
        for found in self.take_handed_over():
            self._handed.pop(found.url, None)
        for new in urls:
            if self._depths.pop(new.url, None) is not None:
                self._budget.withdraw(new.url)

    @property
    def spent_patterns(self) -> dict[str, int]:
        """The URL patterns whose budget is spent, with the number of URLs left out."""
        return self._budget.spent

    def _refusal(
        self, place: Allowed, link: Link, depth: int, *, listed: bool
    ) -> OutOfScope | None:
        """Return why a URL of the source is not to be queued; a known one needs no reason."""
        if place.url in self._depths:
            return None
        if link.nofollow:
            return OutOfScope(reason="nofollow", rule="rel")
        decision = self._scope.decide(place.url, depth)
        if isinstance(decision, OutOfScope):
            return decision
        if not self.is_ours(place.url):
            return None
        if listed:
            self._budget.enter(place.url)
            return None
        return self._trap(place)

    def _hand_over(self, found: FoundUrl) -> None:
        """Keep a find for its shard; a link that many pages have is written once."""
        known = self._handed.get(found.url)
        if known is not None and known <= found.depth and not found.listed:
            return
        if len(self._handed) >= _REMEMBERED:
            self._handed.clear()
        self._handed[found.url] = found.depth
        self._to_hand_over.append(found)

    def _trap(self, place: Allowed) -> OutOfScope | None:
        """Return the trap that a new URL would lead into, and count it if there is none."""
        if not self._budget.admit(place.url):
            return OutOfScope(reason="pattern_budget", rule=url_pattern(place.url))
        if self._watch is not None and (where := self._watch.refuses(place.url)):
            self._budget.withdraw(place.url)
            return OutOfScope(reason="duplicate_pattern", rule=where)
        return None

    def _leave_out(
        self, url: str, place: Decision, refusal: OutOfScope, referrer: str | None
    ) -> None:
        if url in self._left_out or refusal.reason == _NO_WEB_ADDRESS:
            # A mail address or a telephone number: personal data, which no report may show.
            return
        if len(self._left_out) < _REMEMBERED:
            self._left_out.add(url)
            if self._room and refusal.reason in _EXPLAINED and isinstance(place, Allowed):
                self._to_remember[place.url] = (refusal, referrer)
                self._room -= 1
        self._tally.skipped.add(refusal.reason, url)

    def _remember(self, url: str, decision: Decision) -> None:
        if len(self._decided) >= _REMEMBERED:
            self._decided.clear()
        self._decided[url] = decision
