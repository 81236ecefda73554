"""Word files (.docx): a zip archive of XML, opened by python-docx (ECMA-376, part 1)."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from indexer.extract.charset import clean
from indexer.extract.file_document import FileContent, Unreadable, read_file, titles
from indexer.extract.sections import blocks
from indexer.extract.word_body import WordBody, WordStyles

if TYPE_CHECKING:
    import datetime as dt

    from docx.document import Document as WordDocument

    from indexer.model import Extraction, Page, SiteRule, Vocabulary

_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# What servers say of files that they do not know; an archive may be anything, but for its name.
_VAGUE = frozenset({"", "application/octet-stream", "application/zip"})
_MARK, _SUFFIX = b"PK\x03\x04", ".docx"

_MAX_BYTES, _MAX_XML_BYTES = 100_000_000, 30_000_000
_MAX_RATIO, _RATIO_COUNTS_FROM = 200, 10_000_000
_MAX_MEMBERS = 5_000
# An encrypted file is one in an older container (MS-CFB), with a stream of this name in it.
_CONTAINER = bytes.fromhex("D0CF11E0A1B11AE1")
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_ENCRYPTED_FLAG = 1

_TITLE_NEAR_TOP = 5
_BEGINNING = 3_000


def is_docx(page: Page) -> bool:
    """Tell whether a page is a Word file, by its media type, or its name if that is vague."""
    if page.media_type in _VAGUE:
        is_named = urlsplit(page.url).path.lower().endswith(_SUFFIX)
        return is_named and page.body.startswith(_MARK)
    return page.media_type == _MEDIA_TYPE


def read_docx(page: Page, *, rules: tuple[SiteRule, ...], vocabulary: Vocabulary) -> Extraction:
    """Return what a Word file says; encrypted and broken ones give a reason instead."""
    return read_file(page, _content, rules=rules, vocabulary=vocabulary)


def _content(body: bytes) -> FileContent:
    _check(body)
    try:
        # Only a process that meets a Word file pays for loading it: 0.1 s and 12 MB.
        import docx  # noqa: PLC0415

        return _read(docx.Document(io.BytesIO(body)))
    except (MemoryError, Unreadable):
        raise  # who set the limit knows what to do
    except Exception as error:
        # python-docx trusts a file to be whole: what a broken one raises is not documented.
        raise Unreadable("parse_error", repr(error)) from error


def _check(body: bytes) -> None:
    """Look at the archive before anything is unpacked.

    What an archive says of its sizes binds `zipfile`, which reads no member further than that.

    Raises:
        Unreadable: If it is none, is encrypted, or would unpack to more than any document is.
    """
    if body.startswith(_CONTAINER):
        is_encrypted = _ENCRYPTED_STREAM in body
        raise Unreadable("encrypted" if is_encrypted else "parse_error", "an older container")
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            members = archive.infolist()
    except Exception as error:
        # Besides BadZipFile, forged fields raise errors of struct, of decoding, of numbers.
        raise Unreadable("parse_error", repr(error)) from error
    if any(member.flag_bits & _ENCRYPTED_FLAG for member in members):
        raise Unreadable("encrypted", "encrypted members")
    total = sum(member.file_size for member in members)
    xml = sum(member.file_size for member in members if member.filename.endswith((".xml", ".rels")))
    if total > _MAX_BYTES or xml > _MAX_XML_BYTES or len(members) > _MAX_MEMBERS:
        raise Unreadable("parse_limit", f"{len(members):,} members of {total:,} bytes")
    if total > max(_RATIO_COUNTS_FROM, _MAX_RATIO * len(body)):
        raise Unreadable("parse_limit", f"{len(body):,} bytes unpack to {total:,}")


def _read(document: WordDocument) -> FileContent:
    body = document.element.body
    styles = WordStyles(document.styles.element)
    tree = WordBody(styles)
    tree.add(body)
    if not tree.has_headings:
        tree.make_bold_lines_headings()
    found = tuple(blocks(tree.root))
    if not found:
        raise Unreadable("without_text", "no text in its body")
    known = _properties(document)
    shown = tree.title or next(
        (block.text for block in found[:_TITLE_NEAR_TOP] if block.is_heading), ""
    )
    begins = "\n".join(block.text for block in found)[:_BEGINNING]
    return FileContent(
        root=tree.root,
        blocks=found,
        titles=tuple(titles(known.title, shown, "title or first heading", text=begins)),
        claimed_language=known.language or styles.language,
        authors=known.author,
        subjects=known.keywords,
        created=known.created,
        modified=known.modified,
        trace={"text": "Word, cut off" if tree.is_full else "Word"},
    )


# --- properties ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Properties:
    title: str = ""
    author: str = ""
    keywords: str = ""
    language: str = ""
    created: dt.date | None = None
    modified: dt.date | None = None


def _properties(document: WordDocument) -> _Properties:
    from docx.opc.constants import RELATIONSHIP_TYPE  # noqa: PLC0415 - loaded by now

    kinds = {relation.reltype for relation in document.part.package.rels.values()}
    if RELATIONSHIP_TYPE.CORE_PROPERTIES not in kinds:
        # python-docx would make some up, of today.
        return _Properties()
    core = document.core_properties
    # Each is at most 255 characters long by python-docx.
    return _Properties(
        title=clean(core.title),
        author=clean(core.author),
        keywords=clean(core.keywords),
        language=clean(core.language),
        created=core.created.date() if core.created else None,
        modified=core.modified.date() if core.modified else None,
    )
