"""Which URLs belong to a source, and by which of its rules."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from indexer.config import WebsiteSource
from indexer.fetch import canonicalize
from indexer.path_glob import PathGlob, readable_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from indexer.config import SourceSettings

MAX_URL_LENGTH = 2000
"""Characters; longer ones are traps more often than pages, and servers refuse them anyway."""

FORGOTTEN = "forgotten"
"""The reason of what was erased; reports count it and never name it."""

_REPEATING = re.compile(r"(/[^/]+(?:/[^/]+){0,3})\1{2}(?:/|$)")
"""A group of up to four segments, three times in a row: a relative link that leads into itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """The URL belongs to the source. `url` names it by the source's own host.

    With `index` false it is crawled for its links only; `rule` is the glob that said so.
    """

    url: str
    index: bool = True
    rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutOfScope:
    """The URL does not belong to the source; `rule` is what in the configuration says so."""

    reason: str
    rule: str = ""


Decision = Allowed | OutOfScope


def _nothing(_url: str) -> bool:
    return False


class Scope:
    """The scope rules of one source; `forbids` tells which URLs were erased."""

    def __init__(self, source: WebsiteSource, *, forbids: Callable[[str], bool] = _nothing) -> None:
        self._forbids = forbids
        self._hosts = {_canonical_host(host) for host in hosts_of(source)}
        self._aliases = {
            _canonical_host(alias): _canonical_host(host) for alias, host in source.aliases.items()
        }
        self._allow = [PathGlob(glob) for glob in allowed_paths(source)]
        self._deny = [PathGlob(glob) for glob in source.deny]
        self._follow_only = [PathGlob(glob) for glob in source.follow_only]
        self._max_depth = source.max_depth

    def decide(self, url: str, depth: int = 0) -> Decision:
        """Decide on a canonical URL that was found `depth` links from a start page."""
        if refusal := self._refused_by_form(url, depth):
            return refusal
        parts = urlsplit(url)
        host = self._aliases.get(parts.netloc, parts.netloc)
        if host not in self._hosts:
            return OutOfScope(reason="other_host", rule=host)
        if denied := _first_match(self._deny, parts):
            return OutOfScope(reason="deny", rule=denied)
        if not _first_match(self._allow, parts):
            return OutOfScope(reason="not_allowed", rule="allow")
        own = url if host == parts.netloc else parts._replace(netloc=host).geturl()
        if self._forbids(url) or (own != url and self._forbids(own)):
            return OutOfScope(reason=FORGOTTEN, rule="samsok forget")
        follow_only = _first_match(self._follow_only, parts)
        return Allowed(url=own, index=follow_only is None, rule=follow_only or "")

    def allowed_by(self, url: str) -> str:
        """Return the glob of `allow` that a URL of the source matches, or nothing."""
        return _first_match(self._allow, urlsplit(url)) or ""

    def _refused_by_form(self, url: str, depth: int) -> OutOfScope | None:
        if depth > self._max_depth:
            return OutOfScope(reason="max_depth", rule=f"max_depth: {self._max_depth}")
        if len(url) > MAX_URL_LENGTH:
            return OutOfScope(reason="url_too_long", rule=f"{MAX_URL_LENGTH} characters")
        if _REPEATING.search(urlsplit(url).path):
            return OutOfScope(reason="repeating_path")
        return None


class EverythingInScope(Scope):
    """The scope of a repository: it was asked for exactly the records that belong to it."""

    def __init__(self, *, forbids: Callable[[str], bool] = _nothing) -> None:
        """Take no rules but what was erased."""
        self._forbids = forbids

    def allowed_by(self, url: str) -> str:  # noqa: ARG002 - it does not matter
        return ""

    def decide(self, url: str, depth: int = 0) -> Decision:  # noqa: ARG002 - it does not matter
        if self._forbids(url):
            return OutOfScope(reason=FORGOTTEN, rule="samsok forget")
        return Allowed(url=url)


def scope_of(source: SourceSettings, *, forbids: Callable[[str], bool] = _nothing) -> Scope:
    """Return the scope of a source of any type; `forbids` tells which URLs were erased."""
    if isinstance(source, WebsiteSource):
        return Scope(source, forbids=forbids)
    return EverythingInScope(forbids=forbids)


def hosts_of(source: WebsiteSource) -> tuple[str, ...]:
    """Return the hosts of a web site, with the port where it is not the scheme's own."""
    return source.hosts or tuple(dict.fromkeys(start.netloc for start in _starts(source)))


def allowed_paths(source: WebsiteSource) -> tuple[str, ...]:
    """Return the globs of the paths that belong to a web site."""
    return source.allow or tuple(map(_below, _starts(source)))


def _starts(source: WebsiteSource) -> list[SplitResult]:
    return [urlsplit(url) for url in map(canonicalize, source.start) if url is not None]


def _first_match(globs: list[PathGlob], url: SplitResult) -> str | None:
    return next((glob.text for glob in globs if glob.matches(url)), None)


def _below(start: SplitResult) -> str:
    # A start such as /samverkan is a folder, however it is written; /samverkan/index.html is not.
    directory, _, last = readable_path(start).rpartition("/")
    return f"{directory}/**" if not last or "." in last else f"{directory}/{last}/**"


def _canonical_host(host: str) -> str:
    url = canonicalize(f"https://{host}/")
    return urlsplit(url).netloc if url is not None else host
