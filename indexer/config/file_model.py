"""The file as pydantic sees it: one class a block, each key with its type and its meaning.

Only what is built stands here. `NOT_BUILT` are the designed parts that are not: a file that uses
one is refused, for a part that is silently ignored is worse than one that is missing.
The defaults are those of the values that the file is turned into.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from indexer.config import agreement, values
from indexer.config.model import (
    ApiSettings,
    Canary,
    IndexSettings,
    PublishSettings,
    WebsiteSource,
)
from indexer.model import HttpSettings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NOT_BUILT: Final[Mapping[str, tuple[str, ...]]] = {
    "": ("recrawl", "notify", "privacy"),
    "index": ("url", "username", "password", "ca_file"),
    "publish": ("evaluation",),
    "api": ("rate_limit_per_minute", "trusted_proxies", "metrics_port"),
}
"""Keys by the block that they stand in."""

SOURCE_TYPES_NOT_BUILT: Final = ("sitemap", "feed", "oai_pmh")
BACKENDS_NOT_BUILT: Final = ("opensearch",)

BlockT = TypeVar("BlockT", bound="Block")

_HTTP: Final = HttpSettings()
_SITE: Final = WebsiteSource(name="", start=())
_INDEX: Final = IndexSettings()
_PUBLISH: Final = PublishSettings()
_CANARY: Final = Canary(q="", url="")
_API: Final = ApiSettings()


class Block(BaseModel):
    """A block of the file: no key but those named, no value but of its own type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _nothing_is_the_default(cls, data: Any) -> Any:
        """Take a key without a value, or with null, as if it did not stand there."""
        if not isinstance(data, dict):
            return data
        known = cls.model_fields
        return {key: value for key, value in data.items() if value is not None or key not in known}


def _agreed(block: BlockT, found: Iterable[agreement.Conflict]) -> BlockT:
    conflicts = agreement.Conflicts(found)
    if conflicts.found:
        raise conflicts
    return block


class HttpBlock(Block):
    """How politely and how patiently to fetch. Durations and sizes carry their unit."""

    delay_s: values.Seconds = Field(
        default=_HTTP.delay_s,
        description="Pause between two requests to a host; robots.txt may ask for more.",
    )
    per_host: values.PerHost = Field(
        default=_HTTP.per_host, description="Requests to one host at the same time."
    )
    concurrency: values.Concurrency = Field(
        default=_HTTP.concurrency, description="Requests at the same time in all."
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


class NetworkBlock(Block):
    """The guard in front of loopback and private addresses."""

    allow_private: list[values.PrivateAddress] = Field(
        default=[],
        description="Private addresses, networks or hosts that may be fetched from after all.",
    )


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


class WebsiteBlock(HttpBlock):
    """A web site, by its links and sitemaps. Any key of `http` may stand here too."""

    name: values.SourceName = Field(
        description="What reports, `--source` and the filter call the source."
    )
    type: values.SourceType = Field(description="What kind of source it is.")
    start: list[values.Url] = Field(
        min_length=1, description="The pages that the crawl starts from."
    )
    sitemaps: values.Sitemaps = Field(
        default="auto",
        description="`auto`: those that robots.txt names, else /sitemap.xml; `none`; or a list.",
    )
    hosts: list[values.Host] = Field(
        default=[], description="The hosts that belong to the source. Default: those of `start`."
    )
    aliases: dict[values.Host, values.Host] = Field(
        default={}, description="Other names of these hosts: a page found under one is stored once."
    )
    allow: list[values.Glob] = Field(
        default=[], description="The paths that belong to the source. Default: all below `start`."
    )
    deny: list[values.Glob] = Field(
        default=[], description="Paths that are not fetched, even if `allow` names them."
    )
    follow_only: list[values.Glob] = Field(
        default=[], description="Paths that are crawled for their links and not indexed."
    )
    max_depth: values.Links = Field(
        default=_SITE.max_depth, description="How many links away from a start page the crawl goes."
    )
    max_pages: values.Pages = Field(
        default=_SITE.max_pages, description="Pages that one run fetches at most."
    )
    pattern_budget: values.Pages = Field(
        default=_SITE.pattern_budget,
        description="Pages fetched at most whose URLs are alike, against endless calendars.",
    )
    rules: list[RuleBlock] = Field(default=[], description="How to read the pages of this site.")

    @model_validator(mode="after")
    def _hosts_agree(self) -> Self:
        return _agreed(
            self, agreement.strangers(start=self.start, hosts=self.hosts, aliases=self.aliases)
        )


class ConceptBlock(Block):
    """A partner or an area, with every name that pages and people use for it."""

    name: values.Name = Field(description="The name that is shown.")
    aliases: list[values.Name] = Field(
        default=[], description="Its other names; a search for one finds them all."
    )


class VocabularyBlock(Block):
    """The words of this partnership."""

    partners: list[ConceptBlock] = Field(default=[], description="Who works together; a filter.")
    areas: list[ConceptBlock] = Field(default=[], description="What they work on; a filter.")
    abbreviations: dict[values.Name, list[values.Name]] = Field(
        default={},
        description="Abbreviations, each with what it stands for; either finds the other.",
    )

    @model_validator(mode="after")
    def _names_are_unambiguous(self) -> Self:
        names = {
            block: [(concept.name, *concept.aliases) for concept in concepts]
            for block, concepts in (("partners", self.partners), ("areas", self.areas))
        }
        return _agreed(self, agreement.ambiguous_names(names))


class IndexBlock(Block):
    """Where the index is kept."""

    backend: values.Backend = Field(default=_INDEX.backend, description="What keeps the index.")
    keep_generations: values.Generations = Field(
        default=_INDEX.keep_generations,
        description="Published indexes to keep, the one in service included.",
    )


class CanaryBlock(Block):
    """A search whose answer is known."""

    q: values.Name = Field(description="What is searched for.")
    url: values.Url = Field(description="The page that must be found.")
    top: values.Hits = Field(default=_CANARY.top, description="Among how many of the first hits.")


class PublishBlock(Block):
    """The gate: what a new index must stand up to before anybody searches it."""

    max_loss_percent: values.Percent = Field(
        default=_PUBLISH.max_loss_percent,
        description="Refuse when a larger share of the documents is gone.",
    )
    canaries: list[CanaryBlock] = Field(
        default=[], description="Refuse when one of these searches does not find its page."
    )


class ApiBlock(Block):
    """Where searches are answered."""

    host: values.ListeningHost = Field(
        default=_API.host, description="The address to listen on; 0.0.0.0 for all."
    )
    port: values.Port = Field(default=_API.port, description="The port to listen on.")
    workers: values.Workers = Field(
        default=_API.workers, description="Processes; one for each core."
    )
    root_path: values.RootPath = Field(
        default=_API.root_path, description="The path below which a proxy serves the search."
    )
    base_url: values.BaseUrl | None = Field(
        default=_API.base_url, description="The public address, for the links in answers."
    )


class ConfigFile(Block):
    """The whole file."""

    version: values.Version = Field(description="The version of this format.")
    user_agent: values.Agent = Field(
        description="Sent with every request: a name, and a URL or an e-mail address to reach you."
    )
    data_dir: values.Directory = Field(
        default="var", description="The store, the index and the lock. One job at a time uses it."
    )
    http: HttpBlock = Field(default=HttpBlock(), description="How to fetch.")
    network: NetworkBlock = Field(default=NetworkBlock(), description="Where to fetch from.")
    sources: list[WebsiteBlock] = Field(min_length=1, description="What to harvest.")
    vocabulary: VocabularyBlock = Field(
        default=VocabularyBlock(), description="The words of this partnership."
    )
    index: IndexBlock = Field(default=IndexBlock(), description="Where the index is kept.")
    publish: PublishBlock = Field(
        default=PublishBlock(), description="When a new index is good enough."
    )
    api: ApiBlock = Field(default=ApiBlock(), description="Where searches are answered.")

    @model_validator(mode="after")
    def _sources_agree(self) -> Self:
        found = list(agreement.repeated_sources([source.name for source in self.sources]))
        blocks: list[tuple[tuple[str | int, ...], HttpBlock]] = [(("http",), self.http)]
        blocks += [(("sources", number), source) for number, source in enumerate(self.sources)]
        for path, block in blocks:
            if block.model_fields_set & {"timeout_s", "deadline_s"}:
                http = merged(self.http, block)
                conflicts = agreement.impatient(
                    timeout_s=http.timeout_s, deadline_s=http.deadline_s
                )
                found += [((*path, *inner), message) for inner, message in conflicts]
        return _agreed(self, found)


def merged(common: HttpBlock, own: HttpBlock) -> HttpSettings:
    """Return what `common` says, and what `own` says instead."""
    keys = HttpBlock.model_fields
    said = {key: getattr(own, key) for key in keys if key in own.model_fields_set}
    return HttpSettings(**{key: getattr(common, key) for key in keys} | said)
