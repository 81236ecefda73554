"""The file as pydantic sees it: one class a block, each key with its type and its meaning.

The defaults are those of the values that the file is turned into.
"""

from __future__ import annotations

from typing import Final, Self

from pydantic import Field, model_validator

from indexer.config import agreement, values
from indexer.config.block import Block, agreed
from indexer.config.model import (
    ApiSettings,
    Canary,
    IndexSettings,
    PrivacySettings,
    PublishSettings,
    RecrawlSettings,
)
from indexer.config.source_blocks import AnySource, HttpBlock, RequestBlock, merged

_RECRAWL: Final = RecrawlSettings()
_INDEX: Final = IndexSettings()
_PUBLISH: Final = PublishSettings()
_CANARY: Final = Canary(q="", url="")
_API: Final = ApiSettings()
_PRIVACY: Final = PrivacySettings()


class NetworkBlock(Block):
    """The guard in front of loopback and private addresses."""

    allow_private: list[values.PrivateAddress] = Field(
        default=[],
        description="Private addresses, networks or hosts that may be fetched from after all.",
    )


class ConceptBlock(Block):
    """A partner or an area, with every name that pages and people use for it."""

    name: values.Name = Field(description="The name that is shown.")
    aliases: list[values.Name] = Field(
        default=[], description="Its other names; a search for one finds them all."
    )


class VocabularyBlock(Block):
    """The words of this partnership."""

    file: values.TextFile | None = Field(
        default=None,
        description="A file that holds this block instead: the keys below, and nothing else.",
    )
    partners: list[ConceptBlock] = Field(default=[], description="Who works together; a filter.")
    areas: list[ConceptBlock] = Field(default=[], description="What they work on; a filter.")
    abbreviations: dict[values.Name, list[values.Name]] = Field(
        default={},
        description="Abbreviations, each with what it stands for; either finds the other.",
    )

    @model_validator(mode="after")
    def _names_are_unambiguous(self) -> Self:
        if self.file is not None and self.model_fields_set - {"file"}:
            message = "names a file that holds the vocabulary; move the other keys there"
            return agreed(self, [(("file",), message)])
        names = {
            block: [(concept.name, *concept.aliases) for concept in concepts]
            for block, concepts in (("partners", self.partners), ("areas", self.areas))
        }
        return agreed(self, agreement.ambiguous_names(names))


class RecrawlBlock(Block):
    """When to visit a page again; between the two it depends on how often the page changes."""

    min_hours: values.Hours = Field(
        default=_RECRAWL.min_hours, description="No page is visited again sooner than this."
    )
    max_days: values.Days = Field(
        default=_RECRAWL.max_days, description="Every page is visited again at the latest by then."
    )

    @model_validator(mode="after")
    def _interval_is_one(self) -> Self:
        return agreed(self, agreement.backwards(min_hours=self.min_hours, max_days=self.max_days))


class IndexBlock(Block):
    """Where the index is kept."""

    backend: values.Backend = Field(default=_INDEX.backend, description="What keeps the index.")
    keep_generations: values.Generations = Field(
        default=_INDEX.keep_generations,
        description="Published indexes to keep, the one in service included.",
    )
    url: list[values.NodeUrl] = Field(
        default=[], description="With opensearch: nodes of the cluster, or a balancer before them."
    )
    username: values.Secret | None = Field(
        default=None, description="With opensearch: who signs in, by the name of a variable."
    )
    password: values.Secret | None = Field(
        default=None, description="With opensearch: the password, by the name of a variable."
    )
    ca_file: values.TextFile | None = Field(
        default=None,
        description="With opensearch: the certificates that signed those of the nodes.",
    )
    prefix: values.Prefix = Field(
        default=_INDEX.prefix, description="With opensearch: how the names of its indices begin."
    )
    shards: values.Shards = Field(
        default=_INDEX.shards, description="With opensearch: parts of the index; about 15 GB each."
    )
    replicas: values.Replicas = Field(
        default=_INDEX.replicas,
        description="With opensearch: copies of each part, on other nodes; 0 on a single node.",
    )

    @model_validator(mode="after")
    def _backend_has_what_it_needs(self) -> Self:
        said = self.model_fields_set - {"backend", "keep_generations"}
        return agreed(
            self, agreement.misplaced(backend=self.backend, said=said, with_url=bool(self.url))
        )


class CanaryBlock(Block):
    """A search whose answer is known."""

    q: values.Name = Field(description="What is searched for.")
    url: values.Url = Field(description="The page that must be found.")
    top: values.Hits = Field(default=_CANARY.top, description="Among how many of the first hits.")


class EvaluationBlock(Block):
    """A floor under the measured quality of the ranking; both keys or neither."""

    judgments: values.TextFile | None = Field(
        default=None, description="The judged searches, as `samsok evaluate` reads them."
    )
    floor: values.Quality | None = Field(
        default=None, description="Refuse when their mean nDCG@10 is lower."
    )

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        return agreed(self, agreement.half_said(judgments=self.judgments, floor=self.floor))


class PublishBlock(Block):
    """The gate: what a new index must stand up to before anybody searches it."""

    max_loss_percent: values.Percent = Field(
        default=_PUBLISH.max_loss_percent,
        description="Refuse when a larger share of the documents, or of a source, is gone.",
    )
    canaries: list[CanaryBlock] = Field(
        default=[], description="Refuse when one of these searches does not find its page."
    )
    evaluation: EvaluationBlock = Field(
        default=EvaluationBlock(), description="Refuse when the ranking has become worse."
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
    rate_limit_per_minute: values.RateLimit = Field(
        default=_API.rate_limit_per_minute,
        description="Requests that one client may make in a minute; 0 for no limit.",
    )
    trusted_proxies: list[values.ProxyAddress] = Field(
        default=[],
        description="Addresses and networks of proxies that say truly who the client is.",
    )
    metrics_port: values.Port | None = Field(
        default=_API.metrics_port,
        description="The port of 127.0.0.1 on which Prometheus reads metrics; null for none.",
    )


class PrivacyBlock(Block):
    """What is kept of what people search for."""

    query_insight: values.Switch = Field(
        default=_PRIVACY.query_insight,
        description="Whether searches are counted, for `samsok insight`.",
    )
    min_count: values.Searches = Field(
        default=_PRIVACY.min_count,
        description="A query that is seen less often on a day is never written down.",
    )
    retention_days: values.WholeDays = Field(
        default=_PRIVACY.retention_days, description="Counts older than this are deleted."
    )


class NotifyBlock(Block):
    """Whom to tell of a run that failed, was refused, or is well again."""

    webhook: values.Url | None = Field(
        default=None, description="Where the report is sent, as JSON in a POST; null for nowhere."
    )
    command: values.Command | None = Field(
        default=None,
        description="A program that reads the report as text on its standard input; null for none.",
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
    sources: list[AnySource] = Field(min_length=1, description="What to harvest.")
    recrawl: RecrawlBlock = Field(default=RecrawlBlock(), description="When to visit a page again.")
    vocabulary: VocabularyBlock = Field(
        default=VocabularyBlock(), description="The words of this partnership."
    )
    index: IndexBlock = Field(default=IndexBlock(), description="Where the index is kept.")
    publish: PublishBlock = Field(
        default=PublishBlock(), description="When a new index is good enough."
    )
    api: ApiBlock = Field(default=ApiBlock(), description="Where searches are answered.")
    privacy: PrivacyBlock = Field(
        default=PrivacyBlock(), description="What is kept of what people search for."
    )
    notify: NotifyBlock = Field(
        default=NotifyBlock(), description="Whom to tell of a run that went wrong."
    )

    @model_validator(mode="after")
    def _sources_agree(self) -> Self:
        found = list(agreement.repeated_sources([source.name for source in self.sources]))
        blocks: list[tuple[tuple[str | int, ...], tuple[RequestBlock, ...]]] = [
            (("http",), (self.http,))
        ]
        for number, source in enumerate(self.sources):
            blocks += [
                (("sources", number, *path), (self.http, *those))
                for path, those in source.patience()
            ]
        for path, those in blocks:
            if those[-1].model_fields_set & {"timeout_s", "deadline_s"}:
                http = merged(*those)
                conflicts = agreement.impatient(
                    timeout_s=http.timeout_s, deadline_s=http.deadline_s
                )
                found += [((*path, *inner), message) for inner, message in conflicts]
        return agreed(self, found)
