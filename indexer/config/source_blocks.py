"""The sources as the file has them: one class for each type, over what several types share.

The class that a key is declared in says which types have it; the reference is read off that.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Annotated, Any, Final, Self

from pydantic import Discriminator, Field, Tag, model_validator

from indexer.config import agreement, values
from indexer.config.block import Block, agreed
from indexer.config.checks import host_of
from indexer.config.model import OaiPmhSource, WebsiteSource
from indexer.model import HttpSettings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_HTTP: Final = HttpSettings()
_PAGES: Final = WebsiteSource(name="")
_OAI_PMH: Final = OaiPmhSource(name="", url="")


class RequestBlock(Block):
    """How politely and how patiently to ask for one URL. Durations and sizes carry their unit."""

    delay_s: values.Seconds = Field(
        default=_HTTP.delay_s,
        description="Pause between two requests to a host; robots.txt may ask for more.",
    )
    timeout_s: values.Patience = Field(
        default=_HTTP.timeout_s, description="Silence after which a server counts as not answering."
    )
    deadline_s: values.Patience = Field(
        default=_HTTP.deadline_s,
        description="Time for a whole page, however slowly it trickles in.",
    )
    max_body_mb: values.Megabytes = Field(
        default=_HTTP.max_body_mb, description="A larger page or file is given up and reported."
    )


class HttpBlock(RequestBlock):
    """How to fetch: each request, and how many at a time."""

    per_host: values.PerHost = Field(
        default=_HTTP.per_host, description="Requests to one host at the same time."
    )
    concurrency: values.Concurrency = Field(
        default=_HTTP.concurrency, description="Requests at the same time in all."
    )


class HttpExceptionBlock(RequestBlock):
    """Other manners for some of a source's URLs. The first exception that fits a URL counts."""

    match: values.Glob = Field(default="/**", description="The paths that the exception is for.")
    host: values.Host | None = Field(
        default=None, description="The host that it is for; without it, every host of the source."
    )

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        found = agreement.idle(said=self.model_fields_set, manners=tuple(RequestBlock.model_fields))
        return agreed(self, found)


class RuleBlock(Block):
    """How to read certain pages of a site. The first rule that matches a page counts."""

    match: values.Glob = Field(description="The paths of the pages that the rule is for.")
    kind: values.KindName | None = Field(
        default=None, description="What these pages are; without it, a page's own signs decide."
    )
    main: values.Selector | None = Field(
        default=None, description="Where the text of the page stands; without it, it is found."
    )
    remove: list[values.Selector] = Field(
        default=[], description="What to take out before the text is read."
    )
    fields: dict[values.FieldName, values.Selector] = Field(
        default={}, description="Where single fields stand: one selector for each field."
    )


class SourceBlock(HttpBlock):
    """Any source. Any key of `http` may stand here too."""

    name: values.SourceName = Field(
        description="What reports, `--source` and the filter call the source."
    )
    type: values.SourceType = Field(description="What kind of source it is.")

    def patience(self) -> Iterator[tuple[tuple[str | int, ...], tuple[RequestBlock, ...]]]:
        """Yield the blocks within that say how to fetch, each with those that it goes before."""
        yield (), (self,)


class PagesBlock(SourceBlock):
    """A source of pages: a web site, or what a sitemap or a feed lists."""

    hosts: list[values.Host] = Field(
        default=[],
        description="The hosts that belong to the source. "
        "Default: those of `start`, `sitemaps` or `url`.",
    )
    aliases: dict[values.Host, values.Host] = Field(
        default={}, description="Other names of these hosts: a page found under one is stored once."
    )
    allow: list[values.Glob] = Field(
        default=[],
        description="The paths that belong to the source. "
        "Default: all below `start`; in a list of pages, all.",
    )
    deny: list[values.Glob] = Field(
        default=[], description="Paths that are not fetched, even if `allow` names them."
    )
    max_pages: values.Pages = Field(
        default=_PAGES.max_pages, description="Pages that one run fetches at most."
    )
    pattern_budget: values.Pages = Field(
        default=_PAGES.pattern_budget,
        description="Pages fetched at most whose URLs are alike, against endless calendars.",
    )
    rules: list[RuleBlock] = Field(default=[], description="How to read the pages of this site.")
    http_exceptions: list[HttpExceptionBlock] = Field(
        default=[], description="Other manners for some hosts or paths of the source."
    )

    @abstractmethod
    def addresses(self) -> list[str]:
        """Return the URLs that the source names."""

    def start_pages(self) -> list[str]:
        """Return the pages that must be on the source's own hosts."""
        return []

    def own_hosts(self) -> tuple[str, ...]:
        """Return the hosts that belong to the source, named or not."""
        return tuple(self.hosts) or tuple(dict.fromkeys(map(host_of, self.addresses())))

    def patience(self) -> Iterator[tuple[tuple[str | int, ...], tuple[RequestBlock, ...]]]:
        yield (), (self,)
        for number, exception in enumerate(self.http_exceptions):
            yield ("http_exceptions", number), (self, exception)

    @model_validator(mode="after")
    def _hosts_agree(self) -> Self:
        found = agreement.strangers(
            start=self.start_pages(),
            hosts=self.own_hosts(),
            aliases=self.aliases,
            exceptions=[exception.host for exception in self.http_exceptions],
        )
        return agreed(self, found)


class WebsiteBlock(PagesBlock):
    """A web site, by its links and sitemaps."""

    start: list[values.Url] = Field(
        min_length=1, description="The pages that the crawl starts from."
    )
    sitemaps: values.Sitemaps = Field(
        default="auto",
        description="`auto`: those that robots.txt names, else /sitemap.xml; `none`; or a list.",
    )
    follow_only: list[values.Glob] = Field(
        default=[], description="Paths that are crawled for their links and not indexed."
    )
    max_depth: values.Links = Field(
        default=_PAGES.max_depth,
        description="How many links away from a start page the crawl goes.",
    )

    def addresses(self) -> list[str]:
        return self.start

    def start_pages(self) -> list[str]:
        return self.start


class SitemapBlock(PagesBlock):
    """The pages that sitemaps list, and none that only links lead to."""

    sitemaps: list[values.Url] = Field(
        min_length=1, description="The sitemaps, or indexes of sitemaps, that list the pages."
    )

    def addresses(self) -> list[str]:
        return self.sitemaps


class FeedBlock(PagesBlock):
    """The pages that the entries of an RSS or Atom feed link to."""

    url: values.Url = Field(description="The feed: RSS or Atom.")

    def addresses(self) -> list[str]:
        return [self.url]


class OaiPmhBlock(SourceBlock):
    """The records of a repository that answers OAI-PMH."""

    url: values.Url = Field(description="The base URL of the repository, without a verb.")
    metadata_prefix: values.MetadataPrefix = Field(
        default=_OAI_PMH.metadata_prefix, description="The form to ask for the records in."
    )
    set: values.SetSpec | None = Field(
        default=None, description="The setSpec of the records that are wanted; without it, all."
    )


SOURCE_BLOCKS: Final[Mapping[str, type[SourceBlock]]] = {
    "website": WebsiteBlock,
    "sitemap": SitemapBlock,
    "feed": FeedBlock,
    "oai_pmh": OaiPmhBlock,
}

SOURCE_TYPE: Final = "source_type"
"""The type of an error about a source that is none of these, or no block at all."""


def type_of(source: Any) -> str | None:
    """Return the type that an entry of `sources` says it is of, if there is such a type."""
    said = source.get("type") if isinstance(source, dict) else getattr(source, "type", None)
    return str(said) if isinstance(said, str) and said in SOURCE_BLOCKS else None


AnySource = Annotated[
    Annotated[WebsiteBlock, Tag("website")]
    | Annotated[SitemapBlock, Tag("sitemap")]
    | Annotated[FeedBlock, Tag("feed")]
    | Annotated[OaiPmhBlock, Tag("oai_pmh")],
    Discriminator(
        type_of, custom_error_type=SOURCE_TYPE, custom_error_message="is of no known type"
    ),
]


def merged(*blocks: RequestBlock) -> HttpSettings:
    """Return what the first block says, defaults and all, or what a later one says instead."""
    common, *others = blocks
    said = common.model_dump(include=set(HttpBlock.model_fields))
    for own in others:
        said |= own.model_dump(include=set(HttpBlock.model_fields) & own.model_fields_set)
    return HttpSettings(**said)
