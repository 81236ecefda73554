"""Looks through the store for what editors can mend."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from indexer.config import WebsiteSource
from indexer.crawl import Allowed, scope_of
from indexer.fetch import canonicalize
from indexer.jobs.quality.bodies import markup_of
from indexer.jobs.quality.facts import faults_of, same_titles
from indexer.jobs.quality.findings import (
    CHECKS,
    LINKED,
    Check,
    Finding,
    QualityReport,
    SourceQuality,
)
from indexer.jobs.quality.visits import IN_VAIN, fault_of
from indexer.jobs.stores import harvested

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from indexer.config import Config, SourceSettings
    from indexer.crawl import StoreSet
    from indexer.jobs.quality.bodies import Markup
    from indexer.model import Document
    from indexer.store import DocumentStore, KnownUrl, StoredBody

_LARGE_PAGE = 1_000_000
_LARGE_FILE = 10_000_000
_REMEMBERED = 100_000
_DAYS_A_YEAR = 365.25


def _unseen(_source: str, _done: int) -> None:
    """Take a step that nobody watches."""


def survey(
    config: Config,
    *,
    sources: Collection[str] | None = None,
    years: int = 3,
    step: Callable[[str, int], None] = _unseen,
) -> QualityReport | None:
    """Return what is found of `sources`, or of all; None where nothing has been harvested yet.

    Pages of every source are looked through for links. `step` is called with the source and how
    many of its URLs are done.

    Raises:
        StoreError: If the store cannot be read.
    """
    with harvested(config) as store:
        if store is None:
            return None
        surveys = [_Survey(store, source, years=years) for source in config.sources]
        asked = [one for one in surveys if sources is None or one.name in sources]
        for one in asked:
            one.look_at_urls()
        _look_at_documents(store, {one.name: one for one in asked})
        wanted = {url for one in asked for url in one.in_vain}
        linking: defaultdict[str, list[str]] = defaultdict(list)
        for one in surveys:
            one.look_into_bodies(wanted, linking, step, only_links=one not in asked)
        return QualityReport(
            made=store.now(),
            years=years,
            sources=tuple(one.result(linking) for one in asked),
        )


def _look_at_documents(store: DocumentStore | StoreSet, surveys: dict[str, _Survey]) -> None:
    of_source: defaultdict[str, list[Document]] = defaultdict(list)
    for document in store.documents():
        if document.source in surveys:
            # Of a text no more is needed than that it is there.
            of_source[document.source].append(replace(document, sections=()))
    for name, found in of_source.items():
        surveys[name].look_at_documents(found)


class _Survey:
    """Collects the findings of one source."""

    def __init__(
        self, store: DocumentStore | StoreSet, source: SourceSettings, *, years: int
    ) -> None:
        self._store = store
        self._source = source
        self._since = store.now().date() - dt.timedelta(days=round(years * _DAYS_A_YEAR))
        self._found: defaultdict[Check, list[Finding]] = defaultdict(list)
        self._documents = 0
        self._titles: dict[str, str] = {}
        self._named_by_source: set[str] = set()
        self._canonical_targets: dict[str, str] = {}
        self._ruled: Counter[str] = Counter()
        self._missed: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        self._place = lru_cache(_REMEMBERED)(self._placed)
        self._scope = scope_of(source)
        self.name = source.name

    @property
    def in_vain(self) -> set[str]:
        """The addresses that it is a fault to link to."""
        return {finding.url for check in IN_VAIN for finding in self._found[check]}

    def look_at_urls(self) -> None:
        """Collect what the last visits found."""
        for _, known in self._known():
            if known.referrer is None:
                self._named_by_source.add(known.url)
            if fault := fault_of(known):
                check, finding = fault
                self._found[check].append(finding)

    def look_at_documents(self, documents: list[Document]) -> None:
        """Collect what the documents lack."""
        self._documents = len(documents)
        self._titles = {document.url: document.title for document in documents}
        for document in documents:
            self._add(faults_of(document, since=self._since))
        self._add(same_titles(documents))

    def look_into_bodies(
        self,
        wanted: Collection[str],
        linking: defaultdict[str, list[str]],
        step: Callable[[str, int], None],
        *,
        only_links: bool,
    ) -> None:
        """Collect what stands in the markup; note in `linking` who links to `wanted`."""
        if not isinstance(self._source, WebsiteSource):
            return
        for number, (store, known) in enumerate(self._known()):
            step(self.name, number)
            body = store.bodies.get(known.id)
            if body is None or known.missing:
                continue
            markup = markup_of(body.page(known.request(conditional=False)), self._source.rules)
            for url in dict.fromkeys(map(self._place, markup.links if markup else ())):
                if url in wanted and url != known.url:
                    linking[url].append(known.url)
            if not only_links:
                self._weigh(known, body)
                self._look_at_markup(known, markup)

    def result(self, linking: dict[str, list[str]]) -> SourceQuality:
        """Return all that was found, with the pages that link to what is in vain."""
        self._judge_rules()
        found: dict[Check, tuple[Finding, ...]] = {}
        for check in CHECKS:
            kept = [
                finding
                for finding in map(self._titled, self._found[check])
                if not self._is_meant(check, finding)
            ]
            if check in IN_VAIN:
                linked = (self._linked(finding, linking) for finding in kept)
                # What nobody links to any more hurts nobody.
                kept = [one for one in linked if one.links or one.url in self._named_by_source]
            if kept:
                found[check] = tuple(sorted(kept, key=_place_of))
        return SourceQuality(name=self.name, documents=self._documents, findings=found)

    def _known(self) -> Iterator[tuple[DocumentStore, KnownUrl]]:
        for store in self._store.stores:
            for known in store.frontier.known(self.name):
                yield store, known

    def _add(self, found: Iterable[tuple[Check, Finding]]) -> None:
        for check, finding in found:
            self._found[check].append(finding)

    def _weigh(self, known: KnownUrl, body: StoredBody) -> None:
        most = _LARGE_PAGE if "html" in body.media_type else _LARGE_FILE
        if body.size > most:
            self._found["large"].append(Finding(url=known.url, detail=str(body.size)))

    def _look_at_markup(self, known: KnownUrl, markup: Markup | None) -> None:
        if markup is None:
            return
        if known.reason == "duplicate" and markup.canonical:
            self._canonical_targets[known.url] = self._place(markup.canonical)
        if known.url not in self._titles:
            # Not found by anybody: noindex, a twin, crawled for its links alone.
            return
        shown: dict[Check, bool] = {
            "no_description": markup.has_description,
            "no_heading": markup.has_heading,
            "no_language": markup.has_language,
        }
        self._add((check, Finding(url=known.url)) for check, has in shown.items() if not has)
        if markup.rule:
            self._ruled[markup.rule] += 1
            for key in markup.missed:
                self._missed[markup.rule, key].append(known.url)

    def _judge_rules(self) -> None:
        """Tell of a `main` that misses any page, and of a field that misses all of its rule."""
        for (rule, key), urls in self._missed.items():
            if key == "main" or len(urls) == self._ruled[rule]:
                found = (Finding(url=url, detail=f"{key}: {rule}") for url in urls)
                self._found["rule_missed"].extend(found)

    def _is_meant(self, check: Check, finding: Finding) -> bool:
        """Tell whether a twin says itself that it goes by the other address."""
        return check == "duplicate" and self._canonical_targets.get(finding.url) == finding.target

    def _titled(self, finding: Finding) -> Finding:
        title = finding.title or self._titles.get(finding.url, "")
        return replace(finding, title=title)

    def _linked(self, finding: Finding, linking: dict[str, list[str]]) -> Finding:
        pages = sorted(dict.fromkeys(linking.get(finding.url, ())))
        return replace(finding, linked_from=tuple(pages[:LINKED]), links=len(pages))

    def _placed(self, url: str) -> str:
        """Return the address under which the frontier would hold a link."""
        canonical = canonicalize(url) or url
        place = self._scope.decide(canonical)
        return place.url if isinstance(place, Allowed) else canonical


def _place_of(finding: Finding) -> tuple[int, str, str]:
    """Most linked first, then the oldest and by reason, then by address."""
    return -finding.links, finding.detail, finding.url
