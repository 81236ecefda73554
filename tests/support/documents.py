"""Documents for tests: name what matters, leave the rest."""

from __future__ import annotations

from typing import Any

from indexer.model import Document, Section


def document(number: int, title: str = "", text: str = "", **fields: Any) -> Document:
    """Return document `doc-00N` with one section of `text`."""
    given: dict[str, Any] = {
        "id": f"doc-{number:03d}",
        "url": f"https://www.example.org/{number}",
        "title": title or f"Sida {number}",
        "sections": (Section(text=text),) if text else (),
        "source": "exempel",
    }
    return Document(**(given | fields))
