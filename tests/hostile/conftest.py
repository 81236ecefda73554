from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.crawl.reading import PageReader, ThreadReader
from tests.hostile.crawling import Operator, Resolver
from tests.support.faux_site import FauxSite


@pytest.fixture(scope="session")
def reader() -> Iterator[PageReader]:
    with ThreadReader() as one:
        yield one


@pytest.fixture
def site() -> Iterator[FauxSite]:
    with FauxSite() as one:
        yield one


@pytest.fixture
def other() -> Iterator[FauxSite]:
    """Another site, on the same address and another port."""
    with FauxSite() as one:
        yield one


@pytest.fixture
def operator(site: FauxSite, tmp_path: Path, reader: PageReader) -> Iterator[Operator]:
    operator = Operator(site, tmp_path, reader)
    with operator.store:
        yield operator


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> Resolver:
    one = Resolver()
    monkeypatch.setattr(socket, "getaddrinfo", one)
    return one
