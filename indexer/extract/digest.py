"""A document in short: its summary, and the hash that tells whether its content changed."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from indexer.model import Document, Section

_SUMMARY_CHARACTERS = 300


def content_hash(document: Document) -> str:
    """Return what changes when the content of a document does, and not when only a date does."""
    said = replace(
        document, harvested=None, modified=None, content_hash="", id="", url="", source=""
    )
    return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]


def summary(described: str, sections: tuple[Section, ...]) -> str:
    """Return a description, or the first paragraph, up to 300 characters at a sentence's end."""
    first = next((section.text for section in sections if section.text), "").split("\n")[0]
    text = described or first
    if len(text) <= _SUMMARY_CHARACTERS:
        return text
    cut = text[: _SUMMARY_CHARACTERS + 1]
    end = max(cut.rfind(mark) for mark in (". ", "! ", "? "))
    return cut[: end + 1] if end > 0 else cut[:-2].rsplit(" ", 1)[0] + " …"
