"""Everything that a site may do instead of answering: nothing of it costs a document."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer import config
from indexer.cli.progress import JobProgress
from indexer.config import Config
from indexer.crawl import ThreadReader
from indexer.engine import open_index
from indexer.jobs.reindex import Reindex, ReindexReport
from tests.support.command import POLITE
from tests.support.faux_site import FauxSite, Reply, page_reply

pytestmark = pytest.mark.jobs

PAGES = 12
SOURCES = """\
sources:
  - {{name: stor, type: website, start: ["{other}/"], sitemaps: none}}
  - {{name: liten, type: website, start: ["{site}/"], sitemaps: none}}
publish: {{max_loss_percent: 20}}
"""
LOGIN = page_reply(html="<h1>Logga in</h1><p>Ange ditt lösenord för att komma vidare.</p>")
SORRY = page_reply(
    html="<h1>Sidan hittades inte</h1><p>Sidan du söker finns inte längre.</p>", title="404"
)

Failure = Callable[[FauxSite], None]


def every_path(reply: Reply) -> Failure:
    """Answer everything so, robots.txt too."""

    def fail(site: FauxSite) -> None:
        for path in ("/robots.txt", *paths()):
            site.reply(path, reply)

    return fail


def every_page(reply: Reply) -> Failure:
    """Answer all pages so; there is no robots.txt."""

    def fail(site: FauxSite) -> None:
        for path in paths():
            site.reply(path, reply)

    return fail


def every_page_below(reply: Reply) -> Failure:
    """Answer all pages so, but not the one that links to them."""

    def fail(site: FauxSite) -> None:
        for path in paths()[1:]:
            site.reply(path, reply)

    return fail


def robots(reply: Reply) -> Failure:
    return lambda site: site.reply("/robots.txt", reply)


def to(target: str) -> Reply:
    return Reply(status=302, headers={"Location": target})


def led_to_a_login_page(site: FauxSite) -> None:
    every_page(to("/login"))(site)
    site.reply("/login", LOGIN)


DOWN = {
    "hangs up": every_path(Reply(hangup="before_headers")),
    "500 everywhere": every_path(Reply(status=500)),
    "503 everywhere": every_path(Reply(status=503)),
    "403 on every page": every_page(Reply(status=403)),
    "401 on every page": every_page(Reply(status=401)),
    "404 on every page": every_page(Reply(status=404)),
    "410 on every page": every_page(Reply(status=410)),
    "robots.txt is a 500": robots(Reply(status=500)),
    "robots.txt hangs up": robots(Reply(hangup="before_headers")),
    "redirects to a host that is not ours": every_page(to("https://login.example.org/")),
    "a loop of redirects": every_page(to("/")),
}
"""What is seen to be a failure: the source is reported, and its documents stay."""

EMPTIED = {
    "no body": every_page(Reply(headers={"Content-Type": "text/html"})),
    "a login page under every address": every_page(LOGIN),
    "all lead to a login page": led_to_a_login_page,
    "says sorry with 200": every_page(SORRY),
    "404 on every page but the first": every_page_below(Reply(status=404)),
    "410 on every page but the first": every_page_below(Reply(status=410)),
}
"""What may be meant: the gate refuses to publish it, however long it lasts."""


def paths() -> list[str]:
    return ["/", *(f"/avtal-{number}/" for number in range(PAGES))]


def write(site: FauxSite) -> None:
    for path in (*paths(), "/robots.txt", "/login"):
        site.remove(path)
    start, *pages = paths()
    site.page(start, html="<h1>Om oss</h1><p>Våra avtal.</p>", links=pages, title="Om oss")
    for path in pages:
        text = f"Avtalet {path} handlar om samverkan på orten {site.port}."
        site.page(path, html=f"<h1>Avtal {path}</h1><p>{text}</p>", title=f"Avtal {path}")


@pytest.fixture
def other() -> Iterator[FauxSite]:
    with FauxSite() as served:
        yield served


@pytest.fixture
def settings(tmp_path: Path, site: FauxSite, other: FauxSite) -> Config:
    write(site)
    write(other)
    file = tmp_path / "crawl_config.yaml"
    roots = {"site": site.url("").rstrip("/"), "other": other.url("").rstrip("/")}
    file.write_text((POLITE + SOURCES).format(**roots), encoding="utf-8")
    return config.load(file)


def run(settings: Config) -> ReindexReport:
    return Reindex(settings, watcher=JobProgress(), reader=ThreadReader).run()


def served(settings: Config) -> list[tuple[str, str]]:
    with open_index("whoosh", settings.data_dir / "index").searcher() as searcher:
        return sorted((held.url, held.title) for held in searcher.scan())


@pytest.mark.parametrize("failure", DOWN)
def test_a_source_that_is_down_keeps_its_documents_and_the_others_go_on(
    settings: Config, site: FauxSite, other: FauxSite, failure: str
) -> None:
    run(settings)
    before = served(settings)
    DOWN[failure](site)
    other.page("/avtal-1/", html="<h1>Nytt avtal</h1><p>Något annat.</p>", title="Nytt avtal")

    told = run(settings)

    assert told.failed_sources == ("liten",)
    assert told.outcome == "published"
    expected = {**dict(before), other.url("/avtal-1/"): "Nytt avtal"}
    assert dict(served(settings)) == expected
    write(site)
    assert run(settings).failed_sources == ()
    assert dict(served(settings)) == expected


@pytest.mark.parametrize("failure", EMPTIED)
def test_a_source_that_was_emptied_is_not_published_and_comes_back_at_once(
    settings: Config, site: FauxSite, failure: str
) -> None:
    run(settings)
    before = served(settings)
    EMPTIED[failure](site)

    outcomes = [run(settings).outcome for _ in range(3)]

    assert served(settings) == before
    assert outcomes[-1] == "refused"
    write(site)
    run(settings)
    assert set(before) <= set(served(settings))
    run(settings)  # a login page that is gone is looked for once more
    assert served(settings) == before
