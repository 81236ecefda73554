"""XML from strangers to a tree: nothing is loaded, nothing expanded, nothing silently lost.

A parser that "recovers" drops whatever follows an error, and a half list then looks like a whole
one. So parsing is strict; only what repositories are known to leave in (control characters, bytes
that are no UTF-8, HTML's entities, lone ampersands) is mended first, and that is said.
"""

from __future__ import annotations

import re
import sys
from html.entities import html5
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_DOCTYPE = re.compile(rb"<!DOCTYPE", re.IGNORECASE)
_HTML = re.compile(rb"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_LOOKED_AT = 2_000
_MAX_PARTS = 500_000
"""Tags and attributes; each costs some 200 bytes in a tree. A thousand records have 250 000."""

_MAX_MENDED_BYTES = 5_000_000
_MAX_AMPERSANDS = 300_000
_UTF16 = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_ENCODING = re.compile(rb"^<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_BOM = b"\xef\xbb\xbf"
_BLANKS = b" \t\r\n"

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_REFERENCE = re.compile(
    r"&(?:\#(?:x(?P<hex>[0-9A-Fa-f]{1,8})|(?P<decimal>[0-9]{1,8}))|(?P<name>[A-Za-z][A-Za-z0-9]{1,31}));"
    r"|(?P<lone>&)"
)
# XML 1.0, section 2.2.
_CHARACTER = re.compile("[\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_OF_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})


class BrokenXml(Exception):
    """The bytes are no XML that can be trusted; the message says why, as the end of a sentence."""


def parse(body: bytes) -> tuple[Element, str]:
    """Return the root element, and what had to be mended ("" if nothing).

    Raises:
        BrokenXml: If there is no well-formed document, or it has a document type definition.
    """
    text = body.lstrip(_BLANKS).removeprefix(_BOM).lstrip(_BLANKS)
    if not text:
        raise BrokenXml("it is empty")
    if text.count(b"<") + text.count(b"=") > _MAX_PARTS:
        raise BrokenXml(f"it has more than {_MAX_PARTS:,} tags and attributes")
    if _HTML.search(text[:_LOOKED_AT]):
        raise BrokenXml("it is an HTML page")
    try:
        return _strict(text), ""
    except etree.XMLSyntaxError as error:
        mended, count = _mended(text)
        if count:
            try:
                return _strict(mended), f"{count} characters that XML does not allow were mended"
            except etree.XMLSyntaxError:
                pass
        raise BrokenXml(f"it is not well-formed XML: {error.msg}") from error


def _strict(text: bytes) -> Element:
    if _DOCTYPE.search(text[:_LOOKED_AT]):
        raise BrokenXml("it has a document type definition")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    root = etree.fromstring(text, parser)
    # In another encoding, or behind long comments, it is seen only now.
    if root.getroottree().docinfo.internalDTD is not None:
        raise BrokenXml("it has a document type definition")
    return root


def _mended(text: bytes) -> tuple[bytes, int]:
    """Return the text without what XML forbids, and how often that was; small UTF-8 only."""
    if len(text) > _MAX_MENDED_BYTES or text.count(b"&") > _MAX_AMPERSANDS:
        return text, 0
    declared = _ENCODING.match(text)
    if text.startswith(_UTF16) or (declared and declared[1].lower() not in {b"utf-8", b"utf8"}):
        return text, 0
    decoded = text.decode("utf-8", errors="replace")
    count = decoded.count("\ufffd") - text.count("\ufffd".encode())
    decoded, forbidden = _FORBIDDEN.subn("", decoded)
    references = 0

    def mend(match: re.Match[str]) -> str:
        nonlocal references
        mended = _meant(match)
        references += mended != match[0]
        return mended

    decoded = _REFERENCE.sub(mend, decoded)
    return decoded.encode(), count + forbidden + references


def _meant(match: re.Match[str]) -> str:
    if match["lone"]:
        return "&amp;"
    if name := match["name"]:
        if name in _OF_XML:
            return match[0]
        return html5.get(f"{name};", f"&amp;{name};")
    number = int(match["hex"], 16) if match["hex"] else int(match["decimal"])
    is_allowed = number <= sys.maxunicode and _CHARACTER.fullmatch(chr(number))
    return match[0] if is_allowed else ""
