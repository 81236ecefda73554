"""The tables of docs/CONFIGURATION.md, made from the model."""

from __future__ import annotations

from indexer.config import keys

HEAD = "| key | what it says | must be | default |\n| --- | --- | --- | --- |\n"

Place = tuple[str, tuple[str, ...]]
"""The path of a block, and the types of source that have these keys of it."""


def reference_tables() -> dict[Place, str]:
    """Return the table of each block, those of sources by the types that have the keys."""
    tables: dict[Place, str] = {}
    for key in keys():
        place = (key.block, key.types)
        default = "**required**" if key.required else key.default or "—"
        row = f"| `{key.name}` | {key.meaning} | {key.expects} | {default} |\n"
        tables[place] = tables.get(place, HEAD) + row
    return tables
