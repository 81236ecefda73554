# ruff: noqa: E501 - the tables read best with one case a row
"""HTML and encodings: what a page is made of, and what it asks of indexers.

Every page hangs on one start page. All of them are crawled at once.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from indexer.crawl.reading import PageReader
from tests.hostile.cases import case
from tests.hostile.crawling import SWIFT, Night, Operator, text, write
from tests.support.faux_site import HTML, FauxSite, Reply

SAID = "Räksmörgås på Ågatan"
PARAGRAPH = f"<h1>Smörgåsar</h1><p>{SAID} är vad vi bjuder på när kommunen kommer hit.</p>"


@dataclass(frozen=True)
class Written:
    """A page as bytes. `outcome` is what its document must say, or "kind reason" if it is none."""

    name: str
    does: str
    body: bytes
    content_type: str = "text/html"
    robots_tag: str = ""
    said: str = SAID
    outcome: str = ""
    asked: tuple[str, ...] = ()
    not_asked: tuple[str, ...] = ()

    @property
    def must(self) -> str:
        """What must happen, in words."""
        parts = [
            f"counted as {self.outcome.replace(' ', ': ')}"
            if self.outcome
            else f"its document says “{self.said}”"
        ]
        parts += [f"{path} is asked for" for path in self.asked]
        parts += [f"{path} is not asked for" for path in self.not_asked]
        return "; ".join(parts)

    def __str__(self) -> str:
        return self.name


def html(main: str = PARAGRAPH, head: str = "") -> str:
    return f'<!doctype html><html lang="sv"><head>{head}<title>x</title></head><body><main>{main}</main></body></html>'


def encoded(name: str, does: str, encoding: str, *, head: str = "", http: str = "") -> Written:
    charset = f"; charset={http}" if http else ""
    return Written(name, does, html(head=head).encode(encoding), f"text/html{charset}")


def meta(name: str, does: str, tags: str, outcome: str = "", *, tag: str = "") -> Written:
    body = html(f"{PARAGRAPH}<a href='/{name}/vidare'>vidare</a>", tags).encode()
    return Written(name, does, body, robots_tag=tag, outcome=outcome, asked=(f"/{name}/vidare",))


def refused(name: str, does: str, tags: str, *, tag: str = "") -> Written:
    """Return a page that asks for its links not to be followed."""
    made = meta(name, does, tags, "skipped noindex", tag=tag)
    return dataclasses.replace(made, asked=(), not_asked=made.asked)


LAUGHS = "".join(f'<!ENTITY l{number} "{f"&l{number - 1};" * 10}">' for number in range(1, 12))
BILLION = f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY l0 "ha">{LAUGHS}]>'

ENCODINGS = [
    encoded("utf-8", "UTF-8, declared nowhere", "utf-8"),
    encoded("cp1252", "windows-1252, declared nowhere", "cp1252"),
    encoded("latin-1-meta", "Latin-1, as its meta says", "latin-1", head='<meta charset="iso-8859-1">'),
    encoded("latin-1-http", "Latin-1, as HTTP says", "latin-1", http="ISO-8859-1"),
    encoded("utf-8-bom", "UTF-8 with a byte order mark; HTTP says Latin-1", "utf-8-sig", http="latin-1"),
    encoded("utf-16", "UTF-16 with a byte order mark", "utf-16"),
    encoded("utf-16-be", "UTF-16BE without a mark, declared nowhere", "utf-16-be"),
    encoded("utf-16-lie", "UTF-8 whose meta claims UTF-16", "utf-8", head='<meta charset="utf-16">'),
    encoded("wrong-utf-8", "windows-1252; HTTP says UTF-8", "cp1252", http="utf-8"),
    encoded("wrong-latin-1", "UTF-8; HTTP says Latin-1", "utf-8", http="iso-8859-1"),
    encoded("wrong-meta", "UTF-8; its meta says windows-1252", "utf-8", head="<meta charset=cp1252>"),
    encoded("klingon", "UTF-8; HTTP says klingon, meta says x-user-defined", "utf-8", http="klingon", head="<meta charset='x-user-defined'>"),
    encoded("idna", "UTF-8; HTTP says idna, a codec of Python", "utf-8", http="idna"),
    encoded("late-meta", "UTF-8; 5 KB of comment before its meta", "utf-8", head=f"<!--{'x' * 5000}--><meta charset=utf-8>"),
    Written("nul-bytes", "UTF-8 with a NUL in every word", html(PARAGRAPH.replace("ö", "\0ö")).encode()),
    Written("nfd", "letters decomposed (NFD)", html(PARAGRAPH.replace("ö", "o\u0308").replace("å", "a\u030a").replace("ä", "a\u0308").replace("Å", "A\u030a")).encode()),
    Written("soft-hyphens", "soft hyphens and zero-width spaces in words", html(PARAGRAPH.replace("ö", "\u00adö\u200b")).encode()),
    Written("references", "letters as references, some beyond Unicode", html(PARAGRAPH.replace("ö", "&#246;").replace("å", "&aring;") + "&#x110000;&#0;&#xD800;&nosuch;").encode()),
    Written("one-bad-byte", "UTF-8, as HTTP says, with one byte that is none", html(PARAGRAPH + "<p>X</p>").encode().replace(b"X", b"\xff"), "text/html; charset=utf-8"),
    Written("one-bad-byte-undeclared", "UTF-8, declared nowhere, with one byte that is none", html(PARAGRAPH + "<p>X</p>").encode().replace(b"X", b"\xff")),
]  # fmt: skip

MONSTERS = [
    Written("nested", "60 000 divs in each other", b"<div>" * 60_000 + html().encode(), outcome="failed parse_limit"),
    Written("attributes", "a tag with 40 000 attributes", b"<p " + b" ".join(b"a%d=1" % n for n in range(40_000)) + b">" + html().encode(), outcome="failed parse_limit"),
    Written("tags", "200 000 tags", html(PARAGRAPH + "<b>x</b>" * 100_000).encode(), outcome="failed parse_limit"),
    Written("large", "2 MB of text", html(PARAGRAPH + "<p>Samverkan är bra för alla som deltar i den.</p>" * 40_000).encode()),
    Written("too-large", "5.5 MB of text", html(PARAGRAPH + "<p>Samverkan är bra.</p>" + "x" * 5_500_000).encode(), outcome="failed parse_limit"),
    Written("long-word", "a word of a million letters", html(PARAGRAPH + f"<p>{'a' * 1_000_000}</p>").encode()),
    Written("long-number", "a number of 300 000 digits, dots and blanks", html(PARAGRAPH + f"<p>{'1' * 100_000} {'1.' * 50_000} {'0 ' * 50_000}</p>").encode()),
    Written("long-mail", "a mail address of 200 000 letters", html(PARAGRAPH + f"<p>{'a' * 100_000}@{'b.' * 50_000}</p>").encode()),
    Written("long-title", "a title of 300 000 letters", html(PARAGRAPH, f"<title>{'Titel ' * 50_000}</title>").encode()),
    Written("open-comment", "a comment that is never closed, behind the text", html(PARAGRAPH).encode() + b"<!-- " + b"- -" * 100_000),
    Written("open-comments", "50 000 comments that are never closed", html(PARAGRAPH).encode() + b"<!--" * 50_000),
    Written("open-script", "a script that is never closed, behind the text", html(PARAGRAPH).encode() + b"<script>" + b"if (a </ b) " * 20_000),
    Written("less-than", "90 000 times `<` and a blank", html(PARAGRAPH).encode() + b"< " * 90_000),
    Written("tables", "2 000 tables side by side, half of them unclosed", html(PARAGRAPH + "<table><tr><td>x" * 40 + "<table><tr><td>x</table>" * 1900).encode()),
    Written("misnested", "20 000 misnested b and i", html(PARAGRAPH + "<b><i></b></i>" * 20_000).encode()),
    Written("json-ld", "JSON-LD nested 50 000 deep", html(PARAGRAPH, f'<script type="application/ld+json">{"[" * 50_000}</script>').encode()),
    Written("json-ld-broken", "JSON-LD with types that are none", html(PARAGRAPH, '<script type="application/ld+json">[null, 1, {"@type": [1, {}], "name": {}, "author": [[]], "datePublished": 1e999}]</script>').encode()),
    Written("laughs", "XHTML that would expand to 10^11 laughs", f"{BILLION}<html xmlns='http://www.w3.org/1999/xhtml'><body>{PARAGRAPH}<p>&l11;</p></body></html>".encode(), "application/xhtml+xml"),
    Written("entity", "XHTML whose entity is /etc/passwd", f'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><body>{PARAGRAPH}<p>&x;</p></body></html>'.encode(), "application/xhtml+xml"),
    Written("dtd", "XHTML whose DTD is on another page", f'<!DOCTYPE html SYSTEM "/dtd/spion"><html><body>{PARAGRAPH}</body></html>'.encode(), "application/xhtml+xml", not_asked=("/dtd/spion",)),
    Written("nothing", "tags and no text", b"<html><body><div><img src=x></div></body></html>", outcome="skipped empty_text"),
    Written("dates", "dates that are none: 99999-99-99, 31 februari, year 0", html(PARAGRAPH + "<time datetime='99999-99-99'>x</time><p>Senast uppdaterad 31 februari 0000</p>", '<meta property="article:published_time" content="-1">').encode()),
]  # fmt: skip

ASKED = [
    meta("noindex", "meta robots: noindex", '<meta name="robots" content="noindex">', "skipped noindex"),
    meta("noindex-case", "META ROBOTS: NOINDEX , FOLLOW", '<META NAME="ROBOTS" CONTENT=" NOINDEX , FOLLOW ">', "skipped noindex"),
    meta("noindex-samsok", "meta samsok: noindex", '<meta name="samsok" content="noindex">', "skipped noindex"),
    meta("noindex-body", "meta robots: noindex, in the body behind a paragraph", "</head><body><p>x</p><meta name='robots' content='noindex'>", "skipped noindex"),
    refused("none", "meta robots: none", '<meta name="robots" content="none">'),
    refused("two-metas", "two metas: noindex and nofollow", '<meta name="robots" content="noindex"><meta name="robots" content="nofollow">'),
    meta("googlebot", "meta googlebot: noindex", '<meta name="googlebot" content="noindex">'),
    meta("index", "meta robots: index, follow, max-snippet:-1", '<meta name="robots" content="index, follow, max-snippet:-1">'),
    meta("tag", "X-Robots-Tag: noindex", "", "skipped noindex", tag="noindex"),
    meta("tag-case", "X-Robots-Tag: NoArchive, NoIndex", "", "skipped noindex", tag="NoArchive, NoIndex"),
    meta("tag-samsok", "X-Robots-Tag: samsok: noindex", "", "skipped noindex", tag="samsok: noindex"),
    meta("tag-second", "two X-Robots-Tag, the second one noindex", "", "skipped noindex", tag="noarchive\nnoindex"),
    meta("tag-second-agent", "X-Robots-Tag: googlebot: nofollow, then samsok: noindex", "", "skipped noindex", tag="googlebot: nofollow\nsamsok: noindex"),
    meta("tag-for-others-too", "X-Robots-Tag: googlebot: nosnippet, then noindex", "", "skipped noindex", tag="googlebot: nosnippet\nnoindex"),
    refused("tag-none", "X-Robots-Tag: none", "", tag="none"),
    meta("tag-googlebot", "X-Robots-Tag: googlebot: noindex", "", tag="googlebot: noindex"),
    meta("tag-later", "X-Robots-Tag: unavailable_after a day in 2100", "", tag="unavailable_after: 25 Jun 2100 15:00:00 GMT"),
    meta("noscript-meta", "meta robots: noindex inside noscript", "<noscript><meta name='robots' content='noindex'></noscript>", "skipped noindex"),
]  # fmt: skip

PAGES = ENCODINGS + MONSTERS + ASKED


@pytest.fixture(scope="module")
def crawled(
    tmp_path_factory: pytest.TempPathFactory, reader: PageReader
) -> Iterator[tuple[FauxSite, Night]]:
    """One crawl of all the pages. Each has a word of its own, or they would be duplicates."""
    with FauxSite() as site:
        write(site, "/", *(f"/{page}" for page in PAGES))
        for page in PAGES:
            headers = {"Content-Type": page.content_type}
            if page.robots_tag:
                headers["X-Robots-Tag"] = page.robots_tag
            site.reply(f"/{page}", Reply(body=marked(page), headers=headers))
        operator = Operator(site, tmp_path_factory.mktemp("pages"), reader)
        http = dataclasses.replace(SWIFT, max_body_mb=8.0)
        with operator.store:
            yield site, operator.crawl(http=http)


def marked(page: Written) -> bytes:
    """Return the body with the page's name in it, in whatever encoding it is."""
    word, mark = "bjuder", f"bjuder-{page.name}"
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        if word.encode(encoding) in page.body:
            return page.body.replace(word.encode(encoding), mark.encode(encoding))
    return page.body


@pytest.mark.parametrize("page", PAGES, ids=str)
@case("a page in HTML: {page.does}", "{page.must}")
def test_a_page_is_what_it_should_be(crawled: tuple[FauxSite, Night], page: Written) -> None:
    site, night = crawled
    path = f"/{page}"
    assert len(site.asked(path)) == 1
    for wanted in page.asked:
        assert site.asked(wanted)
    for unwanted in page.not_asked:
        assert not site.asked(unwanted)
    kind, _, reason = page.outcome.partition(" ")
    if kind:
        assert path not in night.documents
        assert site.url(path) in getattr(night.source, kind)[reason].examples
    else:
        assert page.said in night.text(path)
        assert "root:" not in night.text(path)


@case(
    "all these pages together", "the crawl takes less than 30 s, and nothing fails but parse_limit"
)
def test_no_page_freezes_the_crawl(crawled: tuple[FauxSite, Night]) -> None:
    site, night = crawled
    assert night.seconds < 30
    expected = sum(page.outcome == "failed parse_limit" for page in PAGES)
    vidare = sum(len(page.asked) for page in PAGES)
    assert night.counts("failed") == {"parse_limit": expected, "http_404": vidare}
    assert len(site.pages_requested) == 1 + len(PAGES) + vidare


# --- canonical ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("href", "stored"),
    [
        ("/p", "/p"),
        ("/p?utm_source=x#topp", "/p"),
        ("https://www.example.org/p", "/p?a=1"),
        ("/annat/p", "/p?a=1"),
        ("javascript:alert(1)", "/p?a=1"),
        ("", "/p?a=1"),
        ("http://[", "/p?a=1"),
    ],
)
@case("/p?a=1 says its canonical URL is `{href}`; /annat/ is denied", "it is stored as {stored}")
def test_a_canonical_is_believed_inside_the_source(
    site: FauxSite, operator: Operator, href: str, stored: str
) -> None:
    write(site, "/", "/p?a=1")
    write(site, "/p?a=1", head=f'<link rel="canonical" href="{href}">')
    write(site, "/p", head='<link rel="canonical" href="/p">')
    night = operator.crawl(deny=("/annat/**",))
    assert night.paths == ["/", stored]


@case("/a says it is /b, and /b says it is /a", "at least one document, at most two; nothing twice")
def test_canonicals_in_a_ring_lose_no_page(site: FauxSite, operator: Operator) -> None:
    write(site, "/", "/a", "/b")
    write(site, "/a", head='<link rel="canonical" href="/b">')
    write(site, "/b", head='<link rel="canonical" href="/a">')
    for _ in range(3):
        night = operator.crawl()
        assert {"/", "/a"} <= set(night.paths) or {"/", "/b"} <= set(night.paths)
        assert max(site.times.values()) == 1


@case("a canonical chain: /a says /b, /b says /c, /c says nothing", "every page is read once")
def test_a_chain_of_canonicals_is_followed_once(site: FauxSite, operator: Operator) -> None:
    write(site, "/", "/a")
    write(site, "/a", head='<link rel="canonical" href="/b">')
    write(site, "/b", head='<link rel="canonical" href="/c">')
    write(site, "/c")
    night = operator.crawl()
    assert "/c" in night.paths
    assert max(site.times.values()) == 1


@case(
    "/a says its canonical URL is /dead, which answers 404",
    "the page is not lost: its text is found, night after night",
)
def test_a_canonical_that_is_dead_does_not_cost_the_page(
    site: FauxSite, operator: Operator
) -> None:
    write(site, "/", "/a")
    write(site, "/a", head='<link rel="canonical" href="/dead">')
    for _ in range(4):
        night = operator.crawl()
        assert [one.title for one in night.documents.values()].count("/a") == 1


@case("a hundred pages all say that they are the start page", "one document; each is read once")
def test_a_site_whose_pages_all_claim_to_be_the_start_page(
    site: FauxSite, operator: Operator
) -> None:
    paths = [f"/{number}" for number in range(40)]
    write(site, "/", *paths, head='<link rel="canonical" href="/">')
    for path in paths:
        write(site, path, head='<link rel="canonical" href="/">')
    night = operator.crawl()
    assert night.paths == ["/"]
    assert night.documents["/"].title == "/"
    assert night.counts("skipped")["duplicate"] == 40


@case(
    "two pages that differ in a visitor counter only",
    "two documents or one; each is asked for once",
)
def test_pages_that_differ_by_a_counter_are_read_once(site: FauxSite, operator: Operator) -> None:
    write(site, "/", "/a", "/b")
    for path, count in (("/a", 1041), ("/b", 1042)):
        site.page(path, html=text("samma") + f"<p>Besökare nummer {count}</p>", title="Samma")
    night = operator.crawl()
    assert len(night.paths) in {2, 3}
    assert max(site.times.values()) == 1


@case("`text/plain` that is HTML", "it is read as text; its links are none")
def test_text_is_not_read_as_html(site: FauxSite, operator: Operator) -> None:
    write(site, "/", "/a")
    site.text("/a", '<a href="/spion">länk</a> text')
    night = operator.crawl()
    assert night.paths == ["/", "/a"]
    assert not site.asked("/spion")


@case(
    "a frameset with a noframes part",
    "the noframes part is the page; nothing fails",
)
def test_a_frameset_is_read_as_far_as_it_has_text(site: FauxSite, operator: Operator) -> None:
    write(site, "/", "/a")
    frames = '<frameset><frame src="/b"><noframes><p>Här finns text om samverkan.</p></noframes></frameset>'
    site.reply("/a", Reply(body=f"<html>{frames}</html>".encode(), headers={"Content-Type": HTML}))
    assert operator.crawl().counts("failed") == {}
