"""What the configuration says, validated: frozen values that the stages above read."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from indexer.model import HttpSettings, SiteRule, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpException:
    """Other manners for some URLs of a source: those of `host`, if named, that match `match`."""

    match: str
    host: str | None = None
    http: HttpSettings = field(default_factory=HttpSettings)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebsiteSource:
    """Pages: where to start, how far to go, how to read them.

    A source of type `website` has `start` pages; one of type `sitemap` or `feed` has none, but
    lists in `sitemaps` or `feeds`, and a `max_depth` of 1: no link of their pages is followed.
    `hosts` are host names, with a port where it is not the scheme's own; `allow`, `deny` and
    `follow_only` are globs of paths in which ``**`` crosses slashes.
    """

    name: str
    start: tuple[str, ...] = ()
    sitemaps: Literal["auto", "none"] | tuple[str, ...] = "auto"
    feeds: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    follow_only: tuple[str, ...] = ()
    max_depth: int = 8
    max_pages: int = 20_000
    pattern_budget: int = 2_000
    http: HttpSettings = field(default_factory=HttpSettings)
    http_exceptions: tuple[HttpException, ...] = ()
    rules: tuple[SiteRule, ...] = ()

    @property
    def entrance(self) -> str:
        """The address that the source is first asked at."""
        lists = self.sitemaps if isinstance(self.sitemaps, tuple) else ()
        return next(iter((*self.start, *lists, *self.feeds)), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class OaiPmhSource:
    """A repository of publications that answers OAI-PMH 2.0; `set` is a setSpec, None for all."""

    name: str
    url: str
    metadata_prefix: Literal["oai_dc", "swepub_mods"] = "oai_dc"
    set: str | None = None
    http: HttpSettings = field(default_factory=HttpSettings)

    @property
    def entrance(self) -> str:
        """The address that the source is first asked at."""
        return self.url


SourceSettings = WebsiteSource | OaiPmhSource


@dataclass(frozen=True, slots=True, kw_only=True)
class RecrawlSettings:
    """How soon and how late a page is visited again; between them by how often it changes."""

    min_hours: float = 20.0
    max_days: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexSettings:
    """Which backend keeps the index, and how many generations of it.

    All but the first two are for a cluster. `username` and `password` are ``env:NAME``, the name of
    a variable and never its value: these settings travel from process to process.
    """

    backend: Literal["whoosh", "opensearch"] = "whoosh"
    keep_generations: int = 3
    url: tuple[str, ...] = ()
    username: str = ""
    password: str = ""
    ca_file: str = ""
    prefix: str = "samsok"
    shards: int = 1
    replicas: int = 1

    def plain(self) -> dict[str, Any]:
        """Return what `indexer.engine.open_index` takes, and other processes are handed."""
        return {name: value for name, value in asdict(self).items() if name != "keep_generations"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Canary:
    """A query that must find `url` among its first `top` hits."""

    q: str
    url: str
    top: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationSettings:
    """Judged searches, and the lowest mean nDCG@10 that they may have."""

    judgments: Path
    floor: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishSettings:
    """What a new generation must stand up to before it is published."""

    max_loss_percent: float = 20.0
    canaries: tuple[Canary, ...] = ()
    evaluation: EvaluationSettings | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifySettings:
    """Whom to tell of a run that went wrong. Both may hold secrets, which no message repeats."""

    webhook: str | None = field(default=None, repr=False)
    command: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiSettings:
    """Where searches are answered, and how often to whom.

    `base_url` is the public address, when a proxy stands before; the word of `trusted_proxies` on
    the client's address is taken. A limit of 0 is none. A `metrics_port` is on loopback.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    workers: int = 2
    root_path: str = ""
    base_url: str | None = None
    rate_limit_per_minute: int = 120
    trusted_proxies: tuple[str, ...] = ()
    metrics_port: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacySettings:
    """Whether it is counted what people search for, and what may be kept of that.

    A query that is seen fewer than `min_count` times on a day is never told.
    """

    query_insight: bool = False
    min_count: int = 5
    retention_days: int = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The whole configuration. `path` is the file; `data_dir` is absolute.

    `vocabulary_path` is the file that the vocabulary stands in, if it has one of its own.
    """

    path: Path
    user_agent: str
    data_dir: Path
    sources: tuple[SourceSettings, ...]
    http: HttpSettings = field(default_factory=HttpSettings)
    recrawl: RecrawlSettings = field(default_factory=RecrawlSettings)
    allow_private: tuple[str, ...] = ()
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    vocabulary_path: Path | None = None
    index: IndexSettings = field(default_factory=IndexSettings)
    publish: PublishSettings = field(default_factory=PublishSettings)
    api: ApiSettings = field(default_factory=ApiSettings)
    privacy: PrivacySettings = field(default_factory=PrivacySettings)
    notify: NotifySettings = field(default_factory=NotifySettings)
