"""Answers of servers as other crawlers keep them: WARC files (ISO 28500), read and written.

What a record holds was said by a server to somebody else, so it is bounded and doubted as if it
had been said to us: decoded within the limit for a body, its headers cut, and whatever is wrong
with one record is that record's reason and not the end of the file.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import re
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Final

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.statusandheaders import StatusAndHeadersParser

from indexer.fetch.client import REDIRECTS
from indexer.fetch.decoding import BodyReader
from indexer.fetch.headers import parse_content_type, validator
from indexer.fetch.problems import Broken
from indexer.fetch.urls import canonicalize, normalize
from indexer.model import CrawlRequest, Page

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from warcio.recordloader import ArcWarcRecord

SOURCE: Final = "Samsok-Source"
DEPTH: Final = "Samsok-Depth"
FOUND_AT: Final = "Samsok-Found-At"
READ_AS: Final = "Samsok-Read-As"
"""Our own fields of a record: of which source it was, how deep, at which address, what it is."""

_PIECE: Final = 65_536
_MOST_HEADERS: Final = 131_072
_MOST_URL: Final = 4096
_GZIP: Final = b"\x1f\x8b"
_GZIP_MEMBER: Final = b"\x1f\x8b\x08"
_PLAIN_RECORD: Final = b"WARC/1."
_MARK: Final = max(len(_GZIP_MEMBER), len(_PLAIN_RECORD))
_OK: Final = frozenset({200, 203})
_END_OF_HEADERS: Final = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """One record: what was answered when somebody asked for `url`.

    Either a `page`, or where the URL `leads_to`, or the reason why it is neither. `source` and
    `depth` are what our own export says of it; `is_resource`: it was no answer over HTTP.
    """

    url: str
    page: Page | None = None
    leads_to: str | None = None
    at: dt.datetime | None = None
    reason: str = ""
    detail: str = ""
    source: str = ""
    depth: int | None = None
    is_resource: bool = False


def archived(path: Path, *, limit: int) -> Iterator[Archived]:
    """Yield what the records of a file hold, of which a body has at most `limit` bytes.

    Requests and other records that hold no answer are passed over. After a damaged stretch the
    next record that can be recognised is gone on with.

    Raises:
        OSError: If the file cannot be read.
    """
    with path.open("rb") as file:
        start: int | None = 0
        while start is not None:
            file.seek(start)
            begun, start = start, None
            records = ArchiveIterator(file, no_record_parse=True)
            try:
                yield from _records(records, limit)
            except OSError:
                raise
            except Exception as error:  # noqa: BLE001 - the library's own, zlib's, anything
                said = " ".join(str(error).split())[:200] or type(error).__name__
                place = max(records.offset, begun)
                yield Archived(url="", reason="damaged_record", detail=f"byte {place}: {said}")
                start = _next_start(file, place + 1)


def _records(records: ArchiveIterator, limit: int) -> Iterator[Archived]:
    while True:
        # Of what it finds odd the library tells standard error.
        with contextlib.redirect_stderr(io.StringIO()):
            record = next(records, None)
        if record is None:
            return
        if record.rec_type in {"response", "resource", "revisit"}:
            yield _understood(record, limit)


def _next_start(file: IO[bytes], start: int) -> int | None:
    """Return where the next record may begin; None at the end of the file."""
    file.seek(start)
    before = b""
    while piece := file.read(_PIECE):
        window = before + piece
        found = [at for mark in (_GZIP_MEMBER, _PLAIN_RECORD) if (at := window.find(mark)) >= 0]
        if found:
            return file.tell() - len(window) + min(found)
        before = window[-_MARK:]
    return None


# --- one record -----------------------------------------------------------------------------------


def _understood(record: ArcWarcRecord, limit: int) -> Archived:
    headers = record.rec_headers
    # In WARC/1.0 some write the URL in angle brackets, as its grammar had it by mistake.
    named = (headers.get_header("WARC-Target-URI") or "").strip().strip("<>")[:_MOST_URL]
    said = Archived(
        url=named,
        at=_moment(headers.get_header("WARC-Date")),
        source=headers.get_header(SOURCE) or "",
        depth=_number(headers.get_header(DEPTH)),
        is_resource=record.rec_type == "resource",
    )
    if record.rec_type == "revisit":
        return _refused(said, "revisit", "says only that it was as before")
    try:
        return _resource(record, said, limit) if said.is_resource else _answer(record, said, limit)
    except Broken as problem:
        return _refused(said, problem.reason, problem.detail)


def _answer(record: ArcWarcRecord, said: Archived, limit: int) -> Archived:
    url = normalize(said.url)
    if url is None:
        raise Broken("invalid_url", f"{said.url[:200]!r} is not an http or https URL")
    status, headers, stream = _http(record)
    if status in REDIRECTS:
        target = normalize(headers.get("location", ""), url) if headers.get("location") else None
        if target is None:
            raise Broken("redirect_invalid", f"{url} redirects to nowhere")
        return _with(said, leads_to=canonicalize(target) or target)
    if status not in _OK:
        raise Broken(f"http_{status}", f"{url} answered {status}")
    media_type, charset = parse_content_type(headers.get("content-type", ""))
    body = _decoded(stream, headers, limit)
    page = Page(
        request=CrawlRequest(url=canonicalize(url) or url, source=""),
        url=canonicalize(url) or url,
        body=body,
        media_type=media_type,
        charset=charset,
        etag=validator(headers.get("etag")),
        last_modified=validator(headers.get("last-modified")),
        robots_tag=headers.get("x-robots-tag"),
        fetched_at=said.at or dt.datetime.now(dt.UTC),
    )
    return _with(said, page=page)


def _resource(record: ArcWarcRecord, said: Archived, limit: int) -> Archived:
    """Return a record of a repository, which our own export writes."""
    page = Page(
        request=CrawlRequest(url=said.url, source=said.source),
        url=record.rec_headers.get_header(FOUND_AT) or said.url,
        body=_decoded(_Counted(record.raw_stream, _length(record)), {}, limit),
        media_type=record.rec_headers.get_header(READ_AS) or "",
        fetched_at=said.at or dt.datetime.now(dt.UTC),
    )
    return _with(said, page=page)


def _with(
    said: Archived, *, page: Page | None = None, leads_to: str | None = None, reason: str = ""
) -> Archived:
    return Archived(
        url=said.url,
        page=page,
        leads_to=leads_to,
        at=said.at,
        reason=reason,
        source=said.source,
        depth=said.depth,
        is_resource=said.is_resource,
    )


def _refused(said: Archived, reason: str, detail: str) -> Archived:
    return Archived(url=said.url, at=said.at, reason=reason, detail=detail, source=said.source)


class _Counted:
    """The bytes of a record; one that ends before its length says so is broken."""

    def __init__(self, stream: IO[bytes], length: int | None, begun: bytes = b"") -> None:
        self._stream = stream
        self._begun = begun
        self._missing = length

    def read(self, size: int = -1) -> bytes:
        if self._begun:
            piece, self._begun = self._begun[:size], self._begun[size:]
            return piece
        piece = self._stream.read(size if size >= 0 else _PIECE)
        if self._missing is not None:
            self._missing -= len(piece)
            if not piece and self._missing > 0:
                raise Broken("truncated", f"{self._missing} bytes of the record are missing")
        return piece

    def readline(self, size: int) -> bytes:
        line = b""
        while len(line) < size and not line.endswith(b"\n") and (byte := self.read(1)):
            line += byte
        return line


def _http(record: ArcWarcRecord) -> tuple[int, Mapping[str, str], _Counted]:
    """Return the status and the headers of an answer, and the stream of its body."""
    length, begun = _length(record), b""
    while (end := _END_OF_HEADERS.search(begun)) is None:
        piece = record.raw_stream.read(4096)
        begun += piece
        if not piece or len(begun) > _MOST_HEADERS:
            raise Broken("bad_response", "the headers have no end")
    block, rest = begun[: end.end()], begun[end.end() :]
    try:
        parsed = StatusAndHeadersParser(["HTTP/"], verify=False).parse(io.BytesIO(block))
        status = int(parsed.get_statuscode())
    except (EOFError, ValueError) as error:
        raise Broken("bad_response", f"not HTTP as we know it: {error}") from error
    headers: dict[str, str] = {}
    for name, value in parsed.headers:
        key = name.strip().lower()
        joint = "\n" if key == "x-robots-tag" else ", "
        headers[key] = f"{headers[key]}{joint}{value.strip()}" if key in headers else value.strip()
    left = None if length is None else length - len(begun)
    return status, headers, _Counted(record.raw_stream, left, rest)


def _decoded(stream: _Counted, headers: Mapping[str, str], limit: int) -> bytes:
    """Return a body as the fetcher would have: in one piece and decompressed, or broken.

    Some write a body decoded and its headers as they came; so what does not look compressed is
    taken as it is.
    """
    chunked = "chunked" in headers.get("transfer-encoding", "").lower()
    source = ChunkedDataReader(stream) if chunked else stream
    first = source.read(_PIECE)
    encoding = headers.get("content-encoding", "")
    if "gzip" in encoding.lower() and not first.startswith(_GZIP):
        encoding = ""
    reader = BodyReader(encoding, limit=limit)
    piece = first
    while piece:
        reader.feed(piece)
        piece = source.read(_PIECE)
    return reader.finish()


def _length(record: ArcWarcRecord) -> int | None:
    return _number(record.rec_headers.get_header("Content-Length"))


def _number(text: str | None) -> int | None:
    return int(text[:18]) if text and text.isascii() and text.isdigit() else None


def _moment(text: str | None) -> dt.datetime | None:
    try:
        moment = dt.datetime.fromisoformat((text or "").strip())
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return min(moment, dt.datetime.now(dt.UTC))
