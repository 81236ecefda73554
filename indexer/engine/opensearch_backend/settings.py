"""Where the cluster is, and how generations are laid out in it."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Self

from indexer.errors import IndexUnreachable

if TYPE_CHECKING:
    from collections.abc import Mapping

_VARIABLE = re.compile(r"env:([A-Za-z_][A-Za-z0-9_]*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterSettings:
    """What the configuration says of the cluster.

    `urls` are nodes, or a balancer in front of them. `username` and `password` are
    ``env:NAME``, so that no secret stands in what is handed from process to process.
    """

    urls: tuple[str, ...]
    username: str = ""
    password: str = ""
    ca_file: str = ""
    prefix: str = "samsok"
    shards: int = 1
    replicas: int = 1
    timeout_s: float = 10.0

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """Return the settings among plain values, such as the block `index` of the configuration.

        Raises:
            ValueError: If no URL is among them.
        """
        known = {field.name for field in fields(cls)}
        given = {name: value for name, value in values.items() if name in known and value}
        if "replicas" in values:
            given["replicas"] = values["replicas"]
        url = values.get("url") or ()
        given["urls"] = tuple(url.split(",")) if isinstance(url, str) else tuple(url)
        if not given["urls"]:
            raise ValueError("the backend opensearch needs `url`, such as https://localhost:9200")
        return cls(**given)

    def credentials(self) -> tuple[str, str] | None:
        """Return user name and password, or None where there is no user name.

        Raises:
            IndexUnreachable: If the environment does not have them.
        """
        if not self.username:
            return None
        return _value(self.username), _value(self.password)


def _value(text: str) -> str:
    named = _VARIABLE.fullmatch(text)
    if named is None:
        return text
    value = os.environ.get(named.group(1))
    if not value:
        raise IndexUnreachable(
            f"the environment of this process has no variable {named.group(1)}, which the index "
            "is to be opened with; set it"
        )
    return value
