"""From the bytes of a page to a document, whatever they are: HTML, text, a file, a record."""

from __future__ import annotations

import functools
import hashlib
import logging
import re
from dataclasses import replace
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import orjson

from indexer.extract import partnership
from indexer.extract.charset import clean, decode
from indexer.extract.digest import content_hash, summary
from indexer.extract.docx import is_docx, read_docx
from indexer.extract.dom import TooHostile, is_lack_of_memory, parse
from indexer.extract.html_page import read_html
from indexer.extract.language import language
from indexer.extract.pdf import is_pdf, read_pdf
from indexer.extract.records import OAI_RECORD, read_record
from indexer.extract.similarity import simhash
from indexer.model import (
    Document,
    Extraction,
    Page,
    Section,
    SiteRule,
    Vocabulary,
    document_id,
)

if TYPE_CHECKING:
    from collections.abc import Collection

_HTML = frozenset({"text/html", "application/xhtml+xml"})
_PLAIN = "text/plain"
_LOOKED_AT = 512
# Control characters besides tab, line feed, form feed, carriage return and escape; a stray NUL in
# the middle of markup is a fault of its writer, and not a sign.
_BINARY = re.compile(rb"^[^<]{0,64}[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_MAX_TITLE = 200
_NO_VOCABULARY = Vocabulary()
_LIBRARIES = (
    "beautifulsoup4",
    "lxml",
    "py3langid",
    "pypdfium2",
    "python-docx",
    "soupsieve",
    "trafilatura",
)

logger = logging.getLogger(__name__)


@functools.cache
def code_version() -> str:
    """Name this version of the extraction: its source, and the libraries that read with it."""
    sources = sorted(
        (file.name, file.read_bytes())
        for package in (__package__, f"{__package__}.records")
        for file in files(package).iterdir()
        if file.name.endswith(".py")
    )
    said = [*(f"{name}:{text!r}" for name, text in sources), *map(version, _LIBRARIES)]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


def fingerprint(
    rules: tuple[SiteRule, ...], vocabulary: Vocabulary, repeated: Collection[str] = ()
) -> str:
    """Name all that the reading of a page depends on, besides the page."""
    depends_on = [code_version(), rules, vocabulary, sorted(repeated)]
    said = orjson.dumps(depends_on, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(said).hexdigest()[:16]


def extract(
    page: Page,
    *,
    rules: tuple[SiteRule, ...] = (),
    vocabulary: Vocabulary = _NO_VOCABULARY,
    site_names: Collection[str] = (),
    repeated: Collection[str] = (),
) -> Extraction:
    """Turn a page into a document. What is wrong stands in `Extraction.reason`.

    `site_names` are names that the page's site is known by, which its titles may repeat;
    `repeated` the keys of blocks that it repeats on many pages (see `boilerplate`).

    Raises:
        MemoryError: If the process may have no more; who set the limit knows what to do.
    """
    try:
        found = _read(
            page,
            rules=rules,
            vocabulary=vocabulary,
            site_names=site_names,
            repeated=repeated,
        )
        if found.document is None:
            return found
        return replace(found, simhash=simhash(found.document))
    except TooHostile as hostile:
        return Extraction(document=None, reason="parse_limit", trace={"parse": str(hostile)})
    except MemoryError:
        raise
    except Exception as error:
        if is_lack_of_memory(error):
            raise MemoryError from error
        # One page must not stop a crawl, whatever it is made of; the log keeps what happened.
        logger.exception("%s could not be read", page.url)
        return Extraction(document=None, reason="parse_error", trace={"parse": repr(error)})


def _read(
    page: Page,
    *,
    rules: tuple[SiteRule, ...],
    vocabulary: Vocabulary,
    site_names: Collection[str],
    repeated: Collection[str],
) -> Extraction:
    if page.media_type == OAI_RECORD:
        return read_record(page, vocabulary)
    if read_as_file := read_pdf if is_pdf(page) else read_docx if is_docx(page) else None:
        return read_as_file(page, rules=rules, vocabulary=vocabulary)
    if page.media_type == _PLAIN:
        return _plain(page, vocabulary)
    if page.media_type not in _HTML and not _looks_like_html(page):
        trace = {"media type": page.media_type}
        return Extraction(document=None, reason="unsupported_media_type", trace=trace)
    if _is_binary(page.body):
        trace = {"media type": f"{page.media_type}, but the body is no text"}
        return Extraction(document=None, reason="unsupported_media_type", trace=trace)
    text, encoding = decode(page.body, declared=page.charset)
    return read_html(
        page,
        parse(text),
        rules=rules,
        vocabulary=vocabulary,
        site_names=site_names,
        repeated=repeated,
        trace={"encoding": encoding},
    )


def _looks_like_html(page: Page) -> bool:
    """Whether a body that came without a media type begins as HTML does (WHATWG MIME, 7.1)."""
    start = page.body[:_LOOKED_AT].lstrip().lower()
    return not page.media_type and start.startswith((b"<!doctype html", b"<html", b"<head"))


def _is_binary(body: bytes) -> bool:
    """Whether a body begins with what no text holds, in any encoding (WHATWG MIME, 7.2)."""
    start = body[:_LOOKED_AT]
    is_utf16 = start.startswith((b"\xff\xfe", b"\xfe\xff")) or b"<\0" in start or b"\0<" in start
    return not is_utf16 and _BINARY.search(start) is not None


def _plain(page: Page, vocabulary: Vocabulary) -> Extraction:
    text, encoding = decode(page.body, declared=page.charset)
    found = [line for raw in text.splitlines() if (line := clean(raw))]
    if not found:
        return Extraction(document=None, reason="empty_text")
    body = "\n".join(found)
    spoken, how = language(body, claimed=None, path=urlsplit(page.url).path)
    places = partnership.Places(title=found[0], path=page.url, headings=(), text=body)
    partners, _ = partnership.partners(places, vocabulary.partners, stated=())
    sections = (Section(text=body),)
    document = Document(
        id=document_id(page.url),
        url=page.url,
        title=found[0][:_MAX_TITLE],
        sections=sections,
        summary=summary("", sections),
        language=spoken,
        partners=partners,
        harvested=page.fetched_at,
        source=page.request.source,
    )
    document = replace(document, content_hash=content_hash(document))
    return Extraction(document=document, trace={"encoding": encoding, "language": how})
