"""crawl_config.yaml, read and validated."""

from indexer.config.loader import load
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
    SourceSettings,
    WebsiteSource,
)
from indexer.config.reference import Key, keys

__all__ = [
    "ApiSettings",
    "Canary",
    "Config",
    "EvaluationSettings",
    "HttpException",
    "IndexSettings",
    "Key",
    "NotifySettings",
    "OaiPmhSource",
    "PrivacySettings",
    "PublishSettings",
    "RecrawlSettings",
    "SourceSettings",
    "WebsiteSource",
    "keys",
    "load",
]
