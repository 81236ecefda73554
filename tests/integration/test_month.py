"""Thirty nights of the whole job over three sources, by a script that knows what must come of it.

What is published after each night is compared with what the script says, which was worked out by
hand from the rules of docs/CRAWLING.md, and by nothing that is tested here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from indexer import config
from indexer.cli.progress import JobProgress
from indexer.crawl import ThreadReader
from indexer.engine import open_index
from indexer.jobs.reindex import Reindex, ReindexReport
from tests.support.command import POLITE
from tests.support.faux_site import FauxSite, Reply, page_reply
from tests.support.oai_responses import deleted, identify, record, records
from tests.support.operator import Clock

pytestmark = pytest.mark.timeout(600)

SOURCES = """\
sources:
  - name: samverkan
    type: website
    start: ["{web}/"]
    sitemaps: none
    aliases: {{"localhost:{port}": "127.0.0.1:{port}"}}
  - {{name: nytt, type: feed, url: "{news}/flode.xml"}}
  - {{name: arkiv, type: oai_pmh, url: "{archive}/oai"}}
publish:
  max_loss_percent: 20
  canaries: [{{q: "avtal nummer 3", url: "{web}/avtal/3/", top: 5}}]
"""
PAGES = 20
XML = {"Content-Type": "text/xml; charset=utf-8"}
LOGIN = page_reply(html="<h1>Logga in</h1><p>Ange ditt lösenord för att komma vidare.</p>")


class World:
    """Three sites, what they hold, and what of it must be published: the script moves all three."""

    def __init__(self, web: FauxSite, news: FauxSite, archive: FauxSite) -> None:
        self.web, self.news, self.archive = web, news, archive
        self.expected: dict[str, str] = {}
        self.links: dict[str, str] = {}
        """The pages that the front page links to, each with the address that it links by."""
        self.records: dict[int, str] = {}
        self.title = "Välkommen"
        archive.answer(self._repository)
        archive.reply("/oai?verb=Identify", Reply(body=identify().encode(), headers=XML))
        self.front()
        for number in range(PAGES):
            self.page(f"/avtal/{number}/", f"Avtal nummer {number}")
        for number in range(3):
            self.entry(f"/nyhet-{number}/", f"Nyhet {number}")
        for number in range(3):
            self.keep_record(number, f"Rapport {number}")

    # --- the web site ---------------------------------------------------------------------------

    def front(self, title: str = "") -> None:
        """Write the front page anew, with links to all pages."""
        self.title = title or self.title
        html = f"<h1>{self.title}</h1><p>Här står allt om samverkan.</p>"
        self.web.page("/", html=html, links=list(self.links.values()), title=self.title)
        self.expected[self.web.url("/")] = self.title

    def page(self, path: str, title: str, *, head: str = "", linked: str = "") -> None:
        """Write a page that the front page links to, and that must be published."""
        html = f"<h1>{title}</h1><p>Vad som står under {path} handlar om {title}.</p>"
        self.web.page(path, html=html, title=title, head=head)
        self.links[path] = linked or path
        self.expected[self.web.url(path)] = title
        self.front()

    def unlink(self, path: str) -> None:
        self.links.pop(path, None)
        self.front()

    def gone(self, path: str) -> None:
        """Say of a page for good that it is gone, which takes effect at once."""
        self.web.reply(path, Reply(status=410))
        self.unlink(path)
        del self.expected[self.web.url(path)]

    def move(self, path: str, to: str) -> None:
        """Move a page: its old address leads to the new one, where the same stands."""
        title = self.expected.pop(self.web.url(path))
        self.page(to, title)
        self.web.redirect(path, to=to)
        self.unlink(path)

    def web_answers(self, reply: Reply) -> dict[str, list[Reply]]:
        """Answer everything so; return what was there, for `web_is_back`."""
        before = {path: list(held) for path, held in self.web._replies.items()}
        for path in (*before, "/robots.txt"):
            self.web.reply(path, reply)
        return before

    def web_is_back(self, before: dict[str, list[Reply]]) -> None:
        self.web.remove("/robots.txt")
        for path, held in before.items():
            self.web.reply(path, *held)

    # --- the feed and the repository ------------------------------------------------------------

    def entry(self, path: str, title: str) -> None:
        """Write a page, and let the feed name the newest three."""
        self.news.page(path, html=f"<h1>{title}</h1><p>Läs mer om {title}.</p>", title=title)
        self.expected[self.news.url(path)] = title
        named = [url for url in self.expected if url.startswith(self.news.url(""))][-3:]
        items = "".join(f"<item><title>x</title><link>{url}</link></item>" for url in named)
        text = f'<rss version="2.0"><channel><title>Nytt</title>{items}</channel></rss>'
        self.news.text("/flode.xml", text, media_type="application/rss+xml")

    def keep_record(self, number: int, title: str) -> None:
        self.records[number] = title
        self.expected[f"https://example.org/rapporter/{number}"] = title

    def delete_record(self, number: int) -> None:
        self.records[number] = ""
        del self.expected[f"https://example.org/rapporter/{number}"]

    def _repository(self, path: str) -> Reply | None:
        if not path.startswith("/oai?verb=ListRecords"):
            return None
        held = (
            record(number, title=title) if title else deleted(number)
            for number, title in self.records.items()
        )
        return Reply(body=records(*held).encode(), headers=XML)


class Nights:
    """Runs the job once a night, and holds what it publishes against what the script expects."""

    def __init__(self, world: World, directory: Path) -> None:
        self.world = world
        self.clock = Clock()
        self.number = 0
        file = directory / "crawl_config.yaml"
        roots = {
            name: getattr(world, name).url("").rstrip("/") for name in ("web", "news", "archive")
        }
        text = (POLITE + SOURCES).format(port=world.web.port, **roots)
        file.write_text(text, encoding="utf-8")
        self.config = config.load(file)

    def night(self, outcome: str, *failed: str) -> ReindexReport:
        """Let a night pass, after which exactly what is expected must be in service."""
        self.number += 1
        report = Reindex(
            self.config, watcher=JobProgress(), reader=ThreadReader, clock=self.clock
        ).run()
        told = f"night {self.number}:\n" + "\n".join(report.lines())
        assert (report.outcome, set(report.failed_sources)) == (outcome, set(failed)), told
        assert self.published == self.world.expected, told
        self.clock.next_night()
        return report

    @property
    def published(self) -> dict[str, str]:
        with open_index("whoosh", self.config.data_dir / "index").searcher() as searcher:
            found = list(searcher.scan())
        assert len({held.id for held in found}) == len({held.url for held in found}) == len(found)
        return {held.url: held.title for held in found}


@pytest.fixture
def nights(tmp_path: Path) -> Iterator[Nights]:
    with ExitStack() as opened:
        sites = [opened.enter_context(FauxSite()) for _ in range(3)]
        yield Nights(World(*sites), tmp_path)


def pages_come_change_and_go(nights: Nights) -> None:
    it = nights.world
    it.page("/avtal/4/", "Avtal nummer 4, omförhandlat")
    it.front("Välkommen hit")
    nights.night("published")
    it.page("/projekt/ett/", "Ett projekt")
    nights.night("published")
    it.web.remove("/avtal/5/")
    it.unlink("/avtal/5/")
    nights.night("published")  # missing once: that may be a mistake
    del it.expected[it.web.url("/avtal/5/")]
    nights.night("published")  # and twice
    it.gone("/avtal/6/")
    nights.night("published")
    it.move("/projekt/ett/", to="/projekt/forsta/")
    nights.night("published")


def the_site_is_down_while_news_comes(nights: Nights) -> None:
    it = nights.world
    before = it.web_answers(Reply(status=503))
    it.entry("/nyhet-3/", "Nyhet 3")
    nights.night("published", "samverkan")
    it.web_is_back(before)
    it.page("/avtal/7/", "Avtal nummer 7, nytt")
    nights.night("published")


def everything_is_down_at_once(nights: Nights) -> None:
    it = nights.world
    before = it.web_answers(Reply(hangup="before_headers"))
    it.news.reply("/flode.xml", Reply(body=b"<rss><channel>", headers=XML))
    it.archive.reply("/oai?verb=Identify", Reply(status=500))
    nights.night("unchanged", "samverkan", "nytt", "arkiv")
    it.web_is_back(before)
    it.archive.reply("/oai?verb=Identify", Reply(body=identify().encode(), headers=XML))
    it.entry("/nyhet-4/", "Nyhet 4")
    it.keep_record(3, "Rapport 3")
    nights.night("published")


def the_repository_changes_deletes_and_breaks_off(nights: Nights) -> None:
    it = nights.world
    it.keep_record(1, "Rapport 1, ny upplaga")
    it.delete_record(0)
    nights.night("published")
    it.records[9] = "]]>&broken"
    nights.night("unchanged", "arkiv")
    del it.records[9]
    nights.night("unchanged")


def the_same_pages_under_another_name_are_the_same(nights: Nights) -> None:
    it = nights.world
    alias = it.web.url("", host="localhost").rstrip("/")
    it.page("/avtal/8/", "Avtal nummer 8", linked=f"{alias}/avtal/8/")
    it.page("/projekt/andra/", "Projekt nummer två", linked=f"{alias}/projekt/andra/")
    nights.night("published")


def robots_txt_fails_forbids_and_allows_again(nights: Nights) -> None:
    it = nights.world
    it.web.reply("/robots.txt", Reply(status=500))
    nights.night("unchanged", "samverkan")
    it.web.robots("User-agent: *", "Disallow: /projekt/andra/")
    title = it.expected.pop(it.web.url("/projekt/andra/"))
    nights.night("published")
    it.web.remove("/robots.txt")
    it.expected[it.web.url("/projekt/andra/")] = title
    nights.night("published")


def for_two_nights_every_page_asks_for_a_password(nights: Nights) -> None:
    it = nights.world
    before = it.web_answers(LOGIN)
    it.web.remove("/robots.txt")
    nights.night("refused")
    nights.night("refused")
    it.web_is_back(before)
    nights.night("published")


def a_page_asks_not_to_be_indexed_and_thinks_better_of_it(nights: Nights) -> None:
    it = nights.world
    it.page("/avtal/9/", "Avtal nummer 9", head='<meta name="robots" content="noindex">')
    title = it.expected.pop(it.web.url("/avtal/9/"))
    nights.night("published")
    it.page("/avtal/9/", title)
    nights.night("published")


def pages_move_and_the_site_shrinks_as_it_is_meant_to(nights: Nights) -> None:
    it = nights.world
    for number in (10, 11, 12, 13):
        it.move(f"/avtal/{number}/", to=f"/samarbeten/{number}/")
    nights.night("published")
    for number in (14, 15, 16):
        it.gone(f"/avtal/{number}/")
    nights.night("published")


def after_a_week_without_a_run_a_canary_finds_nothing(nights: Nights) -> None:
    it = nights.world
    nights.clock.pass_time(days=7)
    it.entry("/nyhet-5/", "Nyhet 5")
    nights.night("published")
    it.web.reply("/avtal/3/", Reply(status=410))
    refused = nights.night("refused")
    assert any("avtal nummer 3" in objection for objection in refused.objections)
    it.page("/avtal/3/", "Avtal nummer 3")
    nights.night("published")


def test_a_month_of_nights_publishes_what_is_there_and_nothing_else(nights: Nights) -> None:
    nights.night("published")
    nights.night("unchanged")
    for chapter in (
        pages_come_change_and_go,
        the_site_is_down_while_news_comes,
        everything_is_down_at_once,
        the_repository_changes_deletes_and_breaks_off,
        the_same_pages_under_another_name_are_the_same,
        robots_txt_fails_forbids_and_allows_again,
        for_two_nights_every_page_asks_for_a_password,
        a_page_asks_not_to_be_indexed_and_thinks_better_of_it,
        pages_move_and_the_site_shrinks_as_it_is_meant_to,
        after_a_week_without_a_run_a_canary_finds_nothing,
    ):
        chapter(nights)
    nights.night("unchanged")
    assert nights.number == 30
