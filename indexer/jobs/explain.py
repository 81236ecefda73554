"""Why a URL is, or is not, in the index: every decision on it, in the order in which they fell."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from indexer.config import WebsiteSource
from indexer.crawl import OutOfScope, read_again, rules_of, scope_of
from indexer.engine import open_index
from indexer.errors import IndexMissing
from indexer.fetch import canonicalize
from indexer.jobs.stores import catch_up, store_of
from indexer.model import document_id
from indexer.store import DocumentStore

if TYPE_CHECKING:
    import datetime as dt

    from indexer.config import Config, SourceSettings
    from indexer.model import Extraction
    from indexer.store import KnownUrl, StoredDocument

_MOVES = 3
"""Redirects and canonical addresses that are followed to see where a URL ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision: the stage that made it, what it was, and the rule or header behind it."""

    stage: str
    said: str
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """All decisions on a URL. `conclusion` is one sentence; `is_found` whether searches find it."""

    url: str
    is_found: bool
    conclusion: str
    decisions: tuple[Decision, ...]

    def plain(self) -> dict[str, Any]:
        """Return the explanation as plain JSON values."""
        return dataclasses.asdict(self)


def explain(config: Config, url: str) -> Explanation:
    """Explain a URL, or the identifier of a repository's record, from what is stored.

    No request is sent; a stored page is read again by the rules of today.

    Raises:
        StoreError, EngineError: If store or index cannot be read.
    """
    canonical = canonicalize(url) or url
    catch_up(config)
    path = store_of(config, canonical)
    if not path.exists():
        said = "nothing has been crawled yet; run `samsok reindex`"
        return Explanation(
            url=canonical, is_found=False, conclusion=f"Not in the index: {said}.", decisions=()
        )
    with DocumentStore.open(path) as store:
        return _Inquiry(config, store).into(url, canonical)


class _Inquiry:
    """Collects the decisions on one URL; the last one against it is the conclusion."""

    def __init__(self, config: Config, store: DocumentStore) -> None:
        self._config = config
        self._store = store
        self._found: list[Decision] = []
        self._why_not = "no page that was crawled points to it, and no list names it"
        self._documents: dict[str, None] = {}

    def into(self, url: str, canonical: str) -> Explanation:
        if canonical != url:
            self._note("address", f"is crawled as {canonical}", "URL normalization")
        if self._store.erasures.forbids(canonical):
            self._note("erasure", "was forgotten at somebody's request", "samsok forget --list")
            self._why_not = "it was forgotten at somebody's request, and is not asked for"
        else:
            self._look_at(canonical, moves=_MOVES)
        for stored in filter(None, map(self._store.get, self._documents)):
            self._document(stored)
        served = [one for one in self._documents if self._is_served(one)]
        if served:
            conclusion = "In the index: searches find it."
        else:
            conclusion = f"Not in the index: {self._why_not}."
        return Explanation(
            url=canonical,
            is_found=bool(served),
            conclusion=conclusion,
            decisions=tuple(self._found),
        )

    def _note(self, stage: str, said: str, because: str = "") -> None:
        self._found.append(Decision(stage=stage, said=said, because=because))

    # --- the URL --------------------------------------------------------------------------------

    def _look_at(self, url: str, *, moves: int) -> None:
        known = {}
        for source in self._config.sources:
            own = self._place(source, url)
            if own is not None and (row := self._store.frontier.find(source.name, own)):
                known[source.name] = row
        for row in self._store.frontier.of_all_sources(url):
            known.setdefault(row.source, row)
        self._left_out(url, besides=set(known))
        for row in known.values():
            self._visit(row, moves=moves)
        for identity in (document_id(url), *(one.id for one in self._store.with_url(url))):
            self._documents.setdefault(identity)
        if not known and not self._found:
            self._no_source(url)

    def _no_source(self, url: str) -> None:
        host = urlsplit(url).netloc
        sites = [one for one in self._config.sources if isinstance(one, WebsiteSource)]
        if host and host not in {name for site in sites for name in site.hosts}:
            names = ", ".join(one.name for one in self._config.sources)
            self._note("scope", f"no source has the host {host}", f"sources: {names}")
            self._why_not = f"no source of {self._config.path.name} has the host {host}"

    def _place(self, source: SourceSettings, url: str) -> str | None:
        scope = scope_of(source)
        place = scope.decide(url)
        if isinstance(place, OutOfScope):
            if place.reason != "other_host":
                self._note(
                    "scope", f"outside of the source {source.name}: {place.reason}", place.rule
                )
                self._why_not = f"the scope of the source {source.name} leaves it out"
            return None
        if allowed := scope.allowed_by(url):
            self._note("scope", f"belongs to the source {source.name}", f"allow: {allowed}")
        if place.url != url:
            self._note("scope", f"is crawled under the source's own host: {place.url}", "aliases")
        if not place.index:
            self._note("scope", "is crawled for its links only", f"follow_only: {place.rule}")
        return place.url

    def _left_out(self, url: str, *, besides: set[str]) -> None:
        for one in self._store.left_out.find(url):
            if one.source not in besides:
                self._note(
                    "links",
                    f"was left out of {one.source} on {_day(one.at)}: {one.reason}; "
                    f"{one.referrer or 'a list'} points to it",
                    one.rule,
                )
                self._why_not = f"it was left out when a page pointed to it: {one.reason}"

    # --- its visits -----------------------------------------------------------------------------

    def _visit(self, known: KnownUrl, *, moves: int) -> None:
        self._note(
            "links",
            f"known to {known.source}, {_counted(known.depth, 'link')} from a start page",
            f"named by {known.referrer}" if known.referrer else "a start page",
        )
        if known.visited_at is None:
            self._note("fetch", "waits for its first visit")
            self._why_not = "it has not been visited yet"
            return
        status = f" with status {known.status}" if known.status else ""
        reason = f": {known.reason}" if known.reason else ""
        self._note(
            "fetch",
            f"visited on {_moment(known.visited_at)}{status}, outcome {known.outcome}{reason}",
            known.detail,
        )
        if known.missing:
            since = f" since {_day(known.missing_since)}" if known.missing_since else ""
            self._note("fetch", f"missing in {_counted(known.missing, 'run')}{since}")
        self._note("recrawl", *_next_visit(known))
        if known.outcome in {"denied", "failed", "skipped"}:
            self._why_not = f"its last visit ended with {known.reason or known.outcome}"
        if known.reason == "redirected" and moves:
            self._look_at(known.detail, moves=moves - 1)
        if known.document_id is not None:
            self._documents.setdefault(known.document_id)
        self._reading(known)

    def _reading(self, known: KnownUrl) -> None:
        body = self._store.bodies.get(known.id)
        source = next((one for one in self._config.sources if one.name == known.source), None)
        if body is None or source is None:
            return
        rules = rules_of(source, self._config, self._store)
        if known.fingerprint != rules.fingerprint:
            self._note("extraction", "rules, vocabulary or software changed since it was read")
        page = body.page(known.request(conditional=False))
        extraction = read_again(page, rules)
        self._extraction(known, extraction, robots_tag=page.robots_tag)

    def _extraction(
        self, known: KnownUrl, extraction: Extraction, *, robots_tag: str | None
    ) -> None:
        if extraction.noindex:
            header = f"X-Robots-Tag: {robots_tag}" if robots_tag else "meta robots"
            self._note("extraction", "asks not to be indexed", header)
            self._why_not = "it asks not to be indexed"
        elif extraction.document is None:
            self._note("extraction", f"gives no document: {extraction.reason}")
            self._why_not = f"nothing could be read from it: {extraction.reason}"
        else:
            traced = "; ".join(f"{field} by {how}" for field, how in extraction.trace.items())
            self._note("extraction", f"reads as {extraction.document.title!r}", traced)
        if extraction.canonical and extraction.canonical != known.url:
            self._note("canonical", f"claims to be {extraction.canonical}", "rel=canonical")

    # --- its document ---------------------------------------------------------------------------

    def _document(self, stored: StoredDocument) -> None:
        if stored.removed_at is not None:
            self._note(
                "document",
                f"was removed on {_moment(stored.removed_at)}: {stored.removed_reason}",
                stored.url,
            )
            self._why_not = f"its document was removed: {stored.removed_reason}"
            return
        urls = [one.url for one in self._store.frontier.standing_for(stored.id)]
        others = f"; also found at {', '.join(urls[1:])}" if len(urls) > 1 else ""
        self._note(
            "document",
            f"stored as {stored.url} since {_day(stored.first_seen)}, "
            f"changed last on {_moment(stored.changed_at)}{others}",
            f"source {stored.source}",
        )
        self._why_not = "it is stored but not published yet; run `samsok reindex`"

    def _is_served(self, identity: str) -> bool:
        index = open_index(self._config.index.plain(), self._config.data_dir / "index")
        try:
            with index.searcher() as searcher:
                hit = searcher.get(identity)
        except IndexMissing:
            self._note("index", "nothing is published yet")
            return False
        if hit is None:
            return False
        self._note("index", f"is served as {hit.title!r}", f"{index.current()}")
        return True


def _next_visit(known: KnownUrl) -> tuple[str, str]:
    if known.due_at is None:
        return "is visited in every run", "a start page, missing, or failed"
    return (
        f"is due again on {_moment(known.due_at)}",
        f"left alone for {known.interval_h:.0f} hours after a visit, by how often it changes",
    )


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _day(moment: dt.datetime) -> str:
    return moment.strftime("%Y-%m-%d")


def _moment(moment: dt.datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M UTC")
