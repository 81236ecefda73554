"""robots.txt: the rules (RFC 9309) and every way of not having them."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator

import pytest

from indexer.crawl.reading import PageReader
from tests.hostile.cases import case
from tests.hostile.crawling import Fleet, Night, Operator, write
from tests.support.faux_site import FauxSite, Reply

PATHS = ["/", "/a", "/hemligt/b"]
RULES = b"User-agent: *\nDisallow: /hemligt/\n"
_LIMIT = 500 * 1024


@pytest.fixture
def pages(site: FauxSite) -> FauxSite:
    """A site of three pages."""
    return write_pages(site)


def write_pages(site: FauxSite) -> FauxSite:
    write(site, "/", "/a", "/hemligt/b")
    write(site, "/a")
    write(site, "/hemligt/b")
    return site


def serve(site: FauxSite, rules: bytes, **headers: str) -> None:
    site.reply("/robots.txt", Reply(body=rules, headers={"Content-Type": "text/plain", **headers}))


def allowed(operator: Operator, *paths: str) -> list[str]:
    """Link to paths, crawl, and return those that were asked for."""
    write(operator.site, "/", *paths)
    for path in paths:
        write(operator.site, path)
    operator.crawl()
    return [path for path in paths if operator.site.asked(path)]


# --- no rules, or none that can be read ---------------------------------------------------------


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
@case("robots.txt answers {status}", "there are no rules: every page is fetched")
def test_robots_that_is_not_there_forbids_nothing(
    pages: FauxSite, operator: Operator, status: int
) -> None:
    pages.reply("/robots.txt", Reply(status=status, body=b"Disallow: /"))
    night = operator.crawl()
    assert pages.requested == ["/robots.txt", *PATHS]
    assert (night.paths, night.exit_code) == (PATHS, 0)


UNREADABLE: dict[str, tuple[str, Callable[[FauxSite], None]]] = {
    "429": ("answers 429", lambda site: answer(site, Reply(status=429))),
    "500": ("answers 500", lambda site: answer(site, Reply(status=500))),
    "503": ("answers 503", lambda site: answer(site, Reply(status=503))),
    "silence": ("never answers", lambda site: answer(site, Reply(stall_s=30))),
    "drip": (
        "comes one byte in half a second",
        lambda site: answer(site, Reply(body=RULES, drip_s=0.5)),
    ),
    "hangup": ("is a dropped line", lambda site: answer(site, Reply(hangup="before_headers"))),
    "reset": (
        "is cut off by a reset",
        lambda site: answer(site, Reply(body=RULES, hangup="reset")),
    ),
    "half": (
        "is shorter than it says",
        lambda site: answer(site, Reply(body=RULES, headers={"Content-Length": "999"})),
    ),
    "private": (
        "redirects to a private address",
        lambda site: site.redirect("/robots.txt", to="http://127.0.0.1:9/robots.txt"),
    ),
}


def answer(site: FauxSite, reply: Reply) -> None:
    site.reply("/robots.txt", reply)


@pytest.fixture(scope="module")
def unreadable(
    tmp_path_factory: pytest.TempPathFactory, reader: PageReader
) -> Iterator[tuple[Fleet, Night]]:
    """One crawl of a site for each way of not giving robots.txt."""
    with Fleet(UNREADABLE, tmp_path_factory.mktemp("robots"), reader) as fleet:
        for name, site in fleet.sites.items():
            UNREADABLE[name][1](write_pages(site))
        yield fleet, fleet.crawl(sitemaps="none")


@pytest.mark.parametrize("how", UNREADABLE)
@case(
    "robots.txt: {how}",
    "nobody knows what is allowed: no page is asked for, the source fails and is named",
)
def test_robots_that_cannot_be_read_forbids_everything(
    unreadable: tuple[Fleet, Night], how: str
) -> None:
    fleet, night = unreadable
    requested = fleet.sites[how].requested
    assert set(requested) <= {"/robots.txt"}
    assert 1 <= len(requested) <= 3
    report = fleet.report(how, night)
    assert report.is_failed
    assert "robots_unreachable" in report.detail
    assert report.documents == 0
    assert night.exit_code == 1


@case("robots.txt is a page of HTML with status 200", "no rule is found in it: all is fetched")
def test_a_web_page_instead_of_robots_forbids_nothing(pages: FauxSite, operator: Operator) -> None:
    pages.page("/robots.txt", html="<h1>Välkommen</h1><p>Allow: us to introduce ourselves.</p>")
    assert operator.crawl().paths == PATHS


@case("robots.txt is 40 KB of every byte there is", "no rule is found in it: all is fetched")
def test_binary_instead_of_robots_forbids_nothing(pages: FauxSite, operator: Operator) -> None:
    serve(pages, bytes(range(256)) * 160)
    assert operator.crawl().paths == PATHS


@case("robots.txt is empty", "everything is fetched, and robots.txt is asked for once")
def test_empty_robots_forbids_nothing(pages: FauxSite, operator: Operator) -> None:
    serve(pages, b"")
    assert operator.crawl().paths == PATHS
    assert len(pages.asked("/robots.txt")) == 1


# --- how the file is written --------------------------------------------------------------------

SPELLINGS = {
    "byte order mark": b"\xef\xbb\xbf" + RULES,
    "CR line ends": RULES.replace(b"\n", b"\r"),
    "CRLF line ends": RULES.replace(b"\n", b"\r\n"),
    "blanks and comments": b"\n \t# a\n  user-AGENT :\t* # b\n\n  DISALLOW:   /hemligt/  # c\n",
    "no line end": RULES.rstrip(),
    "NUL bytes before": b"\0\0\n" + RULES,
    "half a megabyte of comments before": b"# x\n" * 100_000 + RULES,
    "latin-1 comment": "# å ä ö\n".encode("latin-1") + RULES,
}


@pytest.mark.parametrize("spelling", SPELLINGS)
@case("robots.txt with: {spelling}", "its rule is obeyed")
def test_a_rule_is_obeyed_however_the_file_is_written(
    pages: FauxSite, operator: Operator, spelling: str
) -> None:
    serve(pages, SPELLINGS[spelling])
    night = operator.crawl()
    assert pages.requested == ["/robots.txt", "/", "/a"]
    assert night.paths == ["/", "/a"]
    assert night.counts("denied") == {"robots_disallowed": 1}


@case("robots.txt comes gzipped, as we said we can read it", "its rule is obeyed")
def test_compressed_robots_is_obeyed(pages: FauxSite, operator: Operator) -> None:
    headers = {"Content-Type": "text/plain", "Content-Encoding": "gzip"}
    pages.reply("/robots.txt", Reply(body=gzip.compress(RULES), headers=headers))
    assert operator.crawl().paths == ["/", "/a"]


@case(
    "robots.txt is 3 MB; a rule ends before 500 KiB, one is cut in two by it, one comes after",
    "the first is obeyed; the half one does not become `Disallow: /`",
)
def test_robots_is_read_as_far_as_500_kib_and_no_half_line(
    pages: FauxSite, operator: Operator
) -> None:
    cut = b"Disallow: /a"
    filler = b"#" * (_LIMIT - len(RULES) - len(cut)) + b"\n"
    assert len(RULES + filler + cut) == _LIMIT + 1
    serve(pages, RULES + filler + cut + b"\nDisallow: /\n" + b"#" * 2_500_000)
    assert operator.crawl().paths == ["/", "/a"]


# --- what the rules mean ------------------------------------------------------------------------


@case(
    "`*` and `$` in rules: /*.pdf$, /*?skriv=, /arkiv*/gammalt",
    "what matches is not asked for; what only looks like it is",
)
def test_wildcards_and_ends_are_understood(site: FauxSite, operator: Operator) -> None:
    site.robots("User-agent: *", "Disallow: /*.pdf$", "Disallow: /*?skriv=", "Disallow: /a*/g")
    paths = ("/b.pdf", "/b.pdf.html", "/c?skriv=1", "/c?x=1", "/arkiv/gammalt", "/arkiv/nytt")
    assert allowed(operator, *paths) == ["/b.pdf.html", "/c?x=1", "/arkiv/nytt"]


@case(
    "Allow and Disallow of the same length, a longer Allow, a longer Disallow",
    "the longest rule wins, and Allow wins a tie",
)
def test_the_longest_rule_wins_and_allow_wins_a_tie(site: FauxSite, operator: Operator) -> None:
    site.robots(
        "User-agent: *",
        *("Disallow: /lika", "Allow: /lika"),
        *("Disallow: /mapp/", "Allow: /mapp/sida"),
        *("Allow: /bok", "Disallow: /bok/utkast"),
    )
    paths = ("/lika", "/mapp/annat", "/mapp/sida", "/bok/1", "/bok/utkast/2")
    assert allowed(operator, *paths) == ["/lika", "/mapp/sida", "/bok/1"]


@pytest.mark.parametrize("token", ["samsok", "SAMSOK", "SamSok"])
@case(
    "a group for `{token}`, and one for `*` that forbids everything",
    "only the group with our name counts, whatever its case",
)
def test_our_own_group_counts_alone_in_any_case(
    pages: FauxSite, operator: Operator, token: str
) -> None:
    pages.robots("User-agent: *", "Disallow: /", "", f"User-agent: {token}", "Disallow: /hemligt")
    assert operator.crawl().paths == ["/", "/a"]


@case("a group for `Samsok/1.0`, with a version", "it is for us: its rule is obeyed")
def test_a_group_that_names_our_version_is_for_us(pages: FauxSite, operator: Operator) -> None:
    pages.robots("User-agent: Samsok/1.0", "Disallow: /hemligt/")
    assert operator.crawl().paths == ["/", "/a"]


@case("groups for `samsokbot`, `googlebot` and `GPTBot`", "they are not for us")
def test_groups_of_others_are_not_for_us(pages: FauxSite, operator: Operator) -> None:
    names = ("samsokbot", "googlebot", "GPTBot")
    pages.robots(*(line for name in names for line in (f"User-agent: {name}", "Disallow: /", "")))
    assert operator.crawl().paths == PATHS


@case(
    "two groups for us, one of them shared with another crawler, with a Sitemap line between",
    "the rules of both are obeyed",
)
def test_several_groups_for_us_are_one(site: FauxSite, operator: Operator) -> None:
    site.robots(
        *("User-agent: other", "User-agent: samsok", "Disallow: /a", ""),
        f"Sitemap: {site.url('/karta.xml')}",
        *("User-agent: samsok", "Disallow: /b"),
    )
    assert allowed(operator, "/a", "/b", "/c") == ["/c"]


@case("`Disallow:` with nothing behind it, under our name", "everything is fetched")
def test_an_empty_disallow_allows_everything(pages: FauxSite, operator: Operator) -> None:
    pages.robots("User-agent: *", "Disallow: /", "", "User-agent: samsok", "Disallow:")
    assert operator.crawl().paths == PATHS


@case("rules before any User-agent line", "they are for nobody: everything is fetched")
def test_rules_for_nobody_are_not_obeyed(pages: FauxSite, operator: Operator) -> None:
    pages.robots("Disallow: /", "User-agent: *", "Disallow: /hemligt/")
    assert operator.crawl().paths == ["/", "/a"]


@pytest.mark.parametrize("rule", ["/å", "/%C3%A5", "/%c3%a5"])
@case("`Disallow: {rule}`, and links to /å raw and percent-encoded", "no form is asked for")
def test_letters_in_a_rule_are_compared_by_what_they_mean(
    site: FauxSite, operator: Operator, rule: str
) -> None:
    site.robots("User-agent: *", f"Disallow: {rule}")
    write(site, "/", "/å/1", "/%C3%A5/2", "/%c3%a5/3", "/b")
    write(site, "/b")
    operator.crawl()
    assert site.requested == ["/robots.txt", "/", "/b"]


@case(
    "a rule of 400 wildcards, and a link of 1 500 letters that almost matches it",
    "the match ends at once: the crawl takes less than 5 s",
)
def test_a_rule_made_to_freeze_the_matcher_does_not(site: FauxSite, operator: Operator) -> None:
    site.robots("User-agent: *", f"Disallow: /{'*a' * 400}*b$", f"Disallow: /{'a*' * 400}b*c")
    path = "/" + "a" * 1500
    assert allowed(operator, path) == [path]


# --- redirects of robots.txt, and which robots.txt is asked -------------------------------------


@case("robots.txt redirects five times, at last to another host", "the rules found are obeyed")
def test_five_redirects_to_robots_are_followed(
    pages: FauxSite, other: FauxSite, operator: Operator
) -> None:
    operator.knows(other)
    pages.redirect("/robots.txt", to="/1", status=302)
    for hop in range(1, 4):
        pages.redirect(f"/{hop}", to=f"/{hop + 1}", status=307)
    pages.redirect("/4", to=other.url("/regler.txt"), status=308)
    other.text("/regler.txt", RULES.decode())
    assert operator.crawl().paths == ["/", "/a"]
    assert other.requested == ["/regler.txt"]


@case("robots.txt redirects six times", "it counts as absent after five: everything is fetched")
def test_after_five_redirects_robots_counts_as_absent(pages: FauxSite, operator: Operator) -> None:
    pages.redirect("/robots.txt", to="/r1")
    for hop in range(1, 6):
        pages.redirect(f"/r{hop}", to=f"/r{hop + 1}")
    pages.text("/r6", "User-agent: *\nDisallow: /\n")
    assert operator.crawl().paths == PATHS
    assert not pages.asked("/r6")


@case("robots.txt redirects to itself", "it counts as absent, and is asked for six times at most")
def test_robots_in_a_circle_counts_as_absent(pages: FauxSite, operator: Operator) -> None:
    pages.redirect("/robots.txt", to="/robots.txt")
    assert operator.crawl().paths == PATHS
    assert len(pages.asked("/robots.txt")) <= 6


@case("robots.txt redirects to nowhere (no Location)", "it counts as absent: all is fetched")
def test_robots_without_a_location_counts_as_absent(pages: FauxSite, operator: Operator) -> None:
    pages.reply("/robots.txt", Reply(status=302))
    assert operator.crawl().paths == PATHS


@case(
    "two hosts in one source, each with rules of its own",
    "each host's own robots.txt is read, once, and holds there only",
)
def test_each_host_has_its_own_robots(pages: FauxSite, other: FauxSite, operator: Operator) -> None:
    operator.knows(other)
    pages.robots("User-agent: *", "Disallow: /hemligt/")
    other.robots("User-agent: *", "Disallow: /a")
    write(pages, "/", "/a", "/hemligt/b", other.url("/a"), other.url("/hemligt/b"))
    write(other, "/a")
    write(other, "/hemligt/b")
    hosts = (f"127.0.0.1:{pages.port}", f"127.0.0.1:{other.port}")
    operator.crawl(hosts=hosts)
    assert sorted(pages.requested) == ["/", "/a", "/robots.txt"]
    assert sorted(other.requested) == ["/hemligt/b", "/robots.txt"]


@case(
    "a page redirects to a host whose robots.txt forbids everything",
    "the target is not asked for",
)
def test_a_redirect_obeys_the_robots_of_its_target(
    pages: FauxSite, other: FauxSite, operator: Operator
) -> None:
    operator.knows(other)
    other.robots("User-agent: *", "Disallow: /")
    write(other, "/dit")
    pages.redirect("/a", to=other.url("/dit"))
    hosts = (f"127.0.0.1:{pages.port}", f"127.0.0.1:{other.port}")
    night = operator.crawl(hosts=hosts)
    assert other.requested == ["/robots.txt"]
    assert night.counts("denied") == {"robots_disallowed": 1}
    assert night.paths == ["/", "/hemligt/b"]


@case("the sitemap that robots.txt names is disallowed by it", "it is not asked for")
def test_a_sitemap_that_robots_disallows_is_not_read(pages: FauxSite, operator: Operator) -> None:
    karta = pages.url("/hemligt/karta.xml")
    pages.robots("User-agent: *", "Disallow: /hemligt/", f"Sitemap: {karta}")
    night = operator.crawl(sitemaps="auto")
    assert pages.requested == ["/robots.txt", "/", "/a"]
    assert night.source.denied["robots_disallowed"].examples[0] == karta


@case(
    "robots.txt forbids on the second night what it allowed on the first",
    "the page is not asked for again, and its document goes at once",
)
def test_a_page_that_robots_forbids_later_is_removed(pages: FauxSite, operator: Operator) -> None:
    assert operator.crawl().paths == PATHS
    serve(pages, RULES)
    night = operator.crawl()
    assert not pages.asked("/hemligt/b")
    assert night.paths == ["/", "/a"]
    assert night.counts("removed") == {"robots_disallowed": 1}


@case(
    "robots.txt answers 500 on the second night and forbids a page on the third",
    "the second night asks for nothing and loses nothing; the third obeys",
)
def test_robots_that_fails_for_a_night_costs_no_document(
    pages: FauxSite, operator: Operator
) -> None:
    operator.crawl()
    answer(pages, Reply(status=500))
    night = operator.crawl()
    assert (night.paths, night.exit_code, pages.pages_requested) == (PATHS, 1, [])
    serve(pages, RULES)
    night = operator.crawl()
    assert (night.paths, night.exit_code) == (["/", "/a"], 0)
