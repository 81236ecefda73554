"""One visit: ask for a URL, read what comes, record what it means."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from indexer.crawl.scope import Allowed, OutOfScope, Scope
from indexer.fetch import Fetcher, canonicalize
from indexer.model import Deferred, Denied, Failed, FetchResult, NotModified, Page

if TYPE_CHECKING:
    from indexer.crawl.links import LinkSelector
    from indexer.crawl.manners import Manners
    from indexer.crawl.reading import PageReader, ReadingRules
    from indexer.crawl.recorder import Recorder
    from indexer.store import DocumentStore, KnownUrl


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of asking for a URL, and where its redirects led, if anywhere."""

    known: KnownUrl
    result: FetchResult | Deferred
    hops: Hops

    def given_up(self) -> Answer:
        """Return a deferred answer as a failure: it is not waited for any more."""
        if not isinstance(self.result, Deferred):
            return self
        deferred = self.result
        failed = Failed(
            request=deferred.request,
            reason=deferred.reason,
            detail=deferred.detail,
            status=deferred.status,
        )
        return replace(self, result=failed)


class Hops:
    """Watches where a request is led, and stops it where it need not or may not go on.

    A redirect to a URL that the frontier holds, or that is another shard's, ends there: that URL
    has a visit of its own.
    """

    def __init__(self, known: KnownUrl, scope: Scope, links: LinkSelector) -> None:
        self._known = known
        self._scope = scope
        self._links = links
        self.known_target: str | None = None
        self.refusal: OutOfScope | None = None
        self.refused_url = ""

    def permit(self, url: str) -> str | None:
        """Return why the request must not go to `url`, or None when it may."""
        canonical = canonicalize(url)
        if canonical is None:
            return self._refuse(url, OutOfScope(reason="not_a_web_address"))
        place = self._scope.decide(canonical, self._known.depth)
        if isinstance(place, OutOfScope):
            return self._refuse(url, place)
        if place.url == self._known.url:
            return None
        if self._links.knows(place.url) or not self._links.is_ours(place.url):
            self.known_target = place.url
            return "known_target"
        return None

    def _refuse(self, url: str, refusal: OutOfScope) -> str:
        self.refusal, self.refused_url = refusal, url
        return refusal.reason


class Visitor:
    """Visits URLs of one source. `ask` has no effect on the store; `conclude` has all of it."""

    def __init__(
        self,
        *,
        manners: Manners,
        store: DocumentStore,
        fetcher: Fetcher,
        reader: PageReader,
        rules: ReadingRules,
        scope: Scope,
        links: LinkSelector,
        recorder: Recorder,
    ) -> None:
        self._manners = manners
        self._store = store
        self._fetcher = fetcher
        self._reader = reader
        self._rules = rules
        self._fingerprint = rules.fingerprint
        self._scope = scope
        self._links = links
        self._recorder = recorder

    async def ask(self, known: KnownUrl) -> Answer:
        """Send the request for a URL, conditional if an unchanged answer would do."""
        hops = Hops(known, self._scope, self._links)
        request = known.request(conditional=self._is_readable_again(known))
        settings = self._manners.towards(known.url)
        result = await self._fetcher.attempt(request, settings=settings, permit=hops.permit)
        return Answer(known=known, result=result, hops=hops)

    async def conclude(self, answer: Answer) -> None:
        """Read the page that came, if one did, and record the outcome."""
        match answer.result:
            case Page():
                await self._page(answer, answer.result)
            case NotModified():
                await self._not_modified(answer.known, answer.result)
            case Denied():
                self._denied(answer, answer.result)
            case Failed():
                self._recorder.failed(answer.known, answer.result)

    async def _page(self, answer: Answer, page: Page) -> None:
        known: KnownUrl | None = answer.known
        place = self._links.place(page.url)
        if isinstance(place, Allowed) and place.url != answer.known.url:
            self._recorder.redirected(answer.known, place.url)
            known = self._recorder.take(place.url)
        if known is None:
            return  # somebody else visits where it leads, or there is no budget for it
        if self._recorder.is_unchanged(known, page):
            self._recorder.unchanged(known, page)
        else:
            links_only = isinstance(place, Allowed) and not place.index
            reading = await self._reader.read(page, self._rules, links_only=links_only)
            self._recorder.page(known, page, reading)

    async def _not_modified(self, known: KnownUrl, result: NotModified) -> None:
        body = None
        if known.fingerprint != self._fingerprint:
            body = self._store.bodies.get(known.id)
        if body is None:
            self._recorder.unchanged(known, result)
        else:
            page = body.page(result.request)
            extraction = await self._reader.read_again(page, self._rules)
            self._recorder.read_again(known, extraction, revisited=True)

    def _denied(self, answer: Answer, result: Denied) -> None:
        hops = answer.hops
        if hops.refusal is not None:
            self._recorder.left_scope(answer.known, hops.refusal, hops.refused_url)
        elif hops.known_target is not None:
            self._recorder.redirected(answer.known, hops.known_target)
        else:
            self._recorder.denied(answer.known, result)

    def _is_readable_again(self, known: KnownUrl) -> bool:
        """Whether "not modified" would leave us with something that this extraction has read."""
        if known.fingerprint == self._fingerprint:
            return True
        return self._store.bodies.digest(known.id) is not None
