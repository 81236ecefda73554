"""What the configuration tells a verb of another package: plain values, no types of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer import config

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def plain(path: Path) -> Mapping[str, object]:
    """Return `data_dir`, `index`, `api` and `privacy` of the configuration at `path`.

    Raises:
        ConfigError: If the configuration cannot be used.
    """
    loaded = config.load(path)
    return {
        "data_dir": str(loaded.data_dir),
        "index": loaded.index.plain(),
        "api": {
            "host": loaded.api.host,
            "port": loaded.api.port,
            "workers": loaded.api.workers,
            "root_path": loaded.api.root_path,
            "base_url": loaded.api.base_url,
            "rate_limit_per_minute": loaded.api.rate_limit_per_minute,
            "trusted_proxies": loaded.api.trusted_proxies,
            "metrics_port": loaded.api.metrics_port,
        },
        "privacy": {
            "query_insight": loaded.privacy.query_insight,
            "min_count": loaded.privacy.min_count,
            "retention_days": loaded.privacy.retention_days,
        },
    }
