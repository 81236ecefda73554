"""The tables of docs/CONFIGURATION.md, made from the model."""

from __future__ import annotations

from indexer.config import keys

HEAD = "| key | what it says | must be | default |\n| --- | --- | --- | --- |\n"


def reference_tables() -> dict[str, str]:
    """Return the table of each block, by the path of the block."""
    tables: dict[str, str] = {}
    for key in keys():
        default = "**required**" if key.required else key.default or "—"
        row = f"| `{key.name}` | {key.meaning} | {key.expects} | {default} |\n"
        tables[key.block] = tables.get(key.block, HEAD) + row
    return tables
