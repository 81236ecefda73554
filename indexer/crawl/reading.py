"""Reading a fetched page, off the event loop.

Parsing is the bottleneck of a crawl and the one step that can freeze on hostile input, so it has
a seam of its own: a `PageReader` may use threads or processes without the crawler knowing.
"""

from __future__ import annotations

import abc
import asyncio
import functools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from indexer.config import WebsiteSource
from indexer.extract import extract, extract_links, fingerprint
from indexer.store import StoredBody, pack

if TYPE_CHECKING:
    from indexer.config import Config, SourceSettings
    from indexer.model import Extraction, Page, SiteRule, Vocabulary
    from indexer.store import DocumentStore

_THREADS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRules:
    """All that the reading of a source's pages depends on, besides the pages.

    `repeated` are the keys of the blocks that its pages repeat.
    """

    rules: tuple[SiteRule, ...]
    vocabulary: Vocabulary
    repeated: frozenset[str] = frozenset()

    @property
    def fingerprint(self) -> str:
        """Name these rules and the version of the extraction that applies them."""
        return fingerprint(self.rules, self.vocabulary, self.repeated)


def rules_of(source: SourceSettings, config: Config, store: DocumentStore) -> ReadingRules:
    """Return how the pages, or the records, of a source are read."""
    return ReadingRules(
        rules=source.rules if isinstance(source, WebsiteSource) else (),
        vocabulary=config.vocabulary,
        repeated=store.repeated.of(source.name),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A page as it was understood, and its body ready to be stored."""

    extraction: Extraction
    body: StoredBody


def read(page: Page, rules: ReadingRules, *, links_only: bool = False) -> Reading:
    """Read a page. Pure, and safe to run in another process."""
    extraction = extract_links(page) if links_only else read_again(page, rules)
    return Reading(extraction=extraction, body=pack(page))


def read_again(page: Page, rules: ReadingRules) -> Extraction:
    """Read a page whose body is stored already."""
    return extract(page, rules=rules.rules, vocabulary=rules.vocabulary, repeated=rules.repeated)


class PageReader(abc.ABC):
    """Reads pages beside the event loop, which it never blocks."""

    @abc.abstractmethod
    async def read(self, page: Page, rules: ReadingRules, *, links_only: bool = False) -> Reading:
        """Read a page, or with `links_only` no more of it than where it leads.

        What is wrong with the page stands in the extraction.
        """

    @abc.abstractmethod
    async def read_again(self, page: Page, rules: ReadingRules) -> Extraction:
        """Read a page whose body is stored already."""

    @abc.abstractmethod
    def close(self) -> None:
        """Let go of threads or processes."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


class ThreadReader(PageReader):
    """Reads in threads of this process: nothing to start, and nothing to kill. For small jobs."""

    def __init__(self, threads: int = _THREADS) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="read")

    async def read(self, page: Page, rules: ReadingRules, *, links_only: bool = False) -> Reading:
        job = functools.partial(read, page, rules, links_only=links_only)
        return await asyncio.get_running_loop().run_in_executor(self._pool, job)

    async def read_again(self, page: Page, rules: ReadingRules) -> Extraction:
        return await asyncio.get_running_loop().run_in_executor(self._pool, read_again, page, rules)

    def close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)
