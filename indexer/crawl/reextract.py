"""Reading the stored pages again, with no request sent: new rules, vocabulary or software."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from indexer.crawl.links import LinkSelector
from indexer.crawl.reading import ReadingRules, read_again
from indexer.crawl.recorder import Recorder
from indexer.crawl.scope import Allowed, Scope
from indexer.crawl.tally import Tally
from indexer.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from indexer.config import Config, WebsiteSource
    from indexer.store import DocumentStore, KnownUrl

logger = logging.getLogger(__name__)


def reextract(store: DocumentStore, config: Config) -> Mapping[str, int]:
    """Read every stored page again whose extraction is out of date, and count what came of it.

    URLs that come to light wait in the frontier for the next crawl. A page whose reading fails
    keeps its document and is tried again next time.

    Raises:
        StoreError: If the store cannot be read or written.
    """
    counts = dict.fromkeys(("read", "added", "changed", "unchanged", "removed", "failed"), 0)
    for source in config.sources:
        for what, count in _reextract_source(store, config, source).items():
            counts[what] += count
    return counts


def _reextract_source(
    store: DocumentStore, config: Config, source: WebsiteSource
) -> dict[str, int]:
    rules = ReadingRules(rules=source.rules, vocabulary=config.vocabulary)
    scope, tally, fingerprint = Scope(source), Tally(source=source.name), rules.fingerprint
    links = LinkSelector(scope, pattern_budget=source.pattern_budget, tally=tally)
    for known in store.frontier.known(source.name):
        links.enter(known)
    recorder = Recorder(
        store=store,
        source=source.name,
        scope=scope,
        links=links,
        fingerprint=fingerprint,
        tally=tally,
    )
    failed = 0
    for known in store.outdated({source.name: fingerprint}):
        # What the scope no longer allows is the next crawl's to remove.
        if isinstance(scope.decide(known.url, known.depth), Allowed):
            failed += not _read_one(store, rules, recorder, known)
    return {
        "read": tally.reextracted,
        "added": tally.changes["added"],
        "changed": tally.changes["changed"],
        "unchanged": tally.changes["unchanged"],
        "removed": sum(reason.count for reason in tally.removed.counted().values()),
        "failed": failed,
    }


def _read_one(
    store: DocumentStore, rules: ReadingRules, recorder: Recorder, known: KnownUrl
) -> bool:
    body = store.bodies.get(known.id)
    if body is None:
        return True
    try:
        extraction = read_again(body.page(known.request(conditional=False)), rules)
        recorder.read_again(known, extraction, revisited=False)
    except StoreError:
        raise
    except Exception:
        logger.exception("internal error at %s", known.url)
        return False
    return True
