"""Writing what the store holds as a WARC file (ISO 28500) that other tools read."""

from __future__ import annotations

import io
from typing import IO, TYPE_CHECKING

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from indexer.fetch.warc import DEPTH, FOUND_AT, READ_AS, SOURCE

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from indexer.model import Page


class WarcFile:
    """A file of records, each compressed by itself, in the order in which they are written."""

    def __init__(self, file: IO[bytes], *, name: str, software: str) -> None:
        self._writer = WARCWriter(file, gzip=True, warc_version="1.1")
        about = {"software": software, "format": "WARC File Format 1.1"}
        self._writer.write_record(self._writer.create_warcinfo_record(name, about))

    def page(self, page: Page, *, depth: int) -> None:
        """Write a page as the answer of its server: the body as it was understood, not as sent."""
        charset = f"; charset={page.charset}" if page.charset else ""
        headers = [
            ("Content-Type", f"{page.media_type}{charset}" if page.media_type else None),
            ("Content-Length", str(len(page.body))),
            ("ETag", page.etag),
            ("Last-Modified", page.last_modified),
            *(("X-Robots-Tag", value) for value in (page.robots_tag or "").split("\n") if value),
        ]
        self._response(
            page.url, "200 OK", headers, body=page.body, at=page.fetched_at, own=_own(page, depth)
        )

    def redirect(self, url: str, target: str, *, source: str, depth: int, at: dt.datetime) -> None:
        """Write that a URL led to another."""
        headers: list[tuple[str, str | None]] = [("Location", target), ("Content-Length", "0")]
        own = {SOURCE: source, DEPTH: str(depth)}
        self._response(url, "301 Moved Permanently", headers, body=b"", at=at, own=own)

    def record(self, page: Page, *, depth: int) -> None:
        """Write a record of a repository, which has an identifier and no address of its own."""
        record = self._writer.create_warc_record(
            page.request.url,
            "resource",
            payload=io.BytesIO(page.body),
            length=len(page.body),
            warc_content_type="application/xml",
            warc_headers_dict={
                "WARC-Date": _date(page.fetched_at),
                FOUND_AT: page.url,
                READ_AS: page.media_type,
                **_own(page, depth),
            },
        )
        self._writer.write_record(record)

    def _response(
        self,
        url: str,
        status: str,
        headers: list[tuple[str, str | None]],
        *,
        body: bytes,
        at: dt.datetime,
        own: Mapping[str, str],
    ) -> None:
        said = [(name, value) for name, value in headers if value]
        record = self._writer.create_warc_record(
            url,
            "response",
            payload=io.BytesIO(body),
            length=len(body),
            http_headers=StatusAndHeaders(status, said, protocol="HTTP/1.1"),
            warc_headers_dict={"WARC-Date": _date(at), **own},
        )
        self._writer.write_record(record)


def _own(page: Page, depth: int) -> dict[str, str]:
    return {SOURCE: page.request.source, DEPTH: str(depth)}


def _date(moment: dt.datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S.%fZ}"
