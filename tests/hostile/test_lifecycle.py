"""Lifecycle: two nights or more, and what becomes of the documents.

The rule above all: what goes wrong on the way loses nothing; what somebody decided is obeyed.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator

import pytest

from indexer.config import RecrawlSettings
from indexer.crawl.reading import PageReader, Reading, ReadingRules
from indexer.model import Extraction, Page
from tests.hostile.cases import case
from tests.hostile.crawling import SWIFT, Fleet, Night, Operator, Resolver, text, write
from tests.support.faux_site import HTML, FauxSite, Reply

PATHS = ["/", "/a", "/b"]
OTHERS = ["/", "/b"]


class Forbidden(PageReader):
    """A reader for nights on which nothing may be read."""

    async def read(self, page: Page, rules: ReadingRules, *, links_only: bool = False) -> Reading:
        raise AssertionError(f"{page.url} was read by {rules.fingerprint} ({links_only=})")

    async def read_again(self, page: Page, rules: ReadingRules) -> Extraction:
        raise AssertionError(f"{page.url} was read again by {rules.fingerprint}")

    def close(self) -> None:
        pass


@pytest.fixture
def pages(site: FauxSite) -> FauxSite:
    """A site of three pages without validators."""
    write_pages(site)
    return site


def write_pages(site: FauxSite) -> None:
    write(site, "/", "/a", "/b")
    write(site, "/a")
    write(site, "/b")


# --- nothing changed ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value"), [("ETag", '"v1"'), ("ETag", 'W/"v1"'), ("Last-Modified", "x")]
)
@case(
    "every page has the same {name} `{value}` as the night before",
    "asked for with it, answered 304, counted as unchanged, and not read",
)
def test_an_unchanged_page_is_asked_for_conditionally(
    site: FauxSite, operator: Operator, name: str, value: str
) -> None:
    for path, links in (("/", ("/a",)), ("/a", ())):
        write(site, path, *links, **{name.replace("-", "_"): value})
    operator.crawl()
    operator.reader = Forbidden()
    night = operator.crawl()
    condition = {"ETag": "if-none-match", "Last-Modified": "if-modified-since"}[name]
    asked = [request for request in site.requests if request.path in {"/", "/a"}]
    assert [request.headers[condition] for request in asked] == [value, value]
    assert (night.source.not_modified, night.source.fetched, night.source.unchanged) == (2, 0, 2)
    assert night.paths == ["/", "/a"]


@case("the same bytes without any validator", "counted as unchanged, and not read")
@pytest.mark.usefixtures("pages")
def test_the_same_bytes_are_not_read_again(operator: Operator) -> None:
    operator.crawl()
    operator.reader = Forbidden()
    night = operator.crawl()
    assert (night.source.fetched, night.source.unchanged) == (3, 3)
    assert len(operator.store.history()) == 3


@case("a new ETag each night for the same bytes", "counted as unchanged, and not read")
def test_a_new_validator_is_no_change(site: FauxSite, operator: Operator) -> None:
    write(site, "/", ETag='"1"')
    operator.crawl()
    write(site, "/", ETag='"2"')
    operator.reader = Forbidden()
    assert operator.crawl().source.unchanged == 1


CHANGES: dict[str, tuple[str, str]] = {
    "visitor counter": ("<footer>Besökare: 1041</footer>", "<footer>Besökare: 1042</footer>"),
    "footer date": (
        "<footer>Sidan visades 2026-03-01 02:00:17</footer>",
        "<footer>Sidan visades 2026-03-02 02:00:03</footer>",
    ),
    "date of update": (
        "<p>Senast uppdaterad: 2026-02-28</p>",
        "<p>Senast uppdaterad: 2026-03-01</p>",
    ),
    "form token": (
        '<input type="hidden" name="token" value="a1">',
        '<input type="hidden" name="token" value="b2">',
    ),
    "script": ("<script>var t = 1;</script>", "<script>var t = 2;</script>"),
    "comment": ("<!-- server 1 -->", "<!-- server 2 -->"),
    "class names": ('<p class="x1">Hej hej</p>', '<p class="x2">Hej hej</p>'),
}


@pytest.mark.parametrize("what", CHANGES)
@case("nothing changes but this: {what}", "that is no change of the document")
def test_what_does_not_concern_the_reader_is_no_change(
    pages: FauxSite, operator: Operator, what: str
) -> None:
    reports = []
    for extra in CHANGES[what]:
        body = f"<!doctype html><html lang=sv><title>/a</title><main>{text('/a')}</main>{extra}"
        pages.reply("/a", Reply(body=body.encode(), headers={"Content-Type": HTML}))
        reports.append(operator.crawl().source)
    first, second = reports
    assert (first.added, first.changed, first.unchanged) == (3, 0, 0)
    assert (second.added, second.changed, second.unchanged) == (0, 0, 3)


@case(
    "ten nights on which nothing changes but one page; min_hours 20, max_days 30",
    "the page that changes is asked for each night, the others more and more seldom",
)
def test_what_never_changes_is_visited_more_seldom(pages: FauxSite, operator: Operator) -> None:
    operator.recrawl = RecrawlSettings(min_hours=20, max_days=30)
    asked = {"/a": 0, "/b": 0}
    for night in range(10):
        pages.page("/a", html=text("/a") + f"<p>Nyhet {night}: något har hänt.</p>", title="/a")
        assert operator.crawl().paths == PATHS
        for path in asked:
            asked[path] += len(pages.asked(path))
    assert asked["/a"] >= 9
    assert asked["/b"] <= 7


@case(
    "a page that is not due; the sitemap says it changed today, then says so each night",
    "it is asked for at once; after three false alarms it is asked for when it is due",
)
def test_the_sitemap_makes_a_page_due_as_long_as_it_is_right(
    pages: FauxSite, operator: Operator
) -> None:
    operator.recrawl = RecrawlSettings(min_hours=20 * 24, max_days=30)
    karta = (pages.url("/karta.xml"),)

    def announce() -> int:
        day = operator.now.isoformat()
        entry = f"<url><loc>{pages.url('/b')}</loc><lastmod>{day}</lastmod></url>"
        pages.text("/karta.xml", f"<urlset>{entry}</urlset>")
        operator.crawl(sitemaps=karta)
        return len(pages.asked("/b"))

    assert [announce() for _ in range(8)][:4] == [1, 1, 1, 1]
    assert announce() == 0


# --- something changed --------------------------------------------------------------------------


@case("one page has a new text", "one document changed; the others did not")
def test_a_new_text_is_a_change(pages: FauxSite, operator: Operator) -> None:
    operator.crawl()
    pages.page("/a", html=text("nytt"), title="/a")
    night = operator.crawl()
    assert (night.source.changed, night.source.unchanged, night.source.added) == (1, 2, 0)
    assert "nytt" in night.text("/a")


@case("a page that is known gets a new link", "the new page is found on the same night")
def test_a_new_link_is_found(pages: FauxSite, operator: Operator) -> None:
    operator.crawl()
    write(pages, "/a", "/c")
    write(pages, "/c")
    assert operator.crawl().paths == ["/", "/a", "/b", "/c"]


@case("no page links to /b any more, but it is there", "it stays")
def test_a_page_that_is_linked_no_more_stays(pages: FauxSite, operator: Operator) -> None:
    operator.crawl()
    write(pages, "/", "/a")
    for _ in range(3):
        assert operator.crawl().paths == PATHS
    assert len(pages.asked("/b")) == 1


# --- gone ---------------------------------------------------------------------------------------


@case("a page answers 404, night after night", "its document goes on the second night")
def test_a_missing_page_goes_on_the_second_night(pages: FauxSite, operator: Operator) -> None:
    operator.crawl()
    pages.remove("/a")
    assert operator.crawl().paths == PATHS
    night = operator.crawl()
    assert night.paths == OTHERS
    assert night.counts("removed") == {"http_404": 1}


@case("a page answers 404 every other night", "it stays")
def test_a_page_that_is_missing_now_and_then_stays(pages: FauxSite, operator: Operator) -> None:
    operator.crawl()
    for _ in range(2):
        pages.remove("/a")
        assert operator.crawl().paths == PATHS
        write(pages, "/a")
        assert operator.crawl().paths == PATHS
    assert [event for event in operator.store.history() if event.event == "removed"] == []


@case("a page answers 410", "its document goes at once")
def test_a_page_that_is_gone_goes_at_once(pages: FauxSite, operator: Operator) -> None:
    operator.crawl()
    pages.reply("/a", Reply(status=410))
    night = operator.crawl()
    assert (night.paths, night.counts("removed")) == (OTHERS, {"http_410": 1})


@case("a page that was removed comes back", "it is a document again, under the same id")
def test_a_page_may_come_back(pages: FauxSite, operator: Operator) -> None:
    known = operator.crawl().documents["/a"].id
    pages.reply("/a", Reply(status=410))
    operator.crawl()
    write(pages, "/a")
    night = operator.crawl()
    assert (night.source.added, night.documents["/a"].id) == (1, known)


SOFT = {
    "sv": "<h1>Sidan kunde inte hittas</h1><p>Sidan du söker finns inte längre.</p>",
    "en": "<h1>Page not found</h1><p>Sorry, the page you are looking for does not exist.</p>",
    "404": "<h1>404</h1><p>Felkod 404: sidan finns inte. Gå till startsidan eller sök.</p>",
}


@pytest.mark.parametrize("language", SOFT)
@case(
    "a page turns into “not found” ({language}) with status 200",
    "that is a missing page: its document goes on the second night, and the text is never stored",
)
def test_a_soft_404_is_a_missing_page(pages: FauxSite, operator: Operator, language: str) -> None:
    operator.crawl()
    pages.page("/a", html=SOFT[language], title="Sidan finns inte" if language == "sv" else "404")
    night = operator.crawl()
    assert night.paths == PATHS
    assert "/a" in night.text("/a")
    assert operator.crawl().paths == OTHERS


@case(
    "a page about 404 errors and about what was not found in a study",
    "it is a page like any other",
)
def test_a_page_about_what_was_not_found_is_a_page(site: FauxSite, operator: Operator) -> None:
    long = " ".join(f"Mening nummer {n} handlar om det som studien fann." for n in range(40))
    html = f"<h1>Effekten kunde inte hittas</h1><p>I 404 kommuner fanns inte sidan. {long}</p>"
    site.page("/", html=html, title="Effekten kunde inte hittas i 404 kommuner")
    assert operator.crawl().paths == ["/"]


@case(
    "a page loses its text (an empty main part), night after night", "it goes on the second night"
)
def test_a_page_that_lost_its_text_goes_on_the_second_night(
    pages: FauxSite, operator: Operator
) -> None:
    operator.crawl()
    pages.page("/a")
    assert operator.crawl().paths == PATHS
    assert operator.crawl().paths == OTHERS


# --- decided ------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["meta", "header"])
@case("a page that is known turns noindex, by {how}", "its document goes at once")
def test_a_page_that_turns_noindex_goes_at_once(
    pages: FauxSite, operator: Operator, how: str
) -> None:
    operator.crawl()
    if how == "meta":
        write(pages, "/a", head='<meta name="robots" content="noindex">')
    else:
        write(pages, "/a", X_Robots_Tag="noindex")
    night = operator.crawl()
    assert (night.paths, night.counts("removed")) == (OTHERS, {"noindex": 1})


@case("noindex is taken away again", "the page is a document again")
def test_a_page_that_may_be_indexed_again_is(pages: FauxSite, operator: Operator) -> None:
    write(pages, "/a", X_Robots_Tag="noindex")
    assert operator.crawl().paths == OTHERS
    write(pages, "/a")
    assert operator.crawl().paths == PATHS


@case("the operator denies a path", "its document goes at once; nothing is asked for")
def test_a_page_that_leaves_the_scope_goes_at_once(pages: FauxSite, operator: Operator) -> None:
    operator.crawl()
    night = operator.crawl(deny=("/a",))
    assert (night.paths, night.counts("removed")) == (OTHERS, {"scope_deny": 1})
    assert not pages.asked("/a")


@pytest.mark.parametrize("status", [301, 302, 308])
@case("/a moves to /c by {status}", "one document, at the new address")
def test_a_page_that_moved_is_found_where_it_is(
    pages: FauxSite, operator: Operator, status: int
) -> None:
    operator.crawl()
    pages.redirect("/a", to="/c", status=status)
    write(pages, "/c")
    night = operator.crawl()
    assert (night.paths, night.counts("removed")) == (["/", "/b", "/c"], {"redirected": 1})


@case("/a redirects to the start page (a soft 404)", "its document goes")
def test_a_page_that_leads_to_the_start_page_goes(pages: FauxSite, operator: Operator) -> None:
    operator.crawl()
    pages.redirect("/a", to="/", status=302)
    operator.crawl()
    assert operator.crawl().paths == OTHERS


@case("/a gets a canonical link to /b", "one document, /b, with the text of /b")
def test_a_page_that_turns_into_a_copy_is_one_document(pages: FauxSite, operator: Operator) -> None:
    operator.crawl()
    write(pages, "/a", head='<link rel="canonical" href="/b">')
    night = operator.crawl()
    assert (night.paths, night.documents["/b"].title) == (OTHERS, "/b")


# --- trouble ------------------------------------------------------------------------------------

TROUBLE: dict[str, Reply] = {
    "500": Reply(status=500),
    "502": Reply(status=502),
    "503": Reply(status=503),
    "401": Reply(status=401),
    "403": Reply(status=403),
    "418": Reply(status=418),
    "429": Reply(status=429, headers={"Retry-After": "0"}),
    "timeout": Reply(stall_s=30),
    "dropped": Reply(hangup="before_headers"),
    "drip": Reply(body=b"x" * 999, drip_s=0.2, headers={"Content-Type": HTML}),
    "empty 204": Reply(status=204),
    "nested beyond parsing": Reply(body=b"<div>" * 60_000, headers={"Content-Type": HTML}),
    "broken gzip": Reply(body=b"x", headers={"Content-Type": HTML, "Content-Encoding": "gzip"}),
    "redirect loop": Reply(status=302, headers={"Location": "/a"}),
}


@pytest.fixture(scope="module")
def troubled(
    tmp_path_factory: pytest.TempPathFactory, reader: PageReader
) -> Iterator[tuple[Fleet, list[Night]]]:
    """Four nights of a site for each kind of trouble: on the second and the third, /a has it."""
    http = dataclasses.replace(SWIFT, timeout_s=0.3, deadline_s=0.5)
    with Fleet(TROUBLE, tmp_path_factory.mktemp("trouble"), reader) as fleet:
        for site in fleet.sites.values():
            write_pages(site)
        nights = [fleet.crawl(http)]
        for what, site in fleet.sites.items():
            site.reply("/a", TROUBLE[what])
        nights += [fleet.crawl(http), fleet.crawl(http)]
        for site in fleet.sites.values():
            write(site, "/a")
        yield fleet, [*nights, fleet.crawl(http)]


@pytest.mark.parametrize("what", TROUBLE)
@case("a page that is known fails for two nights: {what}", "its document stays")
def test_trouble_loses_no_document(troubled: tuple[Fleet, list[Night]], what: str) -> None:
    fleet, nights = troubled
    for number, night in enumerate(nights):
        report = fleet.report(what, night)
        assert fleet.paths(what, night) == PATHS
        assert not report.removed
        failed = sum(counted.count for counted in report.failed.values()) + report.left_queued
        assert failed == (1 if number in {1, 2} else 0)


def down(site: FauxSite, status: int) -> None:
    for path in ("/robots.txt", *PATHS):
        site.reply(path, Reply(status=status))


def elsewhere(site: FauxSite) -> None:
    for path in PATHS:
        site.redirect(path, to="https://www.example.org/underhall", status=302)


def missing(site: FauxSite) -> None:
    for path in PATHS:
        site.remove(path)


OUTAGES: dict[str, Callable[[FauxSite], None]] = {
    "500 everywhere, robots.txt too": lambda site: down(site, 500),
    "404 everywhere": missing,
    "410 everywhere": lambda site: down(site, 410),
    "403 everywhere": lambda site: down(site, 403),
    "redirects elsewhere": elsewhere,
}


@pytest.mark.parametrize("outage", OUTAGES)
@case("the whole site for two nights: {outage}", "nothing is lost; the source fails, exit 1")
def test_a_site_that_is_down_loses_nothing(
    pages: FauxSite, operator: Operator, outage: str
) -> None:
    operator.crawl()
    OUTAGES[outage](pages)
    for _ in range(2):
        night = operator.crawl()
        assert (night.paths, night.exit_code) == (PATHS, 1)
        assert night.source.problem
        assert night.source.detail
    assert pages.pages_requested in ([], ["/"])


@case("nobody listens where the site was", "nothing is lost; the source fails, exit 1")
def test_a_site_that_is_switched_off_loses_nothing(
    operator: Operator, other: FauxSite, resolver: Resolver
) -> None:
    write(other, "/", "/a")
    write(other, "/a")
    own = "www.hostile.example"
    resolver.answer(own, ["127.0.0.1"])
    operator.allowed = [own]
    operator.settings["start"] = (other.url("/", host=own),)
    assert len(operator.crawl().paths) == 2
    resolver.answer(own, ["127.0.0.9"])
    night = operator.crawl()
    assert (len(night.paths), night.exit_code) == (2, 1)


@case(
    "DNS does not know the site any more", "nothing is lost; the source fails and says dns; exit 1"
)
def test_a_name_that_is_lost_loses_nothing(
    operator: Operator, other: FauxSite, resolver: Resolver
) -> None:
    write(other, "/", "/a")
    write(other, "/a")
    own = "www.hostile.example"
    resolver.answer(own, ["127.0.0.1"])
    operator.allowed = [own]
    operator.settings["start"] = (other.url("/", host=own),)
    assert len(operator.crawl().paths) == 2
    resolver.answer(own, [])
    for _ in range(2):
        night = operator.crawl()
        assert (len(night.paths), night.exit_code) == (2, 1)
        assert "dns" in night.source.detail


@case(
    "every page but the start page answers 500, a hundred of them",
    "given up after fifty; nothing is lost; exit 1",
)
def test_a_site_that_dies_on_the_way_is_given_up(site: FauxSite, operator: Operator) -> None:
    paths = [f"/{number}" for number in range(100)]
    write(site, "/", *paths)
    for path in paths:
        write(site, path)
    known = operator.crawl().paths
    for path in paths:
        site.reply(path, Reply(status=500))
    night = operator.crawl()
    assert (night.paths, night.exit_code) == (known, 1)
    assert len(site.pages_requested) <= 60
    for path in paths:
        write(site, path)
    assert (operator.crawl().exit_code, len(operator.store.history())) == (0, 101)
