"""From the file to the validated configuration, or to every problem in it."""

from __future__ import annotations

import codecs
import os
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from pydantic import ValidationError

from indexer.config import yaml_tree
from indexer.config.checks import same_host
from indexer.config.file_model import ConfigFile
from indexer.config.model import (
    ApiSettings,
    Canary,
    Config,
    EvaluationSettings,
    HttpException,
    IndexSettings,
    NotifySettings,
    OaiPmhSource,
    PrivacySettings,
    PublishSettings,
    RecrawlSettings,
    WebsiteSource,
)
from indexer.config.problems import explain
from indexer.config.source_blocks import (
    FeedBlock,
    OaiPmhBlock,
    SitemapBlock,
    WebsiteBlock,
    merged,
)
from indexer.config.syntax import colon_without_space
from indexer.config.yaml_tree import YamlTree
from indexer.errors import ConfigError, ConfigProblem
from indexer.model import Concept, SiteRule, Vocabulary

if TYPE_CHECKING:
    from indexer.config.file_model import ConceptBlock, EvaluationBlock, VocabularyBlock
    from indexer.config.model import SourceSettings
    from indexer.config.source_blocks import PagesBlock, RuleBlock, SourceBlock


def load(path: Path) -> Config:
    """Read and validate the configuration.

    Paths in it are relative to the file. A value ``env:NAME`` is that of the environment.

    Raises:
        ConfigError: With all that is wrong, each with its key and line.
    """
    reading = path
    try:
        tree = yaml_tree.read(_text(path))
        file = _validated(tree)
        if file.vocabulary.file is not None:
            reading = path.parent / file.vocabulary.file
            file = _validated(_with_vocabulary(tree, yaml_tree.read(_text(reading))))
        own = reading if reading != path else None
        return replace(_config(path, file), vocabulary_path=own)
    except _Wrong as wrong:
        raise ConfigError(str(reading), wrong.problems) from None


def _with_vocabulary(tree: YamlTree, own: YamlTree) -> YamlTree:
    """Return the configuration with the vocabulary of a file of its own, whose lines count."""
    if own.problems:
        raise _Wrong(*own.problems)
    if not isinstance(own.data, dict):
        raise _Wrong(_not_a_block(own.data, such_as="partners: [{name: …}]"))
    if "file" in own.data:
        raise _wrong("a vocabulary in a file of its own cannot name another", line=None)
    return YamlTree(
        data={**tree.data, "vocabulary": own.data},
        lines={("vocabulary", *where): line for where, line in own.lines.items()},
        written={("vocabulary", *where): text for where, text in own.written.items()},
    )


class _Wrong(Exception):
    """The file cannot be used; `load` adds its name."""

    def __init__(self, *problems: ConfigProblem) -> None:
        super().__init__(problems)
        unique = dict.fromkeys(problems)
        self.problems = tuple(sorted(unique, key=lambda problem: problem.line or 0))


def _text(path: Path) -> str:
    data = _bytes(path)
    if len(data) > yaml_tree.MAX_BYTES:
        raise _wrong(f"is larger than {yaml_tree.MAX_BYTES:,} bytes; is it a configuration?")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise _wrong("is UTF-16; save it as UTF-8", line=1)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"is not UTF-8 (the byte 0x{data[error.start]:02x}); save it as UTF-8"
        raise _wrong(message, line=line) from None


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(yaml_tree.MAX_BYTES + 1)
    except FileNotFoundError:
        raise _wrong(
            f"there is no such file in {path.absolute().parent}. `samsok demo` needs none; to "
            "crawl your own sites, copy the crawl_config.yaml that comes with Samsök, or write "
            "one after docs/CONFIGURATION.md, and name it with --config"
        ) from None
    except OSError as error:
        raise _wrong(f"cannot be read: {error.strerror}") from None


def _wrong(message: str, *, line: int | None = None) -> _Wrong:
    return _Wrong(ConfigProblem(key="", message=message, line=line))


def _validated(tree: YamlTree) -> ConfigFile:
    if not isinstance(tree.data, dict):
        raise _Wrong(*(tree.problems or (_not_a_block(tree.data),)))
    problems = list(tree.problems)
    try:
        file = ConfigFile.model_validate(tree.data)
    except ValidationError as error:
        found = explain(error.errors(include_url=False), tree)
        raise _Wrong(*problems, *(problem for _path, problem in found)) from None
    if problems:
        raise _Wrong(*problems)
    return file


def _not_a_block(data: Any, *, such_as: str = "version: 1") -> ConfigProblem:
    message = f"must be a block of `key: value` lines, such as `{such_as}`"
    line: int | None = 1
    if data is None:
        message, line = "is empty; docs/CONFIGURATION.md shows the shortest that works", None
    elif isinstance(data, list):
        message += ", not a list"
    elif near := colon_without_space([str(data)]):
        message = near[1]
    return ConfigProblem(key="", message=message, line=line)


# --- into the values that travel ----------------------------------------------------------------


def _config(path: Path, file: ConfigFile) -> Config:
    return Config(
        path=path,
        user_agent=file.user_agent,
        # Not resolved: a data directory may be a link that is moved.
        data_dir=Path(os.path.abspath(path.parent / file.data_dir)),  # noqa: PTH100 - as said
        http=merged(file.http),
        recrawl=RecrawlSettings(**file.recrawl.model_dump()),
        allow_private=tuple(file.network.allow_private),
        sources=tuple(_source(source, file) for source in file.sources),
        vocabulary=_vocabulary(file.vocabulary),
        index=_index(path, file),
        publish=PublishSettings(
            max_loss_percent=file.publish.max_loss_percent,
            canaries=tuple(Canary(**entry.model_dump()) for entry in file.publish.canaries),
            evaluation=_evaluation(path, file.publish.evaluation),
        ),
        api=ApiSettings(
            **file.api.model_dump(exclude={"trusted_proxies"}),
            trusted_proxies=tuple(file.api.trusted_proxies),
        ),
        privacy=PrivacySettings(**file.privacy.model_dump()),
        notify=NotifySettings(
            webhook=file.notify.webhook, command=tuple(file.notify.command or ())
        ),
    )


def _evaluation(path: Path, block: EvaluationBlock) -> EvaluationSettings | None:
    if block.judgments is None or block.floor is None:
        return None
    return EvaluationSettings(judgments=path.parent / block.judgments, floor=block.floor)


def _index(path: Path, file: ConfigFile) -> IndexSettings:
    said = file.index.model_dump(exclude={"url", "ca_file"}, exclude_none=True)
    ca_file = str(path.parent / file.index.ca_file) if file.index.ca_file else ""
    return IndexSettings(**said, url=tuple(file.index.url), ca_file=ca_file)


def _source(source: SourceBlock, file: ConfigFile) -> SourceSettings:
    match source:
        case WebsiteBlock():
            return _website(source, file)
        case SitemapBlock():
            return _listed(source, file, sitemaps=tuple(source.sitemaps))
        case FeedBlock():
            return _listed(source, file, feeds=(source.url,))
        case OaiPmhBlock():
            return OaiPmhSource(
                name=source.name,
                url=source.url,
                metadata_prefix=source.metadata_prefix,
                set=source.set,
                http=merged(file.http, source),
            )
    raise AssertionError(source)  # pragma: no cover - the union in the model names no other


def _website(source: WebsiteBlock, file: ConfigFile) -> WebsiteSource:
    sitemaps = source.sitemaps
    return replace(
        _pages(source, file),
        start=tuple(source.start),
        sitemaps=tuple(sitemaps) if isinstance(sitemaps, list) else sitemaps,
        allow=tuple(source.allow) or tuple(dict.fromkeys(map(_below, source.start))),
        follow_only=tuple(source.follow_only),
        max_depth=source.max_depth,
    )


def _listed(
    source: PagesBlock,
    file: ConfigFile,
    *,
    sitemaps: tuple[str, ...] = (),
    feeds: tuple[str, ...] = (),
) -> WebsiteSource:
    """Pages that are on a list are found at depth 1, and their links are not followed."""
    return replace(
        _pages(source, file),
        sitemaps=sitemaps or "none",
        feeds=feeds,
        allow=tuple(source.allow) or ("/**",),
        max_depth=1,
    )


def _pages(source: PagesBlock, file: ConfigFile) -> WebsiteSource:
    return WebsiteSource(
        name=source.name,
        hosts=source.own_hosts(),
        aliases=dict(source.aliases),
        deny=tuple(source.deny),
        max_pages=source.max_pages,
        pattern_budget=source.pattern_budget,
        http=merged(file.http, source),
        http_exceptions=tuple(
            HttpException(
                match=exception.match,
                host=same_host(exception.host) if exception.host else None,
                http=merged(file.http, source, exception),
            )
            for exception in source.http_exceptions
        ),
        rules=tuple(map(_rule, source.rules)),
    )


def _below(url: str) -> str:
    """Return the glob of everything in the folder of `url`.

    A start such as /samverkan is a folder, however it is written; /samverkan/index.html is not.
    """
    path = unicodedata.normalize("NFC", unquote(urlsplit(url).path)) or "/"
    folder, _, last = path.rpartition("/")
    return f"{folder}/**" if not last or "." in last else f"{folder}/{last}/**"


def _rule(rule: RuleBlock) -> SiteRule:
    return SiteRule(
        match=rule.match,
        kind=rule.kind,
        main=rule.main,
        remove=tuple(rule.remove),
        fields={str(name): selector for name, selector in rule.fields.items()},
    )


def _vocabulary(block: VocabularyBlock) -> Vocabulary:
    return Vocabulary(
        partners=tuple(map(_concept, block.partners)),
        areas=tuple(map(_concept, block.areas)),
        abbreviations={short: tuple(long) for short, long in block.abbreviations.items()},
    )


def _concept(entry: ConceptBlock) -> Concept:
    return Concept(name=entry.name, aliases=tuple(entry.aliases))
