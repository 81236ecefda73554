"""What the configuration says, validated: frozen values that the stages above read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from indexer.model import HttpSettings, SiteRule, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class WebsiteSource:
    """A web site: where to start, how far to go, how to read its pages.

    `hosts` are host names, with a port where it is not the scheme's own; `allow`, `deny` and
    `follow_only` are globs of paths in which ``**`` crosses slashes.
    """

    name: str
    start: tuple[str, ...]
    sitemaps: Literal["auto", "none"] | tuple[str, ...] = "auto"
    hosts: tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    follow_only: tuple[str, ...] = ()
    max_depth: int = 8
    max_pages: int = 20_000
    pattern_budget: int = 2_000
    http: HttpSettings = field(default_factory=HttpSettings)
    rules: tuple[SiteRule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexSettings:
    """Which backend keeps the index, and how many generations of it."""

    backend: Literal["whoosh"] = "whoosh"
    keep_generations: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Canary:
    """A query that must find `url` among its first `top` hits."""

    q: str
    url: str
    top: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishSettings:
    """What a new generation must stand up to before it is published."""

    max_loss_percent: float = 20.0
    canaries: tuple[Canary, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiSettings:
    """Where searches are answered. `base_url` is the public address, when a proxy stands before."""

    host: str = "127.0.0.1"
    port: int = 8080
    workers: int = 2
    root_path: str = ""
    base_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The whole configuration. `path` is the file; `data_dir` is absolute."""

    path: Path
    user_agent: str
    data_dir: Path
    sources: tuple[WebsiteSource, ...]
    http: HttpSettings = field(default_factory=HttpSettings)
    allow_private: tuple[str, ...] = ()
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    index: IndexSettings = field(default_factory=IndexSettings)
    publish: PublishSettings = field(default_factory=PublishSettings)
    api: ApiSettings = field(default_factory=ApiSettings)
