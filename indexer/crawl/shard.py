"""Which hosts fall to which shard, when several crawls share the sources between them.

A host belongs to exactly one shard, whatever source its pages are of, so that never two crawls ask
it at a time. Its name decides, without port, scheme and a leading ``www.``; another name that the
configuration has for it (`aliases`) goes where the host goes.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from indexer.config import WebsiteSource
from indexer.crawl.scope import allowed_paths, hosts_of
from indexer.fetch import canonicalize

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from indexer.config import Config, SourceSettings
    from indexer.store import DocumentStore

_WRITTEN = re.compile(r"([0-9]{1,4})/([0-9]{1,4})")
_FILE = re.compile(r"crawl-([0-9]{1,4})-of-([0-9]{1,4})\.db")
_MOST_ALIASES = 10
"""Steps from name to name that are followed: names that stand for each other have no end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """One of `total` shards; they are counted from 1."""

    number: int
    total: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the shard that is written as ``2/4``.

        Raises:
            ValueError: If there is none of that name.
        """
        written = _WRITTEN.fullmatch(text.strip())
        shard = cls(number=int(written[1]), total=int(written[2])) if written else None
        if shard is None or not 1 <= shard.number <= shard.total:
            raise ValueError(f"{text!r} is no shard: write 1/4 for the first of four")
        return shard

    def __str__(self) -> str:
        return f"{self.number}/{self.total}"

    def store(self, data_dir: Path) -> Path:
        """Return the file of this shard's store."""
        return data_dir / f"crawl-{self.number}-of-{self.total}.db"

    @classmethod
    def of_file(cls, path: Path) -> Self | None:
        """Return the shard that a store's name says it is of, or None."""
        named = _FILE.fullmatch(path.name)
        return cls(number=int(named[1]), total=int(named[2])) if named else None

    @classmethod
    def stores(cls, data_dir: Path) -> tuple[Path, ...]:
        """Return the stores of shards in a directory, in the order of their numbers."""
        found = [(shard.total, shard.number, path) for path, shard in cls._files(data_dir)]
        return tuple(path for _, _, path in sorted(found))

    @classmethod
    def _files(cls, data_dir: Path) -> Iterable[tuple[Path, Self]]:
        for path in data_dir.glob("crawl-*-of-*.db"):
            if shard := cls.of_file(path):
                yield path, shard


class Share:
    """The hosts of a configuration that fall to one shard."""

    def __init__(self, shard: Shard, config: Config) -> None:
        self.shard = shard
        self._aliases = {
            _name(f"https://{alias}/"): _name(f"https://{host}/")
            for source in reversed(config.sources)
            if isinstance(source, WebsiteSource)
            for alias, host in source.aliases.items()
        }
        self._number_of = lru_cache(maxsize=10_000)(self._fallen_to)

    def owns(self, url: str) -> bool:
        """Whether the host of a URL falls to this shard."""
        return self._number_of(urlsplit(url).netloc) == self.shard.number

    def part_of(self, source: SourceSettings) -> SourceSettings | None:
        """Return a source with what it names at hosts of this shard; None where that is nobody's.

        A web site may have pages here that only others lead to, so it always has a part.
        """
        if isinstance(source, WebsiteSource):
            return self.part_of_site(source)
        return source if self.owns(source.url) else None

    def part_of_site(self, source: WebsiteSource) -> WebsiteSource:
        """Return a web site with the start pages and lists that are at hosts of this shard.

        Its scope is that of the whole.
        """
        lists = source.sitemaps
        return dataclasses.replace(
            source,
            start=self._own(source.start),
            hosts=hosts_of(source),
            allow=allowed_paths(source),
            sitemaps=self._own(lists) if isinstance(lists, tuple) else lists,
            feeds=self._own(source.feeds),
        )

    def _own(self, urls: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(url for url in urls if self.owns(canonicalize(url) or url))

    def _fallen_to(self, netloc: str) -> int:
        name = _name(f"https://{netloc}/")
        for _ in range(_MOST_ALIASES):
            name = self._aliases.get(name, name)
        digest = hashlib.sha256(name.removeprefix("www.").encode()).digest()
        return int.from_bytes(digest[:8], "big") % self.shard.total + 1


def share_of(store: DocumentStore, config: Config) -> Share | None:
    """Return the hosts that a store is for, or None where it is for all."""
    held = store.handover.shard
    return Share(Shard(number=held[0], total=held[1]), config) if held is not None else None


def _name(url: str) -> str:
    return urlsplit(canonicalize(url) or url).hostname or ""
