"""A site whose name no longer resolves, and one whose certificate no longer holds."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import trustme

from indexer import config
from indexer.cli.progress import JobProgress
from indexer.config import Config
from indexer.crawl import ThreadReader
from indexer.engine import open_index
from indexer.jobs.reindex import Reindex, ReindexReport
from tests.support.command import POLITE
from tests.support.faux_site import FauxSite

NAME = "www.example.org"
SOURCES = """\
sources:
  - {{name: stor, type: website, start: ["{other}/"], sitemaps: none}}
  - {{name: liten, type: website, start: ["{site}/"], sitemaps: none}}
"""


class Names:
    """Knows one name beside those that the machine knows, unless it has an `error`."""

    def __init__(self) -> None:
        self._real = socket.getaddrinfo
        self.error: int | None = None

    def __call__(self, host: Any, *rest: Any, **named: Any) -> Any:
        if host != NAME:
            return self._real(host, *rest, **named)
        if self.error is not None:
            raise socket.gaierror(self.error, "as the resolver would say")
        return self._real("127.0.0.1", *rest, **named)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    known = Names()
    monkeypatch.setattr(socket, "getaddrinfo", known)
    return known


@pytest.fixture
def other() -> Iterator[FauxSite]:
    with FauxSite() as served:
        write(served)
        yield served


def write(site: FauxSite) -> None:
    pages = [f"/avtal-{number}/" for number in range(5)]
    site.page("/", html="<h1>Om oss</h1><p>Våra avtal.</p>", links=pages, title="Om oss")
    for path in pages:
        text = f"Avtalet {path} handlar om samverkan på orten {site.port}."
        site.page(path, html=f"<h1>Avtal {path}</h1><p>{text}</p>", title=f"Avtal {path}")


def configured(directory: Path, site: FauxSite, other: FauxSite) -> Config:
    file = directory / "crawl_config.yaml"
    roots = {"site": site.url("", host=NAME), "other": other.url("").rstrip("/")}
    allowed = POLITE.replace('["127.0.0.1"]', f'["127.0.0.1", "{NAME}"]')
    file.write_text((allowed + SOURCES).format(**roots), encoding="utf-8")
    return config.load(file)


def run(settings: Config) -> ReindexReport:
    return Reindex(settings, watcher=JobProgress(), reader=ThreadReader).run()


def served(settings: Config) -> dict[str, str]:
    with open_index("whoosh", settings.data_dir / "index").searcher() as searcher:
        return {held.url: held.title for held in searcher.scan()}


def reasons(report: ReindexReport) -> str:
    return "\n".join(report.lines())


def assert_down(settings: Config, other: FauxSite, *, because: str) -> None:
    """Say that one source is reported, keeps its documents, and does not hold up the other."""
    before = served(settings)
    other.page("/avtal-1/", html="<h1>Nytt avtal</h1><p>Något annat.</p>", title="Nytt avtal")

    told = run(settings)

    assert told.failed_sources == ("liten",)
    assert told.outcome == "published"
    assert because in reasons(told)
    assert served(settings) == {**before, other.url("/avtal-1/"): "Nytt avtal"}


def assert_back(settings: Config, site: FauxSite) -> None:
    """Say that the source is crawled again as if nothing had been."""
    site.page("/avtal-2/", html="<h1>Åter</h1><p>Något annat.</p>", title="Åter")

    told = run(settings)

    assert told.failed_sources == ()
    assert served(settings)[site.url("/avtal-2/", host=NAME)] == "Åter"


@pytest.mark.parametrize("error", [socket.EAI_NONAME, socket.EAI_AGAIN])
def test_a_name_that_does_not_resolve_costs_no_document(
    tmp_path: Path, site: FauxSite, other: FauxSite, names: Names, error: int
) -> None:
    write(site)
    settings = configured(tmp_path, site, other)
    assert run(settings).failed_sources == ()

    names.error = error
    assert_down(settings, other, because="dns")

    names.error = None
    assert_back(settings, site)


@pytest.mark.parametrize("fault", ["expired", "of another name", "of nobody known"])
def test_a_certificate_that_does_not_hold_costs_no_document(
    tmp_path: Path, other: FauxSite, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    monkeypatch.setattr(httpx, "create_ssl_context", lambda **_: trusting)
    monkeypatch.setattr(socket, "getaddrinfo", Names())
    yesterday = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    wrong = {
        "expired": lambda: authority.issue_cert(NAME, not_after=yesterday),
        "of another name": lambda: authority.issue_cert("www.example.com"),
        "of nobody known": lambda: trustme.CA().issue_cert(NAME),
    }
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(NAME).configure_cert(tls)
    with FauxSite(tls=tls) as site:
        write(site)
        settings = configured(tmp_path, site, other)
        assert run(settings).failed_sources == ()

        wrong[fault]().configure_cert(tls)
        assert_down(settings, other, because="tls")

        authority.issue_cert(NAME).configure_cert(tls)
        assert_back(settings, site)
