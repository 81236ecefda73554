"""A feed as feedparser can be given it: well-formed, small, and without anything to fear.

Only the elements that say where an entry's page is and when it changed are copied, each of bounded
size. Entities of a DOCTYPE are not expanded, and nothing is loaded.
"""

from __future__ import annotations

import contextlib
import html.entities
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_ENTRIES: Final = 5_000

# Each of them becomes a node of a hundred bytes or two.
_MAX_MARKUP: Final = 400_000
_MAX_TEXT: Final = 2_000
_MAX_CHILDREN: Final = 30

_ATOM: Final = "http://www.w3.org/2005/Atom"
_DUBLIN_CORE: Final = "http://purl.org/dc/elements/1.1/"
_FEEDBURNER: Final = "http://rssnamespace.org/feedburner/ext/1.0"
_DIALECTS: Final = frozenset(
    {
        _ATOM,
        "http://purl.org/atom/ns#",
        "http://purl.org/rss/1.0/",
        "http://my.netscape.com/rdf/simple/0.9/",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    }
)
_EXTENSIONS: Final = frozenset({_ATOM, _DUBLIN_CORE, "http://purl.org/dc/terms/", _FEEDBURNER})
"""Namespaces that may stand in any dialect; others hold nothing that is read."""

_DATES: Final = frozenset(
    {"pubdate", "published", "updated", "modified", "issued", "created", "date"}
)
_KEPT: Final = _DATES | {"title", "link", "guid", "origlink"}
_BASE: Final = "{http://www.w3.org/XML/1998/namespace}base"
_LINK: Final = frozenset({"href", "rel", "type"})
_WEB: Final = re.compile(r"https?://", re.IGNORECASE)

_DECLARATION: Final = re.compile(r"<\?xml[^>]{0,200}\?>")
_HTML: Final = re.compile(r"<(?:!doctype\s+)?html\b", re.IGNORECASE)
_AMPERSAND: Final = re.compile(r"&(?!#[0-9]{1,7};|#x[0-9A-Fa-f]{1,6};)(?:([A-Za-z0-9]{1,31});)?")
_UNKNOWN: Final = "\ufffd"
_OF_XML: Final = frozenset({"amp", "lt", "gt", "quot", "apos"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedCopy:
    """The copy as XML in UTF-8, and what is wrong with the feed; see `Feed`."""

    xml: bytes = b""
    problem: str = ""
    foreign: bool = False


def copy_of(text: str) -> FeedCopy:
    """Copy a feed; never raises. At most 5 000 entries of it."""
    text = _DECLARATION.sub("", text.lstrip("\ufeff \t\r\n"), count=1).lstrip()
    if _HTML.match(text):
        return FeedCopy(problem="it is an HTML page", foreign=True)
    if text.count("<") + text.count("=") > _MAX_MARKUP:
        return FeedCopy(problem=f"it has more than {_MAX_MARKUP} tags and attributes")
    root, problem = _root(text)
    if root is None:
        return FeedCopy(problem="it is empty or no XML", foreign=True)
    if not _is_feed(root):
        return FeedCopy(problem=f"its root element is <{_name(root)[:40]}>", foreign=True)
    items = _items(root)
    if len(items) > MAX_ENTRIES:
        problem = f"it has more than {MAX_ENTRIES} entries"
    copy = _copy(root, items[:MAX_ENTRIES])
    return FeedCopy(xml=etree.tostring(copy, encoding="utf-8"), problem=problem)


# --- XML ----------------------------------------------------------------------------------------


def _root(text: str) -> tuple[etree._Element | None, str]:
    """Parse as it is, else with its ampersands put right, else as far as it can be understood."""
    with contextlib.suppress(etree.XMLSyntaxError):
        return _parsed(text, recover=False), ""
    repaired = _repaired(text)
    try:
        return _parsed(repaired, recover=False), ""
    except etree.XMLSyntaxError as error:
        problem = f"it is not well-formed XML: {error.msg}"
    with contextlib.suppress(etree.XMLSyntaxError):
        return _parsed(repaired, recover=True), problem
    return None, problem


def _parsed(text: str, *, recover: bool) -> etree._Element | None:
    parser = etree.XMLParser(
        encoding="utf-8",
        recover=recover,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    root: etree._Element | None = etree.fromstring(text.encode(), parser)
    return root


def _repaired(text: str) -> str:
    """Write `&` that begins no reference as `&amp;`, and what only HTML names as it is."""
    first, *others = text.split("<![CDATA[")
    parts = [_AMPERSAND.sub(_reference, first)]
    for other in others:
        inside, end, outside = other.partition("]]>")
        parts.append(f"{inside}{end}{_AMPERSAND.sub(_reference, outside)}")
    return "<![CDATA[".join(parts)


def _reference(found: re.Match[str]) -> str:
    name = found[1]
    if name is None or name in _OF_XML:
        return found[0] if name else "&amp;"
    known = html.entities.html5.get(f"{name};")
    return html.escape(known) if known else _UNKNOWN


def _name(element: etree._Element) -> str:
    # Not by QName, which refuses names that a parser lets pass.
    return str(element.tag).rpartition("}")[2].lower()


# --- the copy -----------------------------------------------------------------------------------


def _is_feed(root: etree._Element) -> bool:
    """RDF is a feed only if it has the channel that RSS 1.0 asks for."""
    name = _name(root)
    return name in {"rss", "feed"} or (
        name == "rdf" and any(_name(child) == "channel" for child in root)
    )


def _items(root: etree._Element) -> list[etree._Element]:
    """The entries, which stand in the channel in RSS 0.91 and 2.0, else below the root."""
    channels = [child for child in root if _name(child) == "channel"]
    return [
        child for place in (*channels, root) for child in place if _name(child) in {"item", "entry"}
    ]


def _copy(root: etree._Element, items: list[etree._Element]) -> etree._Element:
    own = _namespace(root)
    copy = etree.Element(_tag(root, own), _attributes(root, {"version"}))
    channel = None
    for item in items:
        place = copy
        parent = item.getparent()
        if parent is not None and parent is not root:
            if channel is None:
                channel = etree.SubElement(
                    copy, _tag(parent, own) or "channel", _attributes(parent)
                )
            place = channel
        entry = etree.SubElement(place, _tag(item, own) or _name(item), _attributes(item))
        for child in _children(item):
            if tag := _tag(child, own):
                element = etree.SubElement(entry, tag, _attributes(child, _LINK))
                element.text = _text(child)
    return copy


def _children(item: etree._Element) -> Iterator[etree._Element]:
    """The children that are worth copying, of a size that is worth it too."""
    left = _MAX_CHILDREN
    for child in item:
        name = _name(child)
        if name not in _KEPT or not left:
            continue
        text = _text(child)
        is_number = name == "guid" and not _is_permalink(child, text)
        if len(text) <= _MAX_TEXT and (text or child.get("href")) and not is_number:
            left -= 1
            yield child


def _text(element: etree._Element) -> str:
    """The text of an element; nothing if part of it is an entity, for then it is not known."""
    if next(element.iter(etree.Entity), None) is not None:
        return ""
    text = "".join(str(part) for part in element.itertext()).strip()
    return "" if _UNKNOWN in text else text


def _is_permalink(guid: etree._Element, text: str) -> bool:
    """A guid is the page's URL unless it says otherwise, or is none."""
    said = {key.lower(): value.strip().lower() for key, value in list(guid.items())[:9]}
    return said.get("ispermalink", "true") == "true" and bool(_WEB.match(text))


def _tag(element: etree._Element, own: str) -> str:
    """The tag as feedparser knows it; nothing for an element of a namespace that is not read."""
    name, namespace = str(element.tag).rpartition("}")[2], _namespace(element)
    known = namespace in _DIALECTS or namespace in _EXTENSIONS
    if namespace != own and not known:
        return ""
    return f"{{{namespace}}}{name}" if known else name


def _namespace(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[0].removeprefix("{")


def _attributes(
    element: etree._Element, names: frozenset[str] | set[str] = frozenset()
) -> dict[str, str]:
    kept = {name: element.get(name) for name in (*sorted(names), _BASE)}
    return {name: value for name, value in kept.items() if value and len(value) <= _MAX_TEXT}
