"""What a page says of itself in JSON-LD (schema.org), flattened to its nodes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml.etree import _Element as Element

_MAX_CHARACTERS = 200_000
_MAX_NODES = 200

Node = dict[str, Any]


def nodes(root: Element) -> Iterator[Node]:
    """Yield the nodes that stand at the top of a page's JSON-LD, or in its graph."""
    for script in root.iter("script"):
        if (script.get("type") or "").strip().lower() != "application/ld+json":
            continue
        text = script.text or ""
        if len(text) > _MAX_CHARACTERS:
            continue
        try:
            pending = [json.loads(text, strict=False)]
        except (ValueError, RecursionError):
            continue
        seen = 0
        while pending and seen < _MAX_NODES:
            node = pending.pop(0)
            seen += 1
            if isinstance(node, list):
                pending += node[:_MAX_NODES]
            elif isinstance(node, dict):
                yield node
                pending.append(node.get("@graph"))


def strings(value: Any) -> list[str]:
    """Return the texts of a value that may be one, a list of them, or something else."""
    values = value if isinstance(value, list) else [value]
    return [item for item in values if isinstance(item, str)]


def types(node: Mapping[str, Any]) -> frozenset[str]:
    """Return the schema.org types of a node, in lower case and without a namespace."""
    return frozenset(
        name.rsplit("/", 1)[-1].removeprefix("schema:").lower()
        for name in strings(node.get("@type"))
    )


def named(value: Any) -> list[str]:
    """Return the names of what a property points to: "Eva Ek" or {"name": "Eva Ek"}."""
    values = value if isinstance(value, list) else [value]
    names = (item.get("name") if isinstance(item, dict) else item for item in values)
    return [name for name in names if isinstance(name, str) and name.strip()]
