"""What a repository answers over OAI-PMH 2.0 (openarchives.org/OAI/openarchivesprotocol.html).

Pure: bytes in, values out. An answer that is not what was asked for is an exception, and never a
list without records.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, cast

from lxml import etree

from indexer.extract.records import BrokenXml, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

Granularity = Literal["day", "second"]
Deletions = Literal["no", "transient", "persistent"]

_NAMESPACE: Final = "http://www.openarchives.org/OAI/2.0/"
_VERSION: Final = "2.0"
_GRANULARITIES: Final[dict[str, Granularity]] = {
    "YYYY-MM-DD": "day",
    "YYYY-MM-DDThh:mm:ssZ": "second",
}
_DELETIONS: Final = frozenset({"no", "transient", "persistent"})
_MAX_IDENTIFIER: Final = 1_000
_MAX_RECORD_BYTES: Final = 2_000_000
_MAX_BAD: Final = 1_000
_MAX_MESSAGE: Final = 300
_MAX_SIZE_DIGITS: Final = 12
_DATESTAMP: Final = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)(?:[T ](?P<time>\d\d:\d\d:\d\d)(?:\.\d{1,9})?(?:Z|[+-]00:?00)?)?"
)


class NotOai(Exception):
    """It is no answer of the protocol; the message says why, as the end of a sentence."""


class RepositoryError(Exception):
    """The repository answers with an error of the protocol (section 3.6)."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}" if message else code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """How a repository describes itself (section 4.2).

    With `deletions` other than "persistent" it forgets what it deleted: only a harvest of
    everything tells what is gone. `response_date` is the repository's own clock.
    """

    granularity: Granularity
    deletions: Deletions
    earliest: dt.datetime
    response_date: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One record of a list; `xml` is the ``record`` element, None for one that was deleted."""

    identifier: str
    datestamp: dt.datetime | None
    xml: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BadItem:
    """A record that cannot be used; `identifier` is empty where even that is missing."""

    identifier: str
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemList:
    """An answer to ListRecords; `token` names the next part of the list, if there is one.

    `mended` says what had to be mended before the answer was XML.
    """

    items: tuple[Item, ...]
    bad: tuple[BadItem, ...]
    token: str | None
    complete_list_size: int | None
    response_date: dt.datetime | None
    mended: str


def read_identity(body: bytes) -> Identity:
    """Read an answer to Identify.

    Raises:
        NotOai: If it is none, is not version 2.0, or misses what a harvest depends on.
        RepositoryError: If the repository says so.
    """
    root, answer, _ = _answer(body, "Identify")
    version = _text(answer, "protocolVersion")
    if version != _VERSION:
        raise NotOai(f"it speaks version {_short(version)} of the protocol and not {_VERSION}")
    granularity = _GRANULARITIES.get(_text(answer, "granularity"))
    if granularity is None:
        raise NotOai(f"its granularity {_short(_text(answer, 'granularity'))} is unknown")
    deletions = _text(answer, "deletedRecord")
    if deletions not in _DELETIONS:
        raise NotOai(f"its deletedRecord {_short(deletions)} is unknown")
    earliest = _moment(_text(answer, "earliestDatestamp"))
    if earliest is None:
        raise NotOai(f"its earliestDatestamp {_short(_text(answer, 'earliestDatestamp'))} is none")
    return Identity(
        granularity=granularity,
        deletions=cast("Deletions", deletions),
        earliest=earliest,
        response_date=_moment(_text(root, "responseDate")),
    )


def read_formats(body: bytes) -> tuple[str, ...]:
    """Read the metadata prefixes of an answer to ListMetadataFormats; raises as `read_identity`."""
    _, answer, _ = _answer(body, "ListMetadataFormats")
    found = [_text(entry, "metadataPrefix") for entry in _children(answer, "metadataFormat")]
    return tuple(prefix for prefix in found if prefix)


def read_list(body: bytes) -> ItemList:
    """Read an answer to ListRecords; raises as `read_identity`."""
    root, answer, mended = _answer(body, "ListRecords")
    items: list[Item] = []
    bad: list[BadItem] = []
    for child in answer:
        if child.tag == f"{{{_NAMESPACE}}}resumptionToken":
            continue
        read = _item(child)
        if isinstance(read, Item):
            items.append(read)
        else:
            bad.append(read)
        if len(bad) > _MAX_BAD:
            raise NotOai(f"more than {_MAX_BAD} of its records cannot be used")
    if not items and not bad:
        # The schema demands one; "none" is the error noRecordsMatch.
        raise NotOai("its list has no record")
    token = next(_children(answer, "resumptionToken"), None)
    size = "" if token is None else token.get("completeListSize", "").strip()
    is_number = size.isascii() and size.isdigit() and len(size) <= _MAX_SIZE_DIGITS
    return ItemList(
        items=tuple(items),
        bad=tuple(bad),
        token=("" if token is None else (token.text or "").strip()) or None,
        complete_list_size=int(size) if is_number else None,
        response_date=_moment(_text(root, "responseDate")),
        mended=mended,
    )


def _answer(body: bytes, verb: str) -> tuple[Element, Element, str]:
    """Return the root of an answer, the element that answers `verb`, and what was mended."""
    try:
        root, mended = parse(body)
    except BrokenXml as broken:
        raise NotOai(str(broken)) from broken
    if root.tag != f"{{{_NAMESPACE}}}OAI-PMH":
        raise NotOai(f"its root element is {_short(str(root.tag))}")
    errors = [
        RepositoryError(error.get("code", "").strip()[:80], _words(error))
        for error in _children(root, "error")
    ]
    if errors:
        # Of several, "nothing matches" is only what follows from the others.
        raise next((one for one in errors if one.code != "noRecordsMatch"), errors[0])
    answer = next(_children(root, verb), None)
    if answer is None:
        names = [_local(child) for child in root]
        others = [name for name in names if name not in {"responseDate", "request"}]
        instead = f"but {_short(others[0])}" if others else "and nothing else"
        raise NotOai(f"it has no {verb} element {instead}")
    return root, answer, mended


def _item(element: Element) -> Item | BadItem:
    if element.tag != f"{{{_NAMESPACE}}}record":
        problem = f"a {_short(str(element.tag))} element stands where a record should"
        return BadItem(identifier="", problem=problem)
    header = next(_children(element, "header"), None)
    if header is None:
        return BadItem(identifier="", problem="a record has no header")
    identifier = _text(header, "identifier")
    if not _is_identifier(identifier):
        said = f"the identifier {_short(identifier)}" if identifier else "no identifier"
        return BadItem(identifier="", problem=f"a record has {said}")
    deleted = header.get("status", "").strip() == "deleted"
    xml = None if deleted else _serialized(element)
    if not deleted and xml is None:
        problem = "the record has no metadata, or more than 2 MB of it"
        return BadItem(identifier=identifier, problem=problem)
    return Item(identifier=identifier, datestamp=_moment(_text(header, "datestamp")), xml=xml)


def _is_identifier(text: str) -> bool:
    return 0 < len(text) <= _MAX_IDENTIFIER and text.isprintable() and " " not in text


def _serialized(record: Element) -> bytes | None:
    """Return a record as a document of its own, with the namespaces it stands in."""
    if not any(len(metadata) for metadata in _children(record, "metadata")):
        return None
    xml = etree.tostring(record, encoding="UTF-8", xml_declaration=True, with_tail=False)
    return xml if len(xml) <= _MAX_RECORD_BYTES else None


def _children(element: Element, name: str) -> Iterator[Element]:
    yield from element.iterchildren(f"{{{_NAMESPACE}}}{name}")


def _text(element: Element, name: str) -> str:
    child = next(_children(element, name), None)
    return "" if child is None else (child.text or "").strip()


def _words(element: Element) -> str:
    return " ".join("".join(cast("Iterator[str]", element.itertext())).split())[:_MAX_MESSAGE]


def _local(element: Element) -> str:
    # The stubs do not know that the tag of an entity is a function.
    is_element = isinstance(element.tag, str)
    return etree.QName(element).localname if is_element else "entity"


def _short(text: str) -> str:
    return repr(text[:80])


def _moment(text: str) -> dt.datetime | None:
    """Return the moment that a UTCdatetime names (section 3.3); a day alone is its midnight."""
    found = _DATESTAMP.fullmatch(text)
    if not found:
        return None
    try:
        moment = dt.datetime.fromisoformat(f"{found['day']}T{found['time'] or '00:00:00'}")
    except ValueError:
        return None
    return moment.replace(tzinfo=dt.UTC)
