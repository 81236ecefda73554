"""The demo site on a real HTTP server at 127.0.0.1, and the configuration that crawls it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import mimetypes
import sys
from dataclasses import dataclass
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from string import Template
from threading import Thread
from typing import TYPE_CHECKING, Self

from indexer.cli.demo.rendering import SiteContent, SitePage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from types import TracebackType

_HOST = "127.0.0.1"
_POLL_S = 0.05
# What has no date of its own was last changed on the day the site was written.
_WRITTEN = dt.date(2025, 11, 3)


def demo_config(site_url: str, data_dir: Path) -> str:
    """Return the text of a crawl_config.yaml that crawls the demo site at `site_url`."""
    template = (files(__package__) / "crawl_config.yaml.template").read_text("utf-8")
    # JSON is YAML too, and quotes whatever a path may hold.
    return Template(template).substitute(
        site_url=site_url, data_dir=json.dumps(str(data_dir), ensure_ascii=False)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """What stands ready for one path; validators as in RFC 9110, section 8.8."""

    status: HTTPStatus = HTTPStatus.OK
    media_type: str = "text/html; charset=utf-8"
    body: bytes = b""
    changed: dt.date | None = None
    location: str = ""

    def headers(self) -> Iterator[tuple[str, str]]:
        if self.location:
            yield "Location", self.location
        if self.changed:
            yield "ETag", self.etag
            yield "Last-Modified", format_datetime(self.modified, usegmt=True)

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:16]}"'

    @property
    def modified(self) -> dt.datetime:
        return dt.datetime.combine(self.changed or _WRITTEN, dt.time(6), dt.UTC)


class DemoSite:
    """The bundled site, served while the context is open.

    `url` has no slash at its end. `requested` are the request targets in order of arrival.
    """

    def __init__(self, *, port: int = 0) -> None:
        self._port = port
        self._server: _SiteServer | None = None
        self._thread: Thread | None = None
        self.requested: list[str] = []

    @property
    def url(self) -> str:
        """The address of the site, known while it is served."""
        if self._server is None:
            raise RuntimeError("the demo site is not being served: use it in a with statement")
        return self._server.url

    def __enter__(self) -> Self:
        self._server = _SiteServer(self._port, requested=self.requested)
        self._thread = Thread(
            target=self._server.serve_forever, args=(_POLL_S,), name="demo-site", daemon=True
        )
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._server and self._thread:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()
        self._server = self._thread = None


class _SiteServer(ThreadingHTTPServer):
    """Binds first, for the pages hold their own address; then renders them once."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int, *, requested: list[str]) -> None:
        super().__init__((_HOST, port), _Handler)
        self.url = f"http://{_HOST}:{self.server_address[1]}"
        self.requested = requested
        try:
            content = SiteContent()
            self.answers: Mapping[str, _Answer] = dict(_answers(content, self.url))
            self.missing = _Answer(
                status=HTTPStatus.NOT_FOUND, body=content.render_missing(site_url=self.url)
            )
        except BaseException:
            self.server_close()
            raise

    def handle_error(self, request: object, client_address: object) -> None:
        # A crawler that hangs up is its own business.
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # as given


class _Handler(BaseHTTPRequestHandler):
    server: _SiteServer
    protocol_version = "HTTP/1.1"
    server_version = "demo"
    sys_version = ""
    timeout = 30
    # Header and body leave in one piece, at once: a kept-alive client would else wait 40 ms.
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Keep stderr for the demo."""

    def _answer(self, *, with_body: bool) -> None:
        self.server.requested.append(self.path)
        answer = self.server.answers.get(self.path.partition("?")[0], self.server.missing)
        unchanged = answer.changed is not None and self._holds(answer)
        self.send_response(HTTPStatus.NOT_MODIFIED if unchanged else answer.status)
        for name, value in answer.headers():
            self.send_header(name, value)
        if not unchanged:
            self.send_header("Content-Type", answer.media_type)
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if with_body and not unchanged:
            self.wfile.write(answer.body)

    def _holds(self, answer: _Answer) -> bool:
        """Whether the client has this already (RFC 9110, sections 13.1.2 and 13.1.3)."""
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            held = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
            return answer.etag in held or "*" in held
        since = self.headers.get("If-Modified-Since")
        try:
            return since is not None and parsedate_to_datetime(since) >= answer.modified
        except (TypeError, ValueError):
            return False


def _answers(content: SiteContent, url: str) -> Iterator[tuple[str, _Answer]]:
    for page in content.pages.values():
        answer = _page_answer(content, page, url)
        for path in (page.path, *page.also_at):
            yield path, answer
        for path in page.moved_from:
            yield path, _Answer(status=HTTPStatus.MOVED_PERMANENTLY, location=page.path)
    for path, body in content.files.items():
        media_type = mimetypes.guess_type(path)[0] or "application/octet-stream"
        yield path, _Answer(media_type=media_type, body=body, changed=_WRITTEN)
    for name, media_type in (("robots.txt", "text/plain"), ("sitemap.xml", "application/xml")):
        body = content.render_text(name, site_url=url)
        yield f"/{name}", _Answer(media_type=media_type, body=body, changed=_WRITTEN)


def _page_answer(content: SiteContent, page: SitePage, url: str) -> _Answer:
    # A page in an old encoding is silent about it, as its likes are.
    charset = "; charset=utf-8" if page.charset == "utf-8" else ""
    return _Answer(
        media_type=f"text/html{charset}",
        body=content.render(page, site_url=url),
        changed=page.updated,
    )
