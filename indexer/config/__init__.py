"""crawl_config.yaml, read and validated."""

from indexer.config.loader import load
from indexer.config.model import (
    ApiSettings,
    Canary,
    Config,
    IndexSettings,
    PublishSettings,
    WebsiteSource,
)
from indexer.config.reference import Key, keys

__all__ = [
    "ApiSettings",
    "Canary",
    "Config",
    "IndexSettings",
    "Key",
    "PublishSettings",
    "WebsiteSource",
    "keys",
    "load",
]
