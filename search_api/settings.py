"""What the API is told when it starts: plain values, from the command line or the environment."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import orjson

if TYPE_CHECKING:
    from collections.abc import Mapping

VARIABLE = "SAMSOK_SETTINGS"
"""The environment variable in which worker processes find the settings, as JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where the index is, and at which address it is served.

    `index` is what `indexer.engine.open_index` takes; secrets are in it by the name of a variable.
    `root_path` is what a proxy puts in front of our paths; `base_url` is the public address,
    for absolute links. A `rate_limit_per_minute` of 0 is none; `trusted_proxies` are addresses
    and networks whose word on the client's address is taken. Metrics are on a port of their own,
    or nowhere. `insight_key` is the key of the digests of rare queries, in hexadecimal: made anew
    by every server, for its processes alone.
    """

    data_dir: str
    index: Mapping[str, Any] = field(default_factory=lambda: {"backend": "whoosh"})
    host: str = "127.0.0.1"
    port: int = 8080
    workers: int = 2
    root_path: str = ""
    base_url: str | None = None
    rate_limit_per_minute: int = 0
    trusted_proxies: tuple[str, ...] = ()
    metrics_port: int | None = None
    query_insight: bool = False
    min_count: int = 5
    retention_days: int = 90
    insight_key: str = field(default="", repr=False)

    @property
    def insight_directory(self) -> Path:
        """The directory of the counts of searches."""
        return Path(self.data_dir) / "insight"

    @property
    def index_directory(self) -> Path:
        """The directory of the generations."""
        return Path(self.data_dir) / "index"

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> Self:
        """Return the settings that the command line hands over: data_dir, index, api, privacy."""
        known = {field.name for field in fields(cls)}
        told = {**values["api"], **values.get("privacy", {})}
        given = {name: value for name, value in told.items() if name in known}
        return cls(data_dir=values["data_dir"], index=values["index"], **given)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the settings that `to_json` wrote."""
        values = orjson.loads(text)
        return cls(**values | {"trusted_proxies": tuple(values["trusted_proxies"])})

    def to_json(self) -> str:
        """Return the settings as one line of JSON."""
        return orjson.dumps(asdict(self)).decode()

    def link(self, path: str) -> str:
        """Return a link to one of our paths: below `base_url` if there is one, else `root_path`."""
        return (self.base_url or "").rstrip("/") + self.root_path + path

    def public_link(self, path: str) -> str:
        """Return a link with scheme and host, for what is read away from our pages.

        Without `base_url` the host is the one listened on: never what a client says it is.
        """
        if self.base_url:
            return self.link(path)
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}{self.link(path)}"

    def results_page(self, language: str, query: str = "") -> str:
        """Return the path of the results page of a search, below `root_path`."""
        path = "/en/sok" if language == "en" else "/sok"
        return f"{path}?{query}" if query else path
